import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core'
import { skipToken, useQuery } from '@tanstack/react-query'
import { type client, queryClient } from '../../app/client.ts'
import { Copy } from '../../components/copy.tsx'
import { formatCount } from '../../components/format-count.ts'
import { save } from '../../components/save.ts'
import { Time } from '../../components/time.tsx'

type Invited = Awaited<ReturnType<typeof client.inviteLockedOut>>

export interface Links extends Pick<Invited, 'items' | 'failed'> {
  /** Who has none yet of those for whom links were made last. */
  readonly left: number
}

const NONE: Links = { items: [], failed: [], left: 0 }
const keyOf = (name: string) => ['one-time-links', name]

/** Nobody can look at a link again, so they stay in this window until somebody says that they are given. */
export const useLinks = (name: string): Links =>
  useQuery<Links>({ queryKey: keyOf(name), queryFn: skipToken, gcTime: Infinity }).data ?? NONE

/** A newer link of the same person takes the place of the older one. */
export function keepLinks(name: string, { items, failed }: Invited, left: number): void {
  queryClient.setQueryData<Links>(keyOf(name), (before = NONE) => {
    const newer = new Set(items.map(({ user }) => user))
    return { items: [...items, ...before.items.filter(({ user }) => !newer.has(user))], failed, left }
  })
}

export const forgetLinks = (name: string): void => {
  queryClient.setQueryData<Links>(keyOf(name), NONE)
}

export function LinksDialog({
  links,
  opened,
  onClose,
  onMore,
  onGiven,
}: {
  readonly links: Links
  readonly opened: boolean
  readonly onClose: () => void
  readonly onMore: () => void
  readonly onGiven: () => void
}) {
  const { items, failed, left } = links
  const lines = items.map(({ user, url }) => `${user}\t${url}`).join('\n')
  const last = items.at(-1)
  return (
    <Modal opened={opened} onClose={onClose} size="xl" title="Give everybody his own link" closeOnClickOutside={false}>
      <Stack>
        <Text size="sm">
          This window shows them until you say that they are given, or reload it; nobody can look at them later.{' '}
          {last && (
            <>
              The first of them ends <Time at={last.expiresAt} />.
            </>
          )}
        </Text>
        {items.length > 0 && <LinkTable items={items} />}
        {failed.map(({ user, message }) => (
          <Text key={user} size="sm" className="wrap loss">
            {user}: {message}
          </Text>
        ))}
        <Group>
          {items.length > 0 && (
            <Button
              variant="default"
              onClick={() => save(new Blob([`${lines}\n`], { type: 'text/plain' }), 'links.txt')}
            >
              Save as a file
            </Button>
          )}
          {left > 0 && <Button onClick={onMore}>Make more links: {formatCount(left)} have none</Button>}
          <Button variant="default" onClick={onGiven}>
            They are given
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function LinkTable({ items }: Pick<Links, 'items'>) {
  return (
    <section className="table-frame tall" aria-label="One-time links" tabIndex={0}>
      <Table miw={520} aria-label="One-time links">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>User</Table.Th>
            <Table.Th>Link</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map(({ user, created, url }) => (
            <Table.Tr key={user}>
              <Table.Td className="wrap">
                {user}{' '}
                {created && (
                  <Text span size="xs" c="dimmed">
                    new
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <Copy text={url} what={`the link for ${user}`} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}
