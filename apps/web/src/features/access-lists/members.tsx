import type { AccessListDetailView, MemberView } from '@gatehouse/api'
import { Badge, Button, Group, SegmentedControl, Text, Tooltip } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Column } from '../../components/data-table.tsx'
import { PageLink } from '../../components/link.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { Empty } from '../../components/page.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Time } from '../../components/time.tsx'
import { AddMember } from './add-member.tsx'
import { type MemberKind, membersQuery } from './lists-query.ts'
import { RemoveMember } from './remove-member.tsx'

const KINDS: readonly { readonly value: MemberKind | 'all'; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'user', label: 'People' },
  { value: 'list', label: 'Lists' },
  { value: 'aws-only', label: 'In AWS only' },
]

/** Who is in a list: as many as there are, read as far as somebody scrolls. */
export function Members({
  list,
  search,
  onSearch,
}: {
  readonly list: AccessListDetailView
  readonly search: string | undefined
  readonly onSearch: (text: string | undefined) => void
}) {
  const [kind, setKind] = useState<MemberKind | 'all'>('all')
  const [removed, setRemoved] = useState<MemberView>()
  const query = useInfiniteQuery(membersQuery(list.id, { search, ...(kind === 'all' ? {} : { kind }) }))
  const isWhole = search === undefined && kind === 'all'
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Group gap="sm">
          <SearchField label="Search by name" value={search} onSearch={onSearch} />
          <SegmentedControl
            size="xs"
            aria-label="Which members"
            data={[...KINDS]}
            value={kind}
            onChange={(value) => setKind(KINDS.find((known) => known.value === value)?.value ?? 'all')}
          />
        </Group>
        {list.may.manageMembers && <AddMember list={list} />}
      </Group>
      <PagedTable
        query={query}
        label="Members"
        noun={['member', 'members']}
        total={isWhole ? list.memberCount : undefined}
        columns={columns(list.may.manageMembers, setRemoved)}
        idOf={({ kind: of, name }) => `${of} ${name}`}
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

const columns = (mayManage: boolean, onRemove: (member: MemberView) => void): readonly Column<MemberView>[] => [
  { id: 'name', title: 'Member', cell: (member) => <MemberName member={member} /> },
  { id: 'counts', title: 'Counts', width: 140, cell: ({ ineligible }) => <Counts ineligible={ineligible} /> },
  { id: 'joined', title: 'Joined', width: 120, cell: ({ joined }) => <Time at={joined} /> },
  {
    id: 'expires',
    title: 'Ends',
    width: 120,
    cell: ({ expires }) => expires !== undefined && <Time at={expires} />,
  },
  { id: 'by', title: 'Added by', width: 150, cell: ({ addedBy }) => addedBy },
  { id: 'reason', title: 'Why', width: 170, cell: ({ reason }) => <span title={reason}>{reason}</span> },
  ...(mayManage
    ? [
        {
          id: 'remove',
          title: 'Remove',
          isTitleHidden: true,
          width: 90,
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

function MemberName({ member: { kind, name, title } }: { readonly member: MemberView }) {
  switch (kind) {
    case 'user':
      return <span title={name}>{name}</span>
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
    <Tooltip label={ineligible} multiline maw={320}>
      <Text span size="sm" tabIndex={0} c="var(--warning)">
        <IconAlertTriangle size={14} aria-hidden className="inline-icon" /> {ineligible}
      </Text>
    </Tooltip>
  )
}
