import type { Session } from '@gatehouse/api'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { client } from './client.ts'

export const sessionQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => client.getMe({}, signal),
  staleTime: 60_000,
})

/** Who is signed in; absent until it is known. */
export const useSession = (): Session | undefined => useQuery(sessionQuery).data

/** Whether the rules of this person's roles allow it at all; no until it is known. */
export const useMay = (verb: string, kind: string): boolean => useSession()?.rights[kind]?.includes(verb) ?? false
