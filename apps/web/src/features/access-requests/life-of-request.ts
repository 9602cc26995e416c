import type { AccessRequestDetailView, AccessRequestView } from '@gatehouse/api'
import type { LifeMoment } from '../../components/lifeline.tsx'
import { sayRows } from './say-row.ts'

type Row = AccessRequestDetailView['assignments'][number]

const VERBS = { approve: 'Approved', deny: 'Denied', promote: 'Answered with membership' } as const
/** Of many reviews the last ones are told: what came before is in the list of all that happened. */
const MOST_REVIEWS = 3

/** Says whether access that was approved is over: at its end, or because it was given back. */
export const isOver = (
  { state, expiresAt, assignments }: Pick<AccessRequestDetailView, 'state' | 'expiresAt' | 'assignments'>,
  now: number,
): boolean =>
  hasEnded({ state, expiresAt }, now) ||
  (state === 'approved' &&
    assignments.length > 0 &&
    assignments.every((row) => row.state === 'ended' || row.state === 'ending'))

const hasEnded = ({ state, expiresAt }: Pick<AccessRequestView, 'state' | 'expiresAt'>, now: number): boolean =>
  state === 'approved' && expiresAt !== undefined && Date.parse(expiresAt) <= now

/** What a request is called now: what was approved and is over has ended. */
export const stateNow = (request: Pick<AccessRequestView, 'state' | 'expiresAt'>, now: number): string =>
  hasEnded(request, now) ? 'ended' : request.state

/** From filing to the end, with what AWS has said by now and what is still to come. */
export function lifeOf(request: AccessRequestDetailView, now: number): readonly LifeMoment[] {
  return [
    { title: 'Filed', state: 'done', at: request.createdAt, text: `by ${request.user}` },
    ...decisionOf(request),
    ...(request.state === 'approved' ? accessOf(request, now) : []),
  ]
}

function decisionOf({
  reviews,
  state,
  resolvedAt,
  pendingUntil,
  rule,
}: AccessRequestDetailView): readonly LifeMoment[] {
  const told = reviews.slice(-MOST_REVIEWS).map(({ verdict, author, at, void: isVoid, rows }): LifeMoment => ({
    title: VERBS[verdict],
    state: verdict === 'deny' || isVoid ? 'failed' : 'done',
    at,
    text: [
      `by ${author}`,
      ...(rows ? [sayRows(rows.length)] : []),
      ...(isVoid ? ['void since: it has changed'] : []),
    ].join(', '),
  }))
  if (state === 'pending')
    return [
      ...told,
      { title: 'Waits for review', state: 'now' },
      { title: 'Expires undecided', state: 'ahead', at: pendingUntil },
    ]
  if (state === 'expired') return [...told, { title: 'Nobody decided in time', state: 'failed', at: pendingUntil }]
  // Whoever's review decided it, decided it at that moment.
  if (resolvedAt === undefined || told.some(({ at }) => at === resolvedAt)) return told
  const by = rule === undefined ? {} : { text: `by the rule ${rule}` }
  return [...told, { title: DECIDED[state], state: state === 'denied' ? 'failed' : 'done', at: resolvedAt, ...by }]
}

const DECIDED = { approved: 'Approved', denied: 'Denied', promoted: 'Answered with membership' } as const

function accessOf(request: AccessRequestDetailView, now: number): readonly LifeMoment[] {
  const { startsAt, resolvedAt, expiresAt, assignments } = request
  const begins = startsAt !== undefined && resolvedAt !== undefined && Date.parse(startsAt) > Date.parse(resolvedAt)
  const isGone = assignments.length > 0 && assignments.every(({ state }) => state === 'ended' || state === 'ending')
  return [
    ...(begins
      ? [{ title: 'Begins', state: Date.parse(startsAt) <= now ? 'done' : 'ahead', at: startsAt } as const]
      : []),
    ...(assignments.length === 0 ? [] : awsOf(assignments, isGone)),
    ...(expiresAt === undefined ? [] : [endOf({ ...request, expiresAt }, isGone, now)]),
    ...(isGone ? [takenAwayOf(assignments)] : []),
  ]
}

/** Nothing is called sent or confirmed before all of it is; in part it is under way. */
function awsOf(rows: readonly Row[], isGone: boolean): readonly LifeMoment[] {
  const sent = rows.filter(({ sentAt, confirmedAt, state }) => sentAt ?? confirmedAt ?? state === 'confirmed')
  const confirmed = rows.filter(
    ({ confirmedAt, state }) => state === 'confirmed' || (isGone && confirmedAt !== undefined),
  )
  const failed = rows.filter(({ state }) => state === 'failed')
  const sentAt = lastOf(rows.map((row) => row.sentAt))
  const confirmedAt = lastOf(
    confirmed.map((row) => row.confirmedAt ?? (row.state === 'confirmed' ? row.at : undefined)),
  )
  const sending = momentOf(['Sent to AWS', 'Goes to AWS'], { some: sent, all: rows, at: sentAt })
  return [
    // Of what he had already nothing was sent.
    ...(sentAt !== undefined || confirmed.length < rows.length ? [sending] : []),
    failed.length > 0
      ? { title: 'AWS refused', state: 'failed', at: lastOf(failed.map(({ at }) => at)), text: shareOf(failed, rows) }
      : momentOf(['Confirmed by AWS', 'AWS confirms'], { some: confirmed, all: rows, at: confirmedAt }),
  ]
}

interface Share {
  readonly some: readonly Row[]
  readonly all: readonly Row[]
  readonly at: string | undefined
}

function momentOf([done, title]: readonly [done: string, before: string], { some, all, at }: Share): LifeMoment {
  const state = stateOf(some, all)
  return { title: state === 'done' ? done : title, state, at, text: shareOf(some, all) }
}

const stateOf = (some: readonly Row[], all: readonly Row[]): LifeMoment['state'] => {
  if (some.length === all.length) return 'done'
  return some.length > 0 || all.some(({ state }) => state === 'saved' || state === 'sent') ? 'now' : 'ahead'
}

const shareOf = (some: readonly Row[], all: readonly Row[]): string =>
  some.length === all.length && all.length === 1 ? '' : `${some.length} of ${all.length}`

function endOf(
  {
    expiresAt,
    assignments,
    rows,
  }: Pick<AccessRequestDetailView, 'assignments' | 'rows'> & { readonly expiresAt: string },
  isGone: boolean,
  now: number,
): LifeMoment {
  const by = rows.find(({ returned }) => returned?.at === expiresAt)?.returned?.by
  if (Date.parse(expiresAt) <= now)
    return { title: 'Ended', state: 'done', at: expiresAt, ...(by === undefined ? {} : { text: `by ${by}` }) }
  if (isGone) return { title: 'Given back', state: 'done', text: 'before its end' }
  const some = assignments.filter(({ state }) => state === 'ended' || state === 'ending').length
  return { title: 'Ends', state: 'ahead', at: expiresAt, text: some > 0 ? `${some} given back already` : '' }
}

function takenAwayOf(rows: readonly Row[]): LifeMoment {
  const ended = rows.filter(({ state }) => state === 'ended')
  return {
    title: 'Gone from AWS',
    state: ended.length === rows.length ? 'done' : 'now',
    at: lastOf(ended.map(({ at }) => at)),
    text: shareOf(ended, rows),
  }
}

const lastOf = (times: readonly (string | undefined)[]): string | undefined =>
  times.filter((at) => at !== undefined).toSorted((a, b) => Date.parse(b) - Date.parse(a))[0]
