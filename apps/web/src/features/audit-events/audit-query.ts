import type { AuditEventView } from '@gatehouse/api'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { lookEvery } from '../../app/changes.ts'
import { client } from '../../app/client.ts'

const PAGE = 100
/** While nobody says that there are new events. */
const EVERY_MS = 5_000

export interface AuditFilter {
  readonly event?: string | undefined
  readonly user?: string | undefined
  readonly subject?: string | undefined
  readonly text?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      client.listAuditEvents({ query: { ...filter, limit: PAGE, cursor: pageParam } }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state: { data } }) => ((data?.pages.length ?? 0) > 1 ? false : lookEvery(EVERY_MS)()),
  })

/** An event never changes. */
export const eventQuery = (uid: string) =>
  queryOptions({
    queryKey: ['audit-event', uid],
    queryFn: ({ signal }) => client.getAuditEvent({ params: { uid } }, signal),
    staleTime: Infinity,
  })

/** All that the filter lets through, oldest first, a line of JSON for each. */
export async function exportEvents(filter: AuditFilter): Promise<Blob> {
  const lines: string[] = []
  let cursor: string | undefined
  do {
    const page = await client.listAuditEvents({ query: { ...filter, order: 'oldest', limit: 1000, cursor } })
    lines.push(...page.items.map((event: AuditEventView) => `${JSON.stringify(event)}\n`))
    cursor = page.next
  } while (cursor !== undefined)
  return new Blob(lines, { type: 'application/x-ndjson' })
}
