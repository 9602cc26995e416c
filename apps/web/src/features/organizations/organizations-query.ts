import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client } from '../../app/client.ts'

const PAGE = 1000

export const organizationsQuery = queryOptions({
  queryKey: ['organizations'],
  queryFn: ({ signal }) => client.listOrganizations({}, signal),
  staleTime: 60_000,
})

export const organizationQuery = (name: string) =>
  queryOptions({
    queryKey: ['organization', name],
    queryFn: ({ signal }) => client.getOrganization({ params: { name } }, signal),
  })

export const statusQuery = (name: string) =>
  queryOptions({
    queryKey: ['organization', name, 'status'],
    queryFn: ({ signal }) => client.getOrganizationStatus({ params: { name }, query: { limit: PAGE } }, signal),
    // What is on its way to AWS is looked at again soon.
    refetchInterval: ({ state: { data } }) => ((data?.inFlight.length ?? 0) > 0 || !data?.adopted ? 2_000 : 10_000),
  })

/** What waits in AWS for a decision, as far as it was read; of several pages the first is read again more seldom. */
export const driftQuery = (name: string) =>
  infiniteQueryOptions({
    queryKey: ['organization', name, 'drift'],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, cursor: pageParam === '' ? undefined : pageParam }
      return client.getOrganizationStatus({ params: { name }, query }, signal)
    },
    initialPageParam: '',
    getNextPageParam: ({ next, totals }, pages) =>
      pages.reduce((sum, { drift }) => sum + drift.length, 0) < totals.drift ? next : undefined,
    select: ({ pages }) => {
      const drift = new Map(pages.flatMap((page) => page.drift.map((finding) => [finding.operation.key, finding])))
      return { drift: [...drift.values()], total: pages.at(-1)?.totals.drift ?? 0 }
    },
    refetchInterval: ({ state: { data } }) => ((data?.pages.length ?? 1) > 1 ? 60_000 : 10_000),
  })

/** The last hour, whose latest slot is ten seconds long. */
export const metricsQuery = (name: string) =>
  queryOptions({
    queryKey: ['organization', name, 'metrics'],
    queryFn: ({ signal }) => client.getOrganizationMetrics({ params: { name } }, signal),
    refetchInterval: 10_000,
  })

/** A page after the first is of the plan whose first page was read; another plan is read from its start. */
export const planQuery = (name: string, account?: string) =>
  infiniteQueryOptions({
    queryKey: ['organization', name, 'plan', ...(account === undefined ? [] : [account])],
    queryFn: ({ pageParam, signal }) =>
      client.getPlan(
        { params: { name }, query: { limit: PAGE, account, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
    refetchInterval: 15_000,
  })

/** With where each stands to the filter. */
export const accountsQuery = (name: string, shown: { search: string | undefined; inside: boolean | undefined }) =>
  infiniteQueryOptions({
    queryKey: ['organization', name, 'accounts', shown],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, cursor: pageParam === '' ? undefined : pageParam, ...shown }
      return client.listOrganizationAccounts({ params: { name }, query }, signal)
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
    staleTime: 60_000,
  })
