import type { EnrolmentView } from '@gatehouse/api'
import { Alert, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { client } from '../../app/client.ts'
import { PLACE_COLUMNS, Side, STANDING_COLUMNS } from '../../components/account-columns.tsx'
import type { Column } from '../../components/data-table.tsx'
import { Empty } from '../../components/page.tsx'
import { formatCount } from '../../components/format-count.ts'
import { PagedTable } from '../../components/paged-table.tsx'
import { sayDuration } from '../../components/say-duration.ts'
import { SearchField } from '../../components/search-field.tsx'
import { Time } from '../../components/time.tsx'
import { accountsQuery, groupsQuery, permissionSetsQuery, type Shown } from './enrolment-query.ts'

const route = getRouteApi('/organizations/$name/enrolment/$step')

type Of<Call extends 'previewAccounts' | 'previewGroups' | 'previewPermissionSets'> = Awaited<
  ReturnType<(typeof client)[Call]>
>['items'][number]
type Account = Of<'previewAccounts'>
type Group = Of<'previewGroups'>
type PermissionSet = Of<'previewPermissionSets'>

const TABLES = [
  { value: 'accounts', label: 'Accounts' },
  { value: 'groups', label: 'Groups' },
  { value: 'permission-sets', label: 'Permission sets' },
] as const
const SIDES = [
  { value: 'all', label: 'All' },
  { value: 'inside', label: 'Inside the filters' },
  { value: 'outside', label: 'Outside' },
] as const

/** What AWS has, with what the filters make of it; which part one looks at is in the address. */
export function PreviewTables({ enrolment: { name } }: { readonly enrolment: EnrolmentView }) {
  const { table: asked, show, search } = route.useSearch()
  const navigate = route.useNavigate()
  const table = TABLES.find(({ value }) => value === asked)?.value ?? 'accounts'
  const side = SIDES.find(({ value }) => value === show)?.value ?? 'all'
  const change = (next: { table?: string; show?: string; search?: string | undefined }): void =>
    void navigate({ replace: true, resetScroll: false, search: (now) => ({ ...now, ...next }) })
  const shown = { search, inside: side === 'all' ? undefined : side === 'inside' }
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <SegmentedControl
          size="xs"
          aria-label="What to look at"
          data={[...TABLES]}
          value={table}
          onChange={(value) => change({ table: value })}
        />
        {table !== 'permission-sets' && (
          <SegmentedControl
            size="xs"
            aria-label="By the filters"
            data={[...SIDES]}
            value={side}
            onChange={(value) => change({ show: value })}
          />
        )}
        <SearchField
          key={table}
          label="Search by name or id"
          value={search}
          onSearch={(text) => change({ search: text })}
        />
      </Group>
      <Rows name={name} table={table} shown={shown} />
    </Stack>
  )
}

function Rows({
  name,
  table,
  shown,
}: {
  readonly name: string
  readonly table: (typeof TABLES)[number]['value']
  readonly shown: Shown
}) {
  switch (table) {
    case 'accounts':
      return <Accounts name={name} shown={shown} />
    case 'groups':
      return <Groups name={name} shown={shown} />
    case 'permission-sets':
      return <PermissionSets name={name} shown={shown} />
  }
}

interface RowsProps {
  readonly name: string
  readonly shown: Shown
}

function Accounts({ name, shown }: RowsProps) {
  const query = useInfiniteQuery(accountsQuery(name, shown))
  const first = query.data?.pages[0]
  return (
    <>
      {first && <Counts {...first} noun="accounts" />}
      {first && <Unread {...first} />}
      <PagedTable
        query={{ ...query, data: query.data?.pages.flatMap(({ items }) => items) }}
        label="Accounts"
        noun={['account', 'accounts']}
        total={first?.found}
        columns={ACCOUNT_COLUMNS}
        idOf={({ id }) => id}
        empty={<Empty>No account fits.</Empty>}
      />
    </>
  )
}

