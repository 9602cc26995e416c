import type { EnrolmentView } from '@gatehouse/api'
import { Alert, Button, Group, Modal, Stack, Table, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { Copy } from '../../components/copy.tsx'
import type { Column } from '../../components/data-table.tsx'
import { Empty } from '../../components/page.tsx'
import { formatCount, PagedTable } from '../../components/paged-table.tsx'
import { RolesInput } from '../../components/pickers.tsx'
import { Problem } from '../../components/problem.tsx'
import { save } from '../../components/save.ts'
import { SearchField } from '../../components/search-field.tsx'
import { Time } from '../../components/time.tsx'
import { lockedOutQuery } from './enrolment-query.ts'

const route = getRouteApi('/organizations/$name/enrolment/$step')

type Person = Awaited<ReturnType<typeof client.listLockedOut>>['items'][number]
type Links = Awaited<ReturnType<typeof client.inviteLockedOut>>

/** Who has a user in Identity Center and could not sign in here today, with a way in for each. */
export function LockedOut({ enrolment: { name, given } }: { readonly enrolment: EnrolmentView }) {
  if (given.region === undefined || given.instanceArn === undefined || given.roleArn === undefined)
    return <Text size="sm">Who would be locked out is known once the role of the first step is given.</Text>
  return <People name={name} />
}

const DEFAULT_ROLES = ['access']

function People({ name }: { readonly name: string }) {
  const { search } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(lockedOutQuery(name, search))
  const [roles, setRoles] = useState<readonly string[]>(DEFAULT_ROLES)
  const invite = useMutation({
    mutationFn: (users: readonly string[] | 'all') =>
      client.inviteLockedOut({
        params: { name },
        body: users === 'all' ? { all: true, roles: [...roles] } : { users: [...users], roles: [...roles] },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['enrolment-preview', name, 'locked-out'] }),
  })
  const first = query.data?.pages[0]
  const makeLinks = (users: readonly string[] | 'all'): void => invite.mutate(users)
  return (
    <Stack gap="sm" component="section" aria-label="Who would be locked out">
      {first && (
        <Alert
          color={first.lockedOut === 0 ? 'green' : 'yellow'}
          icon={<IconInfoCircle aria-hidden />}
          title={
            first.lockedOut === 0
              ? `All ${formatCount(first.users)} people of Identity Center could sign in here today.`
              : `${formatCount(first.lockedOut)} of ${formatCount(first.users)} people of Identity Center could not sign in here today.`
          }
        >
          <Text size="sm">
            Read <Time at={first.readAt} />. A one-time link lets somebody set a password; it makes the user if there is
            none.
          </Text>
        </Alert>
      )}
      {first !== undefined && first.lockedOut > 0 && (
        <>
          <RolesInput label="Roles of users who are made" value={roles} onChange={setRoles} />
          <Group justify="space-between">
            <SearchField
              label="Search people by name"
              value={search}
              onSearch={(text) => void navigate({ replace: true, search: (now) => ({ ...now, search: text }) })}
            />
            <Button variant="default" loading={invite.isPending} onClick={() => makeLinks('all')}>
              Make links for everybody
            </Button>
          </Group>
        </>
      )}
      {invite.isError && <Problem error={invite.error} />}
      {(first === undefined || first.lockedOut > 0) && (
        <PagedTable
          query={{ ...query, data: query.data?.pages.flatMap(({ items }) => items) }}
          label="People who could not sign in"
          noun={['person', 'people']}
          total={first?.found}
          columns={columns(makeLinks, invite.isPending)}
          idOf={({ userName }) => userName}
          empty={<Empty>Nobody of that name could not sign in.</Empty>}
        />
      )}
      <Modal
        opened={invite.isSuccess}
        onClose={() => invite.reset()}
        size="xl"
        title="Give everybody his own link"
        closeOnClickOutside={false}
      >
        {invite.data && <LinkList links={invite.data} onMore={() => makeLinks('all')} />}
      </Modal>
    </Stack>
  )
}

const columns = (onLink: (users: readonly string[]) => void, isBusy: boolean): readonly Column<Person>[] => [
  {
    id: 'user',
    title: 'User name in AWS',
    cell: ({ userName, displayName }) => <span title={displayName}>{userName}</span>,
  },
  { id: 'why', title: 'Why not', cell: ({ message }) => <span title={message}>{message}</span> },
  {
    id: 'link',
    title: 'Link',
    isTitleHidden: true,
    width: 110,
    cell: ({ userName, linkHelps }) =>
      linkHelps && (
        <Button
          size="compact-xs"
          variant="default"
          disabled={isBusy}
          aria-label={`Make link for ${userName}`}
          onClick={() => onLink([userName])}
        >
          Make link
        </Button>
      ),
  },
]

/** Shown once: nobody can look at a link again. */
function LinkList({
  links: { items, failed, remaining },
  onMore,
}: {
  readonly links: Links
  readonly onMore: () => void
}) {
  const lines = items.map(({ user, url }) => `${user}\t${url}`).join('\n')
  const [ends] = items
  return (
    <Stack>
      <Text size="sm">
        The links are shown this once.{' '}
        {ends && (
          <>
            They end <Time at={ends.expiresAt} />.
          </>
        )}
      </Text>
      {items.length > 0 && (
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
      )}
      {failed.map(({ user, message }) => (
        <Text key={user} size="sm" className="wrap loss">
          {user}: {message}
        </Text>
      ))}
      <Group>
        {items.length > 0 && (
          <Button variant="default" onClick={() => save(new Blob([`${lines}\n`], { type: 'text/plain' }), 'links.txt')}>
            Save as a file
          </Button>
        )}
        {remaining > 0 && <Button onClick={onMore}>Make the next of {formatCount(remaining)}</Button>}
      </Group>
    </Stack>
  )
}
