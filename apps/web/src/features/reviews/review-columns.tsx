import type { ReviewRowView } from '@gatehouse/api'
import { Badge, Button, Group, Text } from '@mantine/core'
import type { Column } from '../../components/data-table.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Time } from '../../components/time.tsx'
import { rowKey, type Verdict } from './review-draft.ts'

export const nameOf = ({ title, name }: ReviewRowView): string => title ?? name

export const reviewColumns = (
  verdictOf: (key: string) => Verdict | undefined,
  onDecide: (key: string, verdict: Verdict) => void,
): readonly Column<ReviewRowView>[] => [
  {
    id: 'name',
    title: 'Member',
    cell: (row) => (
      <>
        <span title={row.name}>{nameOf(row)}</span>{' '}
        {row.kind === 'list' && <Badge color="gray">list of {formatCount(row.people)}</Badge>}
      </>
    ),
  },
  { id: 'joined', title: 'In it since', width: 130, cell: ({ joined }) => <Time at={joined} /> },
  {
    id: 'why',
    title: 'Added by, and why',
    width: 185,
    cell: ({ addedBy, reason }) => (
      <span title={`${addedBy}: ${reason}`}>{reason === '' ? addedBy : `${addedBy}: ${reason}`}</span>
    ),
  },
  {
    id: 'signIn',
    title: 'Last sign-in',
    width: 130,
    cell: ({ kind, lastSignIn }) => {
      if (lastSignIn !== undefined) return <Time at={lastSignIn} />
      if (kind === 'list') return null
      return (
        <Text {...(kind === 'user' ? { c: 'var(--warning)' } : {})} size="sm" span>
          {kind === 'user' ? 'never' : 'in AWS only'}
        </Text>
      )
    },
  },
  { id: 'loses', title: 'Would lose', width: 175, cell: (row) => <Loses row={row} /> },
  {
    id: 'verdict',
    title: 'Your decision',
    width: 165,
    cell: (row) => <Decide row={row} verdict={verdictOf(rowKey(row))} onDecide={onDecide} />,
  },
]

function Loses({ row: { loses, losesCount } }: { readonly row: ReviewRowView }) {
  const [first] = loses
  if (!first)
    return (
      <Text size="sm" span c="dimmed">
        nothing in AWS
      </Text>
    )
  const all = loses.map(({ account, permissionSet }) => `${permissionSet.name} on ${account.name}`)
  const rest = losesCount - 1
  return (
    <span tabIndex={0} data-tip={all.slice(0, 12).join('; ')}>
      {rest > 0 && `${formatCount(losesCount)}: `}
      {all[0]}
      {rest > 0 && ', …'}
    </span>
  )
}

function Decide({
  row,
  verdict,
  onDecide,
}: {
  readonly row: ReviewRowView
  readonly verdict: Verdict | undefined
  readonly onDecide: (key: string, verdict: Verdict) => void
}) {
  return (
    <Group gap={6} wrap="nowrap">
      <Button
        size="compact-xs"
        variant={verdict === 'keep' ? 'light' : 'default'}
        color="green"
        aria-pressed={verdict === 'keep'}
        aria-label={`Keep ${nameOf(row)}`}
        onClick={() => onDecide(rowKey(row), 'keep')}
      >
        Keep
      </Button>
      <Button
        size="compact-xs"
        variant={verdict === 'remove' ? 'light' : 'default'}
        color="red"
        aria-pressed={verdict === 'remove'}
        aria-label={`Remove ${nameOf(row)}`}
        onClick={() => onDecide(rowKey(row), 'remove')}
      >
        Remove
      </Button>
    </Group>
  )
}
