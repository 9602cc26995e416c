import type { AccessListDetailView, MemberView } from '@gatehouse/api'
import { Badge, Button, Group, SegmentedControl, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../../app/session.ts'
import type { Column } from '../../components/data-table.tsx'
import { FilterChips } from '../../components/filter-chips.tsx'
import { PageLink } from '../../components/link.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { Empty } from '../../components/page.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Time } from '../../components/time.tsx'
import { AddMember } from './add-member.tsx'
import { MEMBER_KINDS, type MembersAsked, membersQuery } from './lists-query.ts'
import { idOf, MembersBulk } from './members-bulk.tsx'
import { RemoveMember } from './remove-member.tsx'

const KINDS = [
  { value: 'all', label: 'All' },
  { value: 'user', label: 'People' },
  { value: 'list', label: 'Lists' },
  { value: 'aws-only', label: 'In AWS only' },
] as const satisfies readonly { readonly value: (typeof MEMBER_KINDS)[number] | 'all'; readonly label: string }[]

const chosenOf = (members: readonly MemberView[]): ReadonlyMap<string, MemberView> =>
  new Map(members.map((member) => [idOf(member), member]))

/** Who is in a list: as many as there are, read as far as somebody scrolls. */
export function Members({
  list,
  asked,
  onAsk,
}: {
  readonly list: AccessListDetailView
  readonly asked: MembersAsked
  readonly onAsk: (asked: MembersAsked, how?: { readonly replace: true }) => void
}) {
  const kind = MEMBER_KINDS.find((known) => known === asked.kind)
  const mayLink = useMay('read', 'user')
  const [removed, setRemoved] = useState<MemberView>()
  const [chosen, setChosen] = useState<ReadonlyMap<string, MemberView>>(new Map())
  const query = useInfiniteQuery(membersQuery(list.id, asked))
  const shown = new Set(query.data?.map(idOf))
  const isWhole = asked.search === undefined && kind === undefined
  const { manageMembers: mayManage } = list.may
  const toggle = (id: string): void => {
    const next = new Map(chosen)
    const member = query.data?.find((one) => idOf(one) === id)
    if (!next.delete(id) && member) next.set(id, member)
    setChosen(next)
  }
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Group gap="sm">
          <SearchField
            label="Search by name"
            value={asked.search}
            onSearch={(search) => onAsk({ ...asked, search }, { replace: true })}
          />
          <SegmentedControl
            size="xs"
            aria-label="Which members"
            data={[...KINDS]}
            value={kind ?? 'all'}
            onChange={(value) => onAsk({ ...asked, kind: value === 'all' ? undefined : value })}
          />
        </Group>
        {mayManage && <AddMember list={list} />}
      </Group>
      <PagedTable
        query={query}
        label="Members"
        noun={['member', 'members']}
        total={isWhole ? list.memberCount : undefined}
        columns={columns({ mayManage, mayLink }, setRemoved)}
        idOf={idOf}
        sort={{ value: asked.sort, first: 'name', onChange: (sort) => onAsk({ ...asked, sort }) }}
        selection={
          mayManage
            ? { selected: new Set(chosen.keys()), onToggle: toggle, nameOf: ({ title, name }) => title ?? name }
            : undefined
        }
        bulk={
          <MembersBulk
            list={list}
            chosen={[...chosen.values()]}
            shown={shown}
            onOnly={(kept) => setChosen(chosenOf(kept))}
            onRemoved={(gone) => {
              const names = new Set(gone.map(idOf))
              setChosen((now) => new Map([...now].filter(([id]) => !names.has(id))))
            }}
          />
        }
        keys={{ opens: 'whom it names' }}
        filters={
          <FilterChips
            filters={[
              { what: 'name holds', value: asked.search, remove: () => onAsk({ ...asked, search: undefined }) },
              {
                what: 'kind is',
                value: KINDS.find(({ value }) => value === kind)?.label,
                remove: () => onAsk({ ...asked, kind: undefined }),
              },
            ]}
            onClear={() => onAsk({ sort: asked.sort })}
          />
        }
        empty={
          <Empty>
            {isWhole
              ? 'Nobody is in this list. Who is added has what the list gives within seconds.'
              : 'Nobody in this list is called so.'}
          </Empty>
        }
      />
      <RemoveMember list={list} member={removed} onClose={() => setRemoved(undefined)} />
    </>
  )
}

const columns = (
  { mayManage, mayLink }: { readonly mayManage: boolean; readonly mayLink: boolean },
  onRemove: (member: MemberView) => void,
): readonly Column<MemberView>[] => [
  {
    id: 'name',
    title: 'Member',
    isSorted: true,
    cell: (member) => <MemberName member={member} mayLink={mayLink} />,
  },
  { id: 'counts', title: 'Counts', width: 115, cell: ({ ineligible }) => <Counts ineligible={ineligible} /> },
  { id: 'joined', title: 'Joined', width: 130, isSorted: true, cell: ({ joined }) => <Time at={joined} /> },
  {
    id: 'expires',
    isSorted: true,
    title: 'Ends',
    width: 120,
    cell: ({ expires }) => expires !== undefined && <Time at={expires} />,
  },
  { id: 'by', title: 'Added by', width: 140, cell: ({ addedBy }) => <span title={addedBy}>{addedBy}</span> },
  { id: 'reason', title: 'Why', width: 140, cell: ({ reason }) => <span title={reason}>{reason}</span> },
  ...(mayManage
    ? [
        {
          id: 'remove',
          title: 'Remove',
          isTitleHidden: true,
          width: 100,
          cell: (member: MemberView) => (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={`Remove ${member.title ?? member.name}`}
              onClick={() => onRemove(member)}
            >
              Remove
            </Button>
          ),
        },
      ]
    : []),
]

function MemberName({
  member: { kind, name, title },
  mayLink,
}: {
  readonly member: MemberView
  readonly mayLink: boolean
}) {
  switch (kind) {
    case 'user':
      if (!mayLink) return <span title={name}>{name}</span>
      return (
        <PageLink to="/users/$name" params={{ name }} size="sm" title={name}>
          {name}
        </PageLink>
      )
    case 'list':
      return (
        <>
          <PageLink to="/access-lists/$id" params={{ id: name }} size="sm">
            {title ?? name}
          </PageLink>{' '}
          <Badge color="gray">list</Badge>
        </>
      )
    case 'aws-only':
      return (
        <>
          <span title={name}>{title ?? name}</span> <Badge color="gray">in AWS only</Badge>
        </>
      )
  }
}

/** Somebody may be in a list and have nothing of it, and the reason says why. */
function Counts({ ineligible }: { readonly ineligible: string | undefined }) {
  if (ineligible === undefined) return null
  return (
    <Text span size="sm" tabIndex={0} c="var(--warning)" data-tip={ineligible}>
      <IconAlertTriangle size={14} aria-hidden className="inline-icon" /> {ineligible}
    </Text>
  )
}
