import type { AccessRequestDetailView } from '@gatehouse/api'
import { Text, Timeline, Title } from '@mantine/core'
import { Time } from '../../components/time.tsx'
import { Prose } from '../../components/prose.tsx'
import { sayName } from '../../components/say-name.ts'
import { sayRow, sayRows } from './say-row.ts'

interface Moment {
  readonly at: string
  readonly title: string
  readonly text?: string
}

/** What happened, newest first. */
export function Activity({ request }: { readonly request: AccessRequestDetailView }) {
  // Of what happened at one moment, too, the last comes first.
  const moments = momentsOf(request)
    .toReversed()
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
  return (
    <section aria-labelledby="activity">
      <Title order={2} id="activity" mb="xs">
        What happened
      </Title>
      <Timeline bulletSize={12} lineWidth={2} active={moments.length}>
        {moments.map(({ at, title, text }) => (
          <Timeline.Item key={`${at} ${title}`} title={<span className="wrap">{title}</span>}>
            {text !== undefined && text !== '' && (
              <Text size="sm" className="wrap">
                <Prose text={text} />
              </Text>
            )}
            <Text size="xs" c="dimmed">
              <Time at={at} />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </section>
  )
}

const VERBS = { approve: 'approved', deny: 'denied', promote: 'answered with membership' } as const

function momentsOf(request: AccessRequestDetailView): readonly Moment[] {
  const { user, createdAt, resolvedAt, state, startsAt } = request
  return [
    { at: createdAt, title: `${sayName(user)} asked` },
    ...reviewsOf(request),
    ...(resolvedAt === undefined || state === 'pending' ? [] : [{ at: resolvedAt, title: `The request is ${state}` }]),
    ...(startsAt !== undefined && startsAt !== resolvedAt && Date.parse(startsAt) <= Date.now()
      ? [{ at: startsAt, title: 'The access began' }]
      : []),
    ...request.assignments.flatMap(awsOf),
    ...endsOf(request),
  ]
}

const reviewsOf = ({ reviews }: AccessRequestDetailView): readonly Moment[] =>
  reviews.map(({ author, verdict, at, reason, rows, void: isVoid }) => ({
    at,
    title: `${sayName(author)} ${VERBS[verdict]}${rows ? ` ${sayRows(rows.length)}` : ''}${isVoid ? ', which is void: it has changed since' : ''}`,
    text: reason,
  }))

/** What AWS confirmed stays told when it is gone. */
function awsOf(row: AccessRequestDetailView['assignments'][number]): readonly Moment[] {
  const { state, at, confirmedAt = state === 'confirmed' ? at : undefined, reason } = row
  const what = `${sayName(row.permissionSet)} on ${sayName(row.accountName)}`
  return [
    ...(confirmedAt === undefined ? [] : [{ at: confirmedAt, title: `AWS confirmed ${what}` }]),
    // Where something else keeps it, AWS has it still, and why is told.
    ...(state === 'ended' && at !== undefined && reason === undefined
      ? [{ at, title: `AWS confirmed that ${what} is gone` }]
      : []),
  ]
}

/** What was given back at one time is told once, and the end of all of it too. */
function endsOf(request: AccessRequestDetailView): readonly Moment[] {
  const { rows, expiresAt } = request
  const returned = Map.groupBy(
    rows.flatMap((row) => (row.returned ? [{ row, ...row.returned }] : [])),
    ({ at, by }) => `${at} ${by ?? ''}`,
  )
  const given = rows.filter(({ state }) => state === 'returned' || state === 'approved').length
  const ends = [...returned.values()].flatMap(([first, ...others]): Moment[] => {
    if (!first) return []
    const count = others.length + 1
    const what = count === 1 ? sayRow(first.row, request) : sayRows(count)
    const who = first.by === undefined ? '' : ` by ${sayName(first.by)}`
    return [
      { at: first.at, title: count === given ? `The access was ended${who}` : `${what} ended${who} before the rest` },
    ]
  })
  const isTold = ends.some(({ at }) => at === expiresAt)
  return expiresAt !== undefined && !isTold && Date.parse(expiresAt) <= Date.now()
    ? [...ends, { at: expiresAt, title: 'The access ended' }]
    : ends
}
