import { queryOptions } from '@tanstack/react-query'
import { client } from '../../app/client.ts'

/** What the viewer signs in to, and what he may ask to. An organization has few. */
export const applicationsQuery = queryOptions({
  queryKey: ['resources', 'applications'],
  queryFn: ({ signal }) => client.listApplications({ query: { limit: 1000 } }, signal),
  staleTime: 30_000,
})
