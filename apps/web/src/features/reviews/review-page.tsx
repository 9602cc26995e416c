import type { AccessListDetailView, ReviewRowView } from '@gatehouse/api'
import { Alert, Button, Group, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { DataTable } from '../../components/data-table.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { PageSkeleton } from '../../components/skeleton.tsx'
import { TableSkeleton } from '../../components/table-skeleton.tsx'
import { PageLink } from '../../components/link.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { Time } from '../../components/time.tsx'
import { sayName } from '../../components/say-name.ts'
import { useRowKeys } from '../../components/use-row-keys.ts'
import { DecidedBar } from './progress.tsx'
import { nameOf, reviewColumns } from './review-columns.tsx'
import { decidedIn, isBegun, removedIn, rowKey, type Verdict } from './review-draft.ts'
import { ReviewKeeping, ReviewNews } from './review-keeping.tsx'
import { reviewedListQuery, reviewRowsQuery } from './reviews-query.ts'
import { SubmitReview } from './submit-review.tsx'
import { useKeptReview } from './use-kept-review.ts'
import { formatCount } from '../../components/format-count.ts'

const route = getRouteApi('/reviews/$id')

export function ReviewPage() {
  const { id } = route.useParams()
  const list = useQuery(reviewedListQuery(id))
  const rows = useInfiniteQuery(reviewRowsQuery(id))
  const readOn = (): void => {
    if (rows.hasNextPage && !rows.isFetchingNextPage) void rows.fetchNextPage()
  }
  const like = (
    <PageSkeleton wide>
      <TableSkeleton />
    </PageSkeleton>
  )
  return (
    <Loaded query={list} page="access list" like={like}>
      {(known) => (
        <Loaded query={rows} page="review" like={like}>
          {(shown) => <Review list={known} rows={shown} onEnd={readOn} />}
        </Loaded>
      )}
    </Loaded>
  )
}

interface ReviewProps {
  readonly list: AccessListDetailView
  readonly rows: readonly ReviewRowView[]
  readonly onEnd: () => void
}

function Review({ list, rows, onEnd }: ReviewProps) {
  const kept = useKeptReview(list)
  const { keeper, draft } = kept
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const members = list.memberCount ?? rows.length
  const decided = decidedIn(draft, members)
  const removed = removedIn(draft)
  const isKnown = kept.isRead || 'error' in kept.keeping
  const decide = (keys: readonly string[], verdict: Verdict): void => {
    if (keys.length > 0) keeper?.change({ verdicts: new Map(keys.map((key) => [key, verdict])) })
    setSelected(new Set())
  }
  const toggle = (key: string): void => setSelected(selected.symmetricDifference(new Set([key])))
  const mayReview = list.may.review
  /** What is chosen, or else the row that the keys have come to. */
  const decideMeant =
    (verdict: Verdict) =>
    (current: ReviewRowView | undefined): void =>
      decide(selected.size > 0 ? [...selected] : current ? [rowKey(current)] : [], verdict)
  const keys = useRowKeys({
    rows,
    idOf: rowKey,
    keys: {
      acts: mayReview
        ? [
            { key: 'a', words: 'keep what is chosen, or the row', run: decideMeant('keep') },
            { key: 'r', words: 'remove what is chosen, or the row', run: decideMeant('remove') },
          ]
        : [],
    },
    onToggle: mayReview ? (row) => toggle(rowKey(row)) : undefined,
  })
  return (
    <Page
      wide
      title={`Review "${sayName(list.title)}"`}
      actions={
        keeper && (
          <SubmitReview
            list={list}
            draft={draft}
            keeper={keeper}
            isRead={kept.isRead}
            undecided={members - decided}
            removed={removed}
            rows={rows}
          />
        )
      }
    >
      <Notices list={list} />
      <ReviewNews news={kept.news} onClose={() => keeper?.hear()} />
      <Group justify="space-between">
        <Group gap="lg">
          {mayReview && isKnown && <DecidedBar decided={decided} members={members} />}
          {removed.length > 0 && <Text size="sm">{formatCount(removed.length)} to be removed</Text>}
          <ReviewKeeping keeping={kept.keeping} />
        </Group>
        <Group gap="xs">
          {mayReview && isKnown && decided < members && (
            <Button variant="default" onClick={() => keeper?.change({ verdicts: new Map(), keepsRest: true })}>
              Keep the other {formatCount(members - decided)}
            </Button>
          )}
          {isBegun(draft) && (
            <Button
              variant="default"
              onClick={() => {
                keeper?.clear()
                setSelected(new Set())
              }}
            >
              Begin anew
            </Button>
          )}
          {mayReview && (
            <Button variant="default" onClick={keys.show}>
              Keys
            </Button>
          )}
        </Group>
      </Group>
      {selected.size > 0 && (
        <Group gap="xs" role="group" aria-label="What is chosen" className="bulk">
          <Text size="sm">{selected.size} chosen</Text>
          <Button size="compact-sm" variant="default" onClick={() => decide([...selected], 'keep')}>
            Keep {selected.size}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => decide([...selected], 'remove')}>
            Remove {selected.size}
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={() => setSelected(new Set())}>
            Choose none
          </Button>
        </Group>
      )}
      {rows.length === 0 ? (
        <Empty>Nobody is in this list.</Empty>
      ) : (
        <DataTable
          label="Members to review"
          rows={rows}
          columns={reviewColumns(
            (key) => draft.verdicts.get(key) ?? (draft.keepsRest ? 'keep' : undefined),
            (key, verdict) => decide([key], verdict),
          ).filter(({ id }) => mayReview || id !== 'verdict')}
          idOf={rowKey}
          total={members}
          onEnd={onEnd}
          {...(mayReview ? { selection: { selected, onToggle: toggle, nameOf } } : {})}
          active={keys.active}
          moves={keys.moves}
          onActive={keys.setActive}
        />
      )}
      {keys.dialog}
    </Page>
  )
}

const SHOWN_ROLES = 6

function Notices({ list: { id, may, review, type, grants } }: { readonly list: AccessListDetailView }) {
  return (
    <>
      {!may.review && (
        <Alert color="yellow" icon={<IconInfoCircle aria-hidden />}>
          You may look, and not review: its owners do, and administrators once it is overdue. Nobody certifies himself
          alone.
        </Alert>
      )}
      {type !== '' && (
        <Alert color="blue" icon={<IconInfoCircle aria-hidden />}>
          Its members are kept elsewhere: who is removed here is asked for there.
        </Alert>
      )}
      <Text size="sm" c="dimmed" className="wrap">
        {grants.roles.length === 0
          ? 'It gives no role.'
          : `It gives ${grants.roles
              .slice(0, SHOWN_ROLES)
              .map((role) => sayName(role))
              .join(
                ', ',
              )}${grants.roles.length > SHOWN_ROLES ? ` and ${grants.roles.length - SHOWN_ROLES} more` : ''}.`}{' '}
        {review && (
          <>
            Due <Time at={review.dueAt} />.{' '}
          </>
        )}
        <PageLink to="/access-lists/$id" params={{ id }} size="sm" underline="always">
          Show the list
        </PageLink>
      </Text>
    </>
  )
}
