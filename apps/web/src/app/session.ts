import type { Session } from '@gatehouse/api'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { client } from './client.ts'

/** Who opened the page: it stays that person's, whoever signs in in another window. */
let opened: Session | undefined
let another: Session['user'] | undefined
const watchers = new Set<() => void>()

export const sessionQuery = queryOptions({
  queryKey: ['me'],
  async queryFn({ signal }): Promise<Session> {
    const session = await client.getMe({}, signal)
    const isAnother = opened !== undefined && opened.user.id !== session.user.id
    setAnother(isAnother ? session.user : undefined)
    opened = isAnother ? opened : session
    return opened ?? session
  },
  staleTime: 60_000,
})

function setAnother(user: Session['user'] | undefined): void {
  if (user?.id === another?.id) return
  another = user
  for (const watcher of watchers) watcher()
}

/** Who is signed in; absent until it is known. */
export const useSession = (): Session | undefined => useQuery(sessionQuery).data

/** Who has signed in in this browser since the page was opened by somebody else. */
export const useAnother = (): Session['user'] | undefined =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => another,
  )

/** Whether the rules of this person's roles allow it at all; no until it is known. */
export const useMay = (verb: string, kind: string): boolean => useSession()?.rights[kind]?.includes(verb) ?? false
