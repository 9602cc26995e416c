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
import { useDraft } from '../../components/use-draft.ts'
import { sayName } from '../../components/say-name.ts'
import { useRowKeys } from '../../components/use-row-keys.ts'
import { DecidedBar } from './progress.tsx'
import { nameOf, reviewColumns } from './review-columns.tsx'
import { decidedIn, draftKey, EMPTY_DRAFT, currentDraft, parseDraft, removedIn, type Verdict } from './review-draft.ts'
import { reviewedListQuery, reviewRowsQuery } from './reviews-query.ts'
import { SubmitReview } from './submit-review.tsx'
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
  const draft = useDraft(draftKey(list), EMPTY_DRAFT, parseDraft)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const value = currentDraft(
    draft.value,
    list.revision,
    rows.map(({ name }) => name),
  )
  const members = list.memberCount ?? rows.length
  const decided = decidedIn(value, members)
  const removed = removedIn(value)
  const decide = (names: readonly string[], verdict: Verdict): void => {
    draft.set({
      ...value,
      verdicts: { ...value.verdicts, ...Object.fromEntries(names.map((name) => [name, verdict])) },
    })
    setSelected(new Set())
  }
  const toggle = (name: string): void => setSelected(selected.symmetricDifference(new Set([name])))
  const mayReview = list.may.review
  /** What is chosen, or else the row that the keys have come to. */
  const decideMeant =
    (verdict: Verdict) =>
    (current: ReviewRowView | undefined): void =>
      decide(selected.size > 0 ? [...selected] : current ? [current.name] : [], verdict)
  const keys = useRowKeys({
    rows,
    idOf: ({ name }) => name,
    keys: {
      acts: mayReview
        ? [
            { key: 'a', words: 'keep what is chosen, or the row', run: decideMeant('keep') },
            { key: 'r', words: 'remove what is chosen, or the row', run: decideMeant('remove') },
          ]
        : [],
    },
    onToggle: mayReview ? ({ name }) => toggle(name) : undefined,
  })
  return (
    <Page
      wide
      title={`Review "${sayName(list.title)}"`}
      actions={
        mayReview && (
          <SubmitReview list={list} draft={draft} undecided={members - decided} removed={removed} rows={rows} />
        )
      }
    >
      <Notices list={list} />
      <Group justify="space-between">
        <Group gap="lg">
          {mayReview && <DecidedBar decided={decided} members={members} />}
          {removed.length > 0 && <Text size="sm">{formatCount(removed.length)} to be removed</Text>}
        </Group>
        <Group gap="xs">
          {mayReview && decided < members && (
            <Button variant="default" onClick={() => draft.set({ ...value, keepsRest: true })}>
              Keep the other {formatCount(members - decided)}
            </Button>
          )}
          {draft.isKept && (
            <Button
              variant="default"
              onClick={() => {
                draft.clear()
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
            (name) => value.verdicts[name] ?? (value.keepsRest ? 'keep' : undefined),
            (name, verdict) => decide([name], verdict),
          ).filter(({ id }) => mayReview || id !== 'verdict')}
          idOf={({ name }) => name}
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
