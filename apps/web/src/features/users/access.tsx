import type { AccessPathView, ExplanationView } from '@gatehouse/api'
import { List, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMay } from '../../app/session.ts'
import { Copy } from '../../components/copy.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { TableSkeleton } from '../../components/table-skeleton.tsx'
import { formatCount } from '../../components/format-count.ts'
import { State } from '../../components/state.tsx'
import { TimeLeft } from '../../components/time.tsx'
import { Name } from '../../components/name.tsx'
import { RoleLink } from '../../components/role-links.tsx'
import { sayMany } from '../../components/say-many.ts'
import { sayName } from '../../components/say-name.ts'
import { type SortInAddress, useSorted } from '../../components/use-sorted.ts'
import { accessOfQuery } from './users-query.ts'

/** What somebody has in AWS now, each with why and whether AWS has it; and what was granted and is not given. */
export function Access({ user, sort }: { readonly user: string; readonly sort: SortInAddress }) {
  const query = useQuery(accessOfQuery(user))
  return (
    <Loaded query={query} like={<TableSkeleton columns={columnsFor(user)} hasCount />}>
      {({ paths, withheld, undecided }) => (
        <Stack gap="md">
          {paths.length === 0 ? (
            <Text size="sm">No account: neither roles, nor lists, nor a running request give any.</Text>
          ) : (
            <>
              <Text size="sm" c="dimmed">
                {sayWays(paths)}
              </Text>
              <Ways user={user} paths={paths} sort={sort} />
            </>
          )}
          {undecided.length > 0 && <Undecided undecided={undecided} />}
          {withheld.length > 0 && <Withheld withheld={withheld} />}
        </Stack>
      )}
    </Loaded>
  )
}

function Ways({
  user,
  paths,
  sort: asked,
}: {
  readonly user: string
  readonly paths: readonly AccessPathView[]
  readonly sort: SortInAddress
}) {
  const columns = columnsFor(user)
  const { rows, sort } = useSorted({ rows: paths, columns, isWhole: true, sort: asked })
  return (
    <DataTable
      label="Ways to accounts"
      rows={rows}
      columns={columns}
      sort={sort}
      idOf={({ account, permissionSet, kind, role, request, lists }) =>
        [account, permissionSet, kind, role, request, ...(lists ?? []).map(({ name }) => name)].join(' ')
      }
    />
  )
}

/** `3 ways to 2 permission sets on accounts` */
function sayWays(paths: readonly AccessPathView[]): string {
  const grants = sayMany(grantsIn(paths), 'permission set on an account', 'permission sets on accounts')
  return `${sayMany(paths.length, 'way')} to ${grants}`
}

const grantsIn = (paths: readonly AccessPathView[]): number =>
  new Set(paths.map(({ account, permissionSet }) => `${account} ${permissionSet}`)).size

const columnsFor = (user: string): readonly Column<AccessPathView>[] => [
  {
    id: 'account',
    title: 'Account',
    sortBy: ({ accountName }) => accountName,
    cell: ({ accountName }) => <span title={accountName}>{accountName}</span>,
  },
  {
    id: 'account-id',
    title: 'Account id',
    width: 165,
    cell: ({ account, accountName }) => <Copy text={account} what={`the id of ${sayName(accountName)}`} />,
  },
  {
    id: 'set',
    title: 'Permission set',
    width: 230,
    sortBy: ({ permissionSetName }) => permissionSetName,
    // What became of it: when it was decided, sent and confirmed.
    cell: ({ account, permissionSet, permissionSetName }) => (
      <PageLink
        to="/explorer"
        search={{ user, account, permissionSet }}
        size="sm"
        title={`What became of ${permissionSetName}`}
      >
        {permissionSetName}
      </PageLink>
    ),
  },
  { id: 'why', title: 'Why', cell: (path) => <Why user={user} path={path} /> },
  {
    id: 'until',
    title: 'Ends',
    width: 140,
    sortBy: ({ until }) => until,
    cell: ({ until }) => until !== undefined && <TimeLeft until={until} />,
  },
  {
    id: 'aws',
    title: 'In AWS',
    width: 112,
    cell: ({ aws }) =>
      aws && (aws === 'confirmed' ? <State state="confirmed" /> : <State state="sent" label="not yet" />),
  },
]

