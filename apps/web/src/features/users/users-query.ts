import { readWholeExplanation } from '@gatehouse/api'
import { queryOptions } from '@tanstack/react-query'
import { lookEvery } from '../../app/changes.ts'
import { client } from '../../app/client.ts'
import { pagesOf } from '../../components/pages.ts'

const PAGE = 200

export const usersQuery = (search: string | undefined) =>
  pagesOf(['users', search], (cursor, signal) => client.listUsers({ query: { limit: PAGE, cursor, search } }, signal))

export const userQuery = (name: string) =>
  queryOptions({
    queryKey: ['user', name],
    queryFn: ({ signal }) => client.getUser({ params: { name } }, signal),
  })

export const userDocumentQuery = (name: string) =>
  queryOptions({
    queryKey: ['user', name, 'document'],
    queryFn: ({ signal }) => client.getDocument({ params: { kind: 'user', name } }, signal),
    staleTime: 0,
  })

export const accessOfQuery = (user: string) =>
  queryOptions({
    queryKey: ['user', user, 'access'],
    queryFn: ({ signal }) => readWholeExplanation(client, { user }, signal),
    refetchInterval: lookEvery(30_000),
  })
