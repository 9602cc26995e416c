import type { OwnSessionView } from '@gatehouse/api'
import { Badge, Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { IconBrowser, IconTerminal2 } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { Confirm } from '../../components/confirm.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { TableSkeleton } from '../../components/table-skeleton.tsx'
import { Empty } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { Time } from '../../components/time.tsx'
import { showToast } from '../../components/toasts.tsx'
import { SESSIONS, sessionsQuery } from './account-query.ts'

/** Where one is signed in: browsers, and command lines with their tokens. */
export function Sessions() {
  const query = useInfiniteQuery(sessionsQuery)
  const heading = useRef<HTMLHeadingElement>(null)
  const reread = (words: string): void => {
    showToast(words)
    void queryClient.invalidateQueries({ queryKey: SESSIONS })
    // What was pressed is gone with its row.
    heading.current?.focus()
  }
  return (
    <section aria-labelledby="sessions">
      <Group justify="space-between" mb="sm">
        <Title order={2} id="sessions" ref={heading} tabIndex={-1}>
          Where you are signed in
        </Title>
        <EndOthers sessions={query.data} onDone={reread} />
      </Group>
      <Loaded query={query} like={<TableSkeleton />}>
        {(sessions) => (
          <Stack>
            <SessionTable
              title="Browsers"
              sessions={sessions.filter(({ kind }) => kind === 'web')}
              empty="No browser."
              onEnded={reread}
            />
            <SessionTable
              title="Command lines"
              sessions={sessions.filter(({ kind }) => kind === 'cli')}
              empty="No command line is signed in. “tsh login” signs one in and gives it a token."
              onEnded={reread}
            />
            {query.hasNextPage && (
              <Button
                variant="default"
                style={{ alignSelf: 'flex-start' }}
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                Show more
              </Button>
            )}
          </Stack>
        )}
      </Loaded>
    </section>
  )
}

interface TableProps {
  readonly title: string
  readonly sessions: readonly OwnSessionView[]
  readonly empty: string
  readonly onEnded: (words: string) => void
}

function SessionTable({ title, sessions, empty, onEnded }: TableProps) {
  const end = useMutation({
    mutationFn: ({ id }: OwnSessionView) => client.endSession({ params: { id } }),
    onSuccess: (_, session) => onEnded(`Signed out: ${nameOf(session)}.`),
  })
  return (
    <section aria-label={title}>
      <Title order={3} mb="xs">
        {title}
      </Title>
      {end.isError && <Problem error={end.error} />}
      {sessions.length === 0 ? (
        <Empty>{empty}</Empty>
      ) : (
        <div className="table-frame">
          <Table aria-label={title} layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Where</Table.Th>
                <Table.Th visibleFrom="sm" w="18%">
                  Signed in
                </Table.Th>
                <Table.Th visibleFrom="sm" w="18%">
                  Last used
                </Table.Th>
                <Table.Th w="26%">Ends</Table.Th>
                <Table.Td w={92} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sessions.map((session) => (
                <Table.Tr key={session.id}>
                  <Table.Td>
                    <Where session={session} />
                  </Table.Td>
                  <Table.Td visibleFrom="sm">
                    <Time at={session.createdAt} />
                  </Table.Td>
                  <Table.Td visibleFrom="sm">
                    <Time at={session.lastSeenAt} />
                  </Table.Td>
                  <Table.Td>
                    <Ends session={session} />
                  </Table.Td>
                  <Table.Td ta="right">
                    {!session.isThis && (
                      <Button
                        variant="default"
                        size="compact-sm"
                        loading={end.isPending && end.variables.id === session.id}
                        aria-label={`Sign out ${nameOf(session)}`}
                        onClick={() => end.mutate(session)}
                      >
                        Sign out
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </section>
  )
}

function nameOf({ kind, machine, address }: OwnSessionView): string {
  if (kind === 'web') return machine ?? `the browser at ${address ?? 'an unknown address'}`
  return `the command line ${machine === undefined ? `at ${address ?? 'an unknown address'}` : `on ${machine}`}`
}

function Where({ session }: { readonly session: OwnSessionView }) {
  const { kind, machine, address, isThis, assumed } = session
  const Icon = kind === 'web' ? IconBrowser : IconTerminal2
  return (
    <Stack gap={2} align="flex-start">
      <Group gap={6}>
        <Group gap={6} wrap="nowrap">
          <Icon size={16} aria-hidden style={{ flex: 'none' }} />
          <span className="wrap">{machine ?? address ?? 'not known'}</span>
        </Group>
        {isThis && (
          <Badge color="gray" style={{ flex: 'none' }}>
            this one
          </Badge>
        )}
      </Group>
      {machine !== undefined && address !== undefined && (
        <Text size="xs" c="dimmed" className="wrap">
          {address}
        </Text>
      )}
      {/* Where there is no room for columns of their own. */}
      <Text size="xs" c="dimmed" hiddenFrom="sm">
        signed in <Time at={session.createdAt} />, last used <Time at={session.lastSeenAt} />
      </Text>
      {assumed.map(({ id, roles }) => (
        <PageLink key={id} to="/requests/$id" params={{ id }} size="xs" className="wrap">
          has assumed {roles.length === 0 ? 'a request' : roles.join(', ')}
        </PageLink>
      ))}
    </Stack>
  )
}

/** Whichever comes first. */
function Ends({ session: { idleUntil, validUntil } }: { readonly session: OwnSessionView }) {
  if (Date.parse(idleUntil) >= Date.parse(validUntil)) return <Time at={validUntil} />
  return (
    <>
      <Time at={idleUntil} /> unless it is used
    </>
  )
}

function EndOthers({
  sessions,
  onDone,
}: {
  readonly sessions: readonly OwnSessionView[] | undefined
  readonly onDone: (words: string) => void
}) {
  const [isOpen, setOpen] = useState(false)
  const hasOthers = sessions?.some(({ isThis }) => !isThis) ?? false
  return (
    <>
      <Button variant="default" disabled={!hasOthers} onClick={() => setOpen(true)}>
        Sign out all others
      </Button>
      <Confirm
        opened={isOpen}
        onClose={() => setOpen(false)}
        title="Sign out everywhere but here?"
        verb="Sign out all others"
        run={() => client.endOtherSessions({})}
        onDone={() => onDone('All your other sessions have ended.')}
      >
        <Text size="sm">
          Every other browser and every command line is signed out at once, and has to sign in again. What AWS has given
          you goes on.
        </Text>
      </Confirm>
    </>
  )
}
