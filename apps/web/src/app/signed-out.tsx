import type { Session } from '@gatehouse/api'
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { sayName } from '../components/say-name.ts'
import { client, queryClient } from './client.ts'
import { sessionQuery, useAnother, useSession } from './session.ts'
import { resumeSession, useSessionEnd } from './session-end.ts'

/** Escape is for the dialog that may stand below, and that one is to stay. */
const KEEPS_ESCAPE = { 'data-mantine-stop-propagation': 'true' }
const LOOK_MS = 2_000

type User = Session['user']

/** Stands before the page when its sign-in has ended or is somebody else's, until the same person has signed in again. */
export function SignedOut() {
  const hasEnded = useSessionEnd()
  const openedBy = useSession()?.user
  const another = useAnother()
  useSignInsElsewhere(openedBy?.id)
  const other = useWhoCame(openedBy, hasEnded) ?? another
  useEffect(() => {
    // What was read meanwhile was read as somebody else.
    if (another) return () => void queryClient.invalidateQueries()
    return undefined
  }, [another])
  if (!hasEnded && !another) return null
  return (
    <Modal
      opened
      onClose={() => undefined}
      title={
        <span className="wrap clamp">
          {other ? `You are signed in as ${sayName(other.name)} now` : 'Your sign-in has ended'}
        </span>
      }
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      zIndex={1000}
      // What the page shows is not for whoever comes by.
      overlayProps={{ backgroundOpacity: 1, color: 'var(--mantine-color-body)' }}
      attributes={{ header: { role: 'none' }, content: KEEPS_ESCAPE }}
    >
      {other ? <Another user={other} before={openedBy} /> : <Ways before={openedBy} />}
    </Modal>
  )
}

/** A sign-in counts for all windows of a browser, so the one that reads of it tells the others, who look for themselves. */
function useSignInsElsewhere(id: string | undefined): void {
  useEffect(() => {
    if (id === undefined) return undefined
    const look = (): void => void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey })
    const channel = new BroadcastChannel('gatehouse.signed-in')
    channel.postMessage(id)
    channel.addEventListener('message', look)
    // Not every page that one signs in at is one of ours.
    window.addEventListener('focus', look)
    return () => {
      channel.close()
      window.removeEventListener('focus', look)
    }
  }, [id])
}

/** Goes on where the same person has signed in after the end, and says who else has. */
function useWhoCame(before: User | undefined, hasEnded: boolean): User | undefined {
  const { data: now } = useQuery({
    enabled: hasEnded,
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
  return hasEnded && now && before && now.id !== before.id ? now : undefined
}

function Another({ user, before }: { readonly user: User; readonly before: User | undefined }) {
  return (
    <Stack>
      <Text size="sm" className="wrap">
        {before?.name} opened this page, and somebody has signed in in another window since. What is typed here is not
        for {user.name}: reloading the page forgets it. It goes on by itself once {before?.name} is signed in again.
      </Text>
      <Group>
        <Button data-autofocus onClick={() => window.location.reload()} {...KEEPS_ESCAPE}>
          Reload the page
        </Button>
      </Group>
    </Stack>
  )
}

function Ways({ before }: { readonly before: User | undefined }) {
  return (
    <Stack>
      <Text size="sm" className="wrap">
        Nothing of the page is lost. Sign in in another window
        {before && <> as {before.name}</>}, and this one goes on by itself.
      </Text>
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
