import { queryOptions } from '@tanstack/react-query'
import { lookEvery } from '../../app/changes.ts'
import { client } from '../../app/client.ts'

export const tasksQuery = queryOptions({
  queryKey: ['tasks'],
  queryFn: ({ signal }) => client.listTasks({ query: { limit: 100 } }, signal),
  refetchInterval: lookEvery(30_000),
})
