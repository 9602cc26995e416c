import type { AuditLog, AuditQuery } from '@gatehouse/application'
import type { Instant, RecordedAuditEvent } from '@gatehouse/domain'

const PAGE = 1_000

/**
 * What events of a kind say, from an instant on that only moves on; the oldest first. What was read is kept: the log only
 * grows, so each event is read once, however often somebody looks.
 */
export function createEventTail<T extends { readonly at: Instant }>(
  auditLog: Pick<AuditLog, 'list'>,
  query: Pick<AuditQuery, 'event' | 'subject'>,
  parse: (event: RecordedAuditEvent) => readonly T[],
): (from: Instant, signal: AbortSignal) => Promise<readonly T[]> {
  let known: { readonly seq?: number; readonly items: readonly T[] } = { items: [] }
  return async (from, signal) => {
    const items = known.items.filter(({ at }) => at >= from)
    let after = known.seq
    for (;;) {
      const asked = { ...query, order: 'oldest', from, limit: PAGE, ...(after === undefined ? {} : { after }) } as const
      const page = await auditLog.list(asked, signal)
      for (const event of page) items.push(...parse(event))
      after = page.at(-1)?.seq ?? after
      if (page.length < PAGE) break
    }
    known = { items, ...(after === undefined ? {} : { seq: after }) }
    return items
  }
}
