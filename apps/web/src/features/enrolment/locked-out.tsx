import type { EnrolmentView } from '@gatehouse/api'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import type { Column } from '../../components/data-table.tsx'
import { Empty } from '../../components/page.tsx'
import { formatCount } from '../../components/format-count.ts'
import { PagedTable } from '../../components/paged-table.tsx'
import { RolesInput } from '../../components/pickers.tsx'
import { Problem } from '../../components/problem.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Time } from '../../components/time.tsx'
import { AskForLinks } from './ask-for-links.tsx'
import { lockedOutQuery } from './enrolment-query.ts'
import { forgetLinks, keepLinks, LinksDialog, useLinks } from './one-time-links.tsx'

const route = getRouteApi('/organizations/$name/enrolment/$step')

type Person = Awaited<ReturnType<typeof client.listLockedOut>>['items'][number]

/** Who has a user in Identity Center and could not sign in here today, with a way in for each. */
export function LockedOut({ enrolment: { name, given } }: { readonly enrolment: EnrolmentView }) {
  if (given.region === undefined || given.instanceArn === undefined || given.roleArn === undefined)
    return <Text size="sm">Who would be locked out is known once the role of the first step is given.</Text>
  return <People name={name} />
}

const DEFAULT_ROLES = ['access']

interface Wanted {
  readonly users: readonly string[]
  readonly left: number
}

function People({ name }: { readonly name: string }) {
  const { search } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(lockedOutQuery(name, search))
  const [roles, setRoles] = useState<readonly string[]>(DEFAULT_ROLES)
  const links = useLinks(name)
  const [dialog, setDialog] = useState<'question' | 'links'>()
  const invite = useMutation({
    mutationFn: ({ users }: Wanted) =>
      client.inviteLockedOut({ params: { name }, body: { users: [...users], roles: [...roles] } }),
    onSuccess(made, { left }) {
      keepLinks(name, made, left)
      setDialog('links')
      return queryClient.invalidateQueries({ queryKey: ['enrolment-preview', name, 'locked-out'] })
    },
  })
  const first = query.data?.pages[0]
  const ask = (): void => {
    invite.reset()
    setDialog('question')
  }
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
              onSearch={(text) =>
                void navigate({ replace: true, resetScroll: false, search: (now) => ({ ...now, search: text }) })
              }
            />
            <Button variant="default" disabled={invite.isPending || first.found === 0} onClick={ask}>
              {search === undefined
                ? 'Make links for everybody'
                : `Make links for the ${formatCount(first.found)} found`}
            </Button>
          </Group>
        </>
      )}
      {links.items.length > 0 && (
        <Group>
          <Button onClick={() => setDialog('links')}>
            Show {links.items.length === 1 ? 'the link' : `${formatCount(links.items.length)} links`}
          </Button>
          <Text size="sm">Made, and nobody has said yet that they are given.</Text>
        </Group>
      )}
      {invite.isError && dialog === undefined && <Problem error={invite.error} />}
      {(first === undefined || first.lockedOut > 0) && (
        <PagedTable
          query={{ ...query, data: query.data?.pages.flatMap(({ items }) => items) }}
          label="People who could not sign in"
          noun={['person', 'people']}
          total={first?.found}
          columns={columns((user) => invite.mutate({ users: [user], left: 0 }), invite.isPending)}
          idOf={({ userName }) => userName}
          empty={<Empty>Nobody of that name could not sign in.</Empty>}
        />
      )}
      {dialog === 'question' && (
        <AskForLinks
          name={name}
          search={search}
          roles={roles}
          links={links}
          isBusy={invite.isPending}
          error={invite.error}
          onClose={() => setDialog(undefined)}
          onMake={(users, left) => invite.mutate({ users, left })}
        />
      )}
      <LinksDialog
        links={links}
        opened={dialog === 'links'}
        onClose={() => setDialog(undefined)}
        onMore={ask}
        onGiven={() => {
          forgetLinks(name)
          setDialog(undefined)
        }}
      />
    </Stack>
  )
}

const columns = (onLink: (user: string) => void, isBusy: boolean): readonly Column<Person>[] => [
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
          onClick={() => onLink(userName)}
        >
          Make link
        </Button>
      ),
  },
]
