import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { lookEvery } from '../../app/changes.ts'
import { client } from '../../app/client.ts'
import { linesOf } from './lines-of.ts'

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
export const exportEvents = (filter: AuditFilter, options: Parameters<typeof linesOf>[1]): Promise<Blob> =>
  linesOf((page) => client.listAuditEvents({ query: { ...filter, ...page, order: 'oldest' } }, options.signal), options)
