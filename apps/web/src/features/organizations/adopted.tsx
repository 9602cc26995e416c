import type { AdoptedAssignmentView } from '@gatehouse/api'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../../app/session.ts'
import { Copy } from '../../components/copy.tsx'
import type { Column } from '../../components/data-table.tsx'
import { formatCount } from '../../components/format-count.ts'
import { PageLink } from '../../components/link.tsx'
import { Name } from '../../components/name.tsx'
import { Empty } from '../../components/page.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { sayName } from '../../components/say-name.ts'
import { SearchField } from '../../components/search-field.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { adoptedQuery } from './adopted-query.ts'
import { EndAdopted } from './end-adopted.tsx'
import { Ended } from './ended.tsx'
import { sayMany } from '../../components/say-many.ts'

/** What people held in AWS themselves when it was taken over: it stays until somebody ends it here. */
export function Adopted({
  organization,
  search,
  onSearch,
}: {
  readonly organization: string
  readonly search: string | undefined
  readonly onSearch: (text: string | undefined) => void
}) {
  const query = useInfiniteQuery(adoptedQuery(organization, search))
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState<readonly AdoptedAssignmentView[]>([])
  const [isAsking, setAsking] = useState(false)
  const may = useMay('update', 'aws_identity_center')
  const rows = query.data?.pages.flatMap(({ items }) => items)
  const known = (rows ?? []).filter(({ key }) => selected.has(key))
  const [first] = query.data?.pages ?? []
  const ask = (): void => {
    // The question is about what is shown now, also when something is read anew under it.
    setAsked(known)
    setAsking(true)
  }
  return (
    <Stack gap="sm">
      <Text size="sm">
        These assignments were in AWS before Gatehouse, or were kept as drift. No role, list or request gives them: they
        stay until an administrator ends them.
      </Text>
      <Group gap="sm">
        <SearchField label="Search by person, account or set" value={search} onSearch={onSearch} />
        {may && rows && rows.length > 0 && (
          <Button variant="default" onClick={() => setSelected(new Set(rows.map(({ key }) => key)))}>
            Choose the {formatCount(rows.length)} shown
          </Button>
        )}
      </Group>
      {!may && (
        <Text size="sm" c="dimmed">
          Ending them takes the right to update on aws_identity_center.
        </Text>
      )}
      <PagedTable
        query={{ ...query, data: rows }}
        label="Adopted assignments"
        noun={['adopted assignment', 'adopted assignments']}
        total={first?.found}
        columns={COLUMNS}
        idOf={({ key }) => key}
        selection={
          may
            ? {
                selected,
                onToggle: (key) => setSelected(selected.symmetricDifference(new Set([key]))),
                nameOf: ({ user, permissionSetName, accountName }) =>
                  `${permissionSetName} on ${accountName} of ${user}`,
              }
            : undefined
        }
        bulk={
          known.length > 0 && (
            <Group gap="xs" role="group" aria-label="What is chosen">
              <Text size="sm">{formatCount(known.length)} chosen</Text>
              <Button size="compact-sm" variant="light" color="red" onClick={ask}>
                End {sayMany(known.length, 'assignment')}
              </Button>
              <Button size="compact-sm" variant="subtle" onClick={() => setSelected(new Set())}>
                Choose none
              </Button>
            </Group>
          )
        }
        keys={{ opens: 'whose it is' }}
        empty={
          <Empty>
            {search === undefined
              ? 'There are none: whatever people have in AWS comes from a role, a list or a request.'
              : 'None of them is called so.'}
          </Empty>
        }
      />
      <Ended organization={organization} />
      <EndAdopted
        organization={organization}
        asked={asked}
        opened={isAsking}
        onClose={() => setAsking(false)}
        onDone={() => setSelected(new Set())}
      />
    </Stack>
  )
}

const IN_AWS = {
  held: <State state="confirmed" label="held" />,
  missing: <State state="ended" label="not held" />,
  unread: <State state="waiting" label="not read yet" />,
} as const

const COLUMNS: readonly Column<AdoptedAssignmentView>[] = [
  {
    id: 'user',
    title: 'Person',
    width: 155,
    cell: ({ user }) => (
      <PageLink to="/users/$name" params={{ name: user }} size="sm" title={user}>
        <Name text={user} />
      </PageLink>
    ),
  },
  { id: 'account', title: 'Account', width: 120, cell: ({ accountName }) => <Name text={accountName} /> },
  {
    id: 'account-id',
    title: 'Account id',
    width: 145,
    cell: ({ account, accountName }) => <Copy text={account} what={`the id of ${sayName(accountName)}`} />,
  },
  {
    id: 'set',
    title: 'Permission set',
    width: 130,
    cell: ({ user, account, permissionSet, permissionSetName }) => (
      <PageLink
        to="/explorer"
        search={{ user, account, permissionSet }}
        size="sm"
        title={`What became of ${permissionSetName}`}
      >
        <Name text={permissionSetName} />
      </PageLink>
    ),
  },
  {
    id: 'since',
    title: 'Since',
    width: 130,
    cell: ({ since }) => <Time at={since} />,
  },
  { id: 'aws', title: 'In AWS', width: 110, cell: ({ aws }) => IN_AWS[aws] },
  { id: 'effect', title: 'Without it', cell: (row) => <Without row={row} /> },
]

const EFFECTS: Readonly<Record<AdoptedAssignmentView['effect'], string>> = {
  goes: 'the person loses it',
  'by-list': 'kept through a list',
  stays: 'kept',
  nothing: 'gives nothing now',
  left: 'AWS keeps it',
}

function Without({ row: { effect, reasons } }: { readonly row: AdoptedAssignmentView }) {
  const words = [EFFECTS[effect], ...reasons].join(': ')
  return (
    <span title={words}>
      <Name text={words} most={200} />
    </span>
  )
}