function Why({
  user,
  path: { kind, role, request, lists, as, approvals, keptBy, organization },
}: {
  readonly user: string
  readonly path: AccessPathView
}) {
  switch (kind) {
    case 'role':
      return (
        <>
          the role <RoleLink name={role ?? ''} />
        </>
      )
    case 'adopted':
      return <FoundInAws user={user} organization={organization} keptBy={keptBy} />
    case 'request':
      return (
        <>
          <PageLink to="/requests/$id" params={{ id: request ?? '' }} size="sm">
            a request
          </PageLink>
          {approvals && approvals.length > 0 && `, approved by ${approvals.map(({ by }) => by).join(', ')}`}
        </>
      )
    case 'list':
      return (
        <>
          {as === 'owners' ? 'owner of ' : 'in '}
          {(lists ?? []).map(({ name, title }, index) => (
            <span key={name}>
              {index > 0 && ' → '}
              <PageLink to="/access-lists/$id" params={{ id: name }} size="sm">
                {title}
              </PageLink>
            </span>
          ))}
        </>
      )
  }
}

/** Where an administrator ends it. */
function FoundInAws({
  user,
  organization: name,
  keptBy,
}: { readonly user: string } & Pick<AccessPathView, 'organization' | 'keptBy'>) {
  const may = useMay('read', 'aws_identity_center')
  const words = keptBy === undefined ? 'found in AWS and taken over' : `found in AWS and kept by ${sayName(keptBy)}`
  if (!may || name === undefined) return <>{words}</>
  return (
    <PageLink to="/organizations/$name" params={{ name }} search={{ tab: 'adopted', search: user }} size="sm">
      {words}
    </PageLink>
  )
}

const SHOWN = 50

/** What AWS holds and nothing here gives. */
export function Undecided({ undecided }: Pick<ExplanationView, 'undecided'>) {
  return (
    <section aria-label="In AWS, and decided by nobody here">
      <Title order={3} mb="xs">
        In AWS, and decided by nobody here
      </Title>
      <Text size="sm" mb="xs">
        It is on its way out, or was made in AWS by somebody else: the drift says what becomes of it.
      </Text>
      <List size="sm" listStyleType="none" spacing={4}>
        {undecided.slice(0, SHOWN).map(({ account, accountName, permissionSet, permissionSetName }) => (
          <List.Item key={`${account} ${permissionSet}`} className="wrap">
            <Name text={permissionSetName} /> on <Name text={accountName} />{' '}
            <Copy text={account} what={`the id of ${sayName(accountName)}`} />
          </List.Item>
        ))}
        {undecided.length > SHOWN && <List.Item>and {formatCount(undecided.length - SHOWN)} more</List.Item>}
      </List>
    </section>
  )
}

function Withheld({ withheld }: Pick<ExplanationView, 'withheld'>) {
  return (
    <section aria-label="Granted, and not given">
      <Title order={3} mb="xs">
        Granted, and not given
      </Title>
      <List size="sm" listStyleType="none" spacing={4}>
        {withheld.slice(0, SHOWN).map(({ accountName, permissionSetName, reason }) => (
          <List.Item key={`${accountName} ${permissionSetName} ${reason}`} className="wrap">
            {permissionSetName !== undefined && `${sayName(permissionSetName)} on ${sayName(accountName ?? '')}: `}
            <Name text={reason} most={300} />
          </List.Item>
        ))}
        {withheld.length > SHOWN && <List.Item>and {formatCount(withheld.length - SHOWN)} more</List.Item>}
      </List>
    </section>
  )
}
