import type { AccessListReviewView } from '@gatehouse/api'
import { Button, Stack, Text, Timeline } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMay } from '../../app/session.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Empty } from '../../components/page.tsx'
import { Time } from '../../components/time.tsx'
import { Prose } from '../../components/prose.tsx'
import { sayName } from '../../components/say-name.ts'
import { eventsOfQuery, reviewsOfQuery } from './lists-query.ts'
import { sayEvent } from './say-event.ts'
import { usePlaceNames } from '../../components/catalogue.ts'

/** What happened to a list, newest first: all of it for those who read the audit log, otherwise its reviews. */
export function History({ id }: { readonly id: string }) {
  return useMay('list', 'event') ? <Events id={id} /> : <Reviews id={id} />
}

function Events({ id }: { readonly id: string }) {
  const names = usePlaceNames(true)
  const query = useInfiniteQuery(eventsOfQuery(`list:${id}`))
  return (
    <Loaded query={query}>
      {(events) => (
        <Moments
          moments={events.map((event) => ({
            id: event.uid,
            at: event.time,
            ...sayEvent(event, names),
          }))}
          onMore={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
        />
      )}
    </Loaded>
  )
}

function Reviews({ id }: { readonly id: string }) {
  const query = useInfiniteQuery(reviewsOfQuery(id))
  return (
    <Loaded query={query}>
      {(reviews) => (
        <Moments
          moments={reviews.map((review) => ({
            id: review.id,
            at: review.reviewDate,
            title: `Reviewed by ${review.reviewers.join(', ')}`,
            text: sayReview(review),
          }))}
          onMore={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
        />
      )}
    </Loaded>
  )
}

const sayReview = ({ notes, changes: { removedMembers, askedRemovals } }: AccessListReviewView): string =>
  [
    removedMembers.length === 0
      ? 'Nobody was removed.'
      : `Removed: ${removedMembers.map((name) => sayName(name)).join(', ')}.`,
    ...(askedRemovals && askedRemovals.length > 0
      ? [`To be removed elsewhere: ${askedRemovals.map((name) => sayName(name)).join(', ')}.`]
      : []),
    notes,
  ].join(' ')

function Moments({
  moments,
  onMore,
}: {
  readonly moments: readonly {
    readonly id: string
    readonly at: string
    readonly title: string
    readonly text: string
  }[]
  readonly onMore: (() => void) | undefined
}) {
  if (moments.length === 0) return <Empty>Nothing has happened to this list that is kept here.</Empty>
  return (
    <Stack align="flex-start" maw={1280}>
      <Timeline bulletSize={12} lineWidth={2} active={moments.length}>
        {moments.map(({ id, at, title, text }) => (
          <Timeline.Item key={id} title={<span className="wrap">{title}</span>}>
            <Text size="sm" c="dimmed" className="wrap">
              <Prose text={text} />
            </Text>
            <Text size="xs" c="dimmed">
              <Time at={at} />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
      {onMore && (
        <Button variant="default" onClick={onMore}>
          Show older
        </Button>
      )}
    </Stack>
  )
}
