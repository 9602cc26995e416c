import { queryOptions } from '@tanstack/react-query'
import { client } from '../../app/client.ts'

export const tasksQuery = queryOptions({
  queryKey: ['tasks'],
  queryFn: ({ signal }) => client.listTasks({ query: { limit: 100 } }, signal),
  refetchInterval: 30_000,
})
