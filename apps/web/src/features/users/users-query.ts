import { readWholeExplanation } from '@gatehouse/api'
import { queryOptions } from '@tanstack/react-query'
import { lookEvery } from '../../app/changes.ts'
import { client } from '../../app/client.ts'
import { pagesOf } from '../../components/pages.ts'

const PAGE = 200

const SORTS = ['name', '-name', 'created', '-created'] as const

export function usersQuery(search: string | undefined, asked: string | undefined) {
  const sort = SORTS.find((known) => known === asked)
  return pagesOf(
    ['users', search, sort],
    (cursor, signal) => client.listUsers({ query: { limit: PAGE, cursor, search, sort } }, signal),
    1,
  )
}

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

const LATEST = 12

/** Both sides, each event once. */
export const activityQuery = ({ id, name }: { readonly id: string; readonly name: string }) =>
  queryOptions({
    queryKey: ['audit', 'of-user', id, name],
    async queryFn({ signal }) {
      const sides = [{ subject: `user:${id}` }, { user: name }]
      const pages = await Promise.all(
        sides.map((side) => client.listAuditEvents({ query: { ...side, limit: LATEST } }, signal)),
      )
      const events = new Map(pages.flatMap(({ items }) => items.map((event) => [event.seq, event] as const)))
      return [...events.values()].toSorted((a, b) => b.seq - a.seq).slice(0, LATEST)
    },
    refetchInterval: lookEvery(30_000),
  })
