import type { AuditQuery } from '@gatehouse/application'

/** No index finds a text anywhere, so this many events are looked through for a page, and the next page goes on there. */
const EVENTS_PER_TEXT_SEARCH = 50_000

interface Stretch {
  readonly within: Pick<AuditQuery, 'before' | 'after'>
  /** Where the next page starts, if there is anything beyond. */
  readonly next: number | undefined
}

/** The events that one page of a search for a text looks through. */
export function stretchOf(
  { order, before, after = 0 }: Pick<AuditQuery, 'order' | 'before' | 'after'>,
  newest: number,
  size = EVENTS_PER_TEXT_SEARCH,
): Stretch {
  if (order === 'oldest') {
    const end = after + size
    return { within: { after, before: end + 1 }, next: end < newest ? end : undefined }
  }
  const from = before ?? newest + 1
  const end = from - size
  return { within: { before: from, after: Math.max(0, end - 1) }, next: end > 1 ? end : undefined }
}