function Unread({
  unitsReadable,
  tagsReadable,
  unread,
}: {
  readonly unitsReadable: boolean
  readonly tagsReadable: boolean
  readonly unread: number
}) {
  const missing = [...(unitsReadable ? [] : ['names of organizational units']), ...(tagsReadable ? [] : ['tags'])]
  if (missing.length === 0 && unread === 0) return null
  return (
    <Alert color="blue" icon={<IconInfoCircle aria-hidden />}>
      {missing.length > 0 &&
        `The role may not read ${missing.join(' and ')}; a tick box of the first step gives that. `}
      {unread > 0 &&
        `${formatCount(unread)} accounts are outside because it is not known yet whether the filter means them; with many accounts, each look reads some more.`}
    </Alert>
  )
}

function Groups({ name, shown }: RowsProps) {
  const query = useInfiniteQuery(groupsQuery(name, shown))
  const first = query.data?.pages[0]
  return (
    <>
      {first && <Counts {...first} noun="groups" />}
      <PagedTable
        query={{ ...query, data: query.data?.pages.flatMap(({ items }) => items) }}
        label="Groups"
        noun={['group', 'groups']}
        total={first?.found}
        columns={GROUP_COLUMNS}
        idOf={({ id }) => id}
        empty={<Empty>No group fits.</Empty>}
      />
    </>
  )
}

function PermissionSets({ name, shown }: RowsProps) {
  const query = useInfiniteQuery(permissionSetsQuery(name, shown))
  const first = query.data?.pages[0]
  return (
    <PagedTable
      query={{ ...query, data: query.data?.pages.flatMap(({ items }) => items) }}
      label="Permission sets"
      noun={['permission set', 'permission sets']}
      total={first?.found}
      columns={SET_COLUMNS}
      idOf={({ arn }) => arn}
      empty={<Empty>No permission set fits.</Empty>}
    />
  )
}

function Counts({
  total,
  inside,
  readAt,
  noun,
}: {
  readonly total: number
  readonly inside: number
  readonly readAt: string
  readonly noun: string
}) {
  return (
    <Text size="sm">
      {formatCount(inside)} of {formatCount(total)} {noun} are inside the filters.{' '}
      <Text span c="dimmed">
        AWS was read <Time at={readAt} />.
      </Text>
    </Text>
  )
}

const MOST_NAMED = 6
/** `3: Reader, Admin, Ops` */
function sayNames(names: readonly string[]): string {
  if (names.length === 0) return ''
  const more = names.length > MOST_NAMED ? ', …' : ''
  return `${names.length}: ${names.slice(0, MOST_NAMED).join(', ')}${more}`
}

const ACCOUNT_COLUMNS: readonly Column<Account>[] = [
  ...STANDING_COLUMNS,
  ...PLACE_COLUMNS,
  {
    id: 'sets',
    width: 240,
    title: 'Permission sets',
    cell({ permissionSets }) {
      const names = permissionSets.map(({ name }) => name)
      return <span title={names.join(', ')}>{sayNames(names)}</span>
    },
  },
]

const GROUP_COLUMNS: readonly Column<Group>[] = [
  { id: 'name', title: 'Group', width: 220, cell: ({ name }) => <span title={name}>{name}</span> },
  { id: 'inside', title: 'Filters', width: 100, cell: ({ inside }) => <Side inside={inside} /> },
  { id: 'members', title: 'Members', width: 90, align: 'right', cell: ({ members }) => formatCount(members) },
  {
    id: 'assignments',
    title: 'Assignments',
    cell({ assignments }) {
      const names = assignments.map(
        ({ account, permissionSet }) => `${permissionSet.name} on ${account.name ?? account.id}`,
      )
      return <span title={names.join(', ')}>{sayNames(names)}</span>
    },
  },
]

const SET_COLUMNS: readonly Column<PermissionSet>[] = [
  { id: 'name', title: 'Permission set', width: 240, cell: ({ name }) => <span title={name}>{name}</span> },
  {
    id: 'description',
    title: 'Description',
    cell: ({ description }) => <span title={description}>{description}</span>,
  },
  { id: 'session', title: 'Session', width: 90, cell: ({ sessionDuration }) => sayDuration(sessionDuration) },
]
