import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { client, queryClient } from './client.ts'
import { sessionQuery, useSession } from './session.ts'
import { resumeSession, useSessionEnd } from './session-end.ts'

/** Escape is for the dialog that may stand below, and that one is to stay. */
const KEEPS_ESCAPE = { 'data-mantine-stop-propagation': 'true' }
const LOOK_MS = 2_000

/** Stands before the page when the sign-in has ended, until the same person has signed in again. */
export function SignedOut() {
  const hasEnded = useSessionEnd()
  return (
    <Modal
      opened={hasEnded}
      onClose={() => undefined}
      title="Your sign-in has ended"
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      zIndex={1000}
      // What the page shows is not for whoever comes by.
      overlayProps={{ backgroundOpacity: 1, color: 'var(--mantine-color-body)' }}
      attributes={{ header: { role: 'none' }, content: KEEPS_ESCAPE }}
    >
      <Ways />
    </Modal>
  )
}

function Ways() {
  const before = useSession()?.user
  const { data: now } = useQuery({
    queryKey: ['signed-in-again'],
    queryFn: async ({ signal }) => {
      const session = await client.getMe({}, signal).catch(() => undefined) // nobody, or no server
      if (session && (before === undefined || session.user.id === before.id)) resume(session)
      return session?.user ?? null
    },
    refetchInterval: LOOK_MS,
    refetchOnWindowFocus: 'always',
    gcTime: 0,
  })
  return (
    <Stack>
      <Text size="sm" className="wrap">
        Nothing of the page is lost. Sign in in another window
        {before && <> as {before.name}</>}, and this one goes on by itself.
      </Text>
      {now && before && now.id !== before.id && (
        <Text size="sm" className="wrap warn" role="alert">
          {now.name} is signed in in this browser now. What {before.name} typed is not for {now.name}: reloading the
          page forgets it.
        </Text>
      )}
      <Group>
        <Button
          component="a"
          href="/sign-in?return=%2F"
          target="_blank"
          rel="noopener"
          data-autofocus
          {...KEEPS_ESCAPE}
        >
          Sign in
        </Button>
        <Button variant="default" onClick={() => window.location.reload()} {...KEEPS_ESCAPE}>
          Reload the page
        </Button>
      </Group>
    </Stack>
  )
}

function resume(session: Awaited<ReturnType<typeof client.getMe>>): void {
  queryClient.setQueryData(sessionQuery.queryKey, session)
  resumeSession()
  void queryClient.invalidateQueries()
}
