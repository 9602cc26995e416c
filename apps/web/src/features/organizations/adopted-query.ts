import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client } from '../../app/client.ts'

const PAGE = 500

/** Assignments that were found in AWS and taken over, read as far as somebody scrolls. */
export const adoptedQuery = (name: string, search: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['organization', name, 'adopted', search],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, cursor: pageParam === '' ? undefined : pageParam, search }
      return client.listAdoptedAssignments({ params: { name }, query }, signal)
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
  })

/** The latest that were ended; what AWS has not confirmed is looked at again soon. */
export const endedQuery = (name: string) =>
  queryOptions({
    queryKey: ['organization', name, 'ended'],
    queryFn: ({ signal }) => client.listEndedAssignments({ params: { name }, query: { limit: PAGE } }, signal),
    refetchInterval: ({ state: { data } }) =>
      data?.items.some(({ state }) => state === 'saved' || state === 'sent') === true ? 2_000 : 30_000,
  })
