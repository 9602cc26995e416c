import { useMemo, useState } from 'react'
import { useSession } from '../../app/session.ts'

/** So many accounts that somebody went to last. */
const MOST_RECENT = 10

/** Accounts that somebody marked, and those he went to last, as this browser remembers them of this person. */
export function useRemembered() {
  const user = useSession()?.user.id ?? ''
  const kept = useMemo(() => read(user), [user])
  const [held, setHeld] = useState<{ readonly user: string } & Remembered>()
  const { favourites, recent } = held?.user === user ? held : kept
  return useMemo(() => {
    const keep = (next: Remembered): void => {
      setHeld({ user, ...next })
      if (user === '') return
      try {
        localStorage.setItem(keyOf(user), JSON.stringify(next))
      } catch {
        // A browser that keeps nothing forgets it with the page.
      }
    }
    const without = (accounts: readonly string[], account: string) => accounts.filter((one) => one !== account)
    return {
      favourites,
      recent,
      mark: (account: string): void =>
        keep({
          recent,
          favourites: favourites.includes(account) ? without(favourites, account) : [...favourites, account],
        }),
      visit: (account: string): void =>
        keep({ favourites, recent: [account, ...without(recent, account)].slice(0, MOST_RECENT) }),
    }
  }, [user, favourites, recent])
}

interface Remembered {
  readonly favourites: readonly string[]
  readonly recent: readonly string[]
}

const keyOf = (user: string): string => `gatehouse.accounts.${user}`

function read(user: string): Remembered {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(user)) ?? 'null')
    if (typeof kept !== 'object' || kept === null) return { favourites: [], recent: [] }
    return {
      favourites: 'favourites' in kept ? accountsIn(kept.favourites) : [],
      recent: 'recent' in kept ? accountsIn(kept.recent) : [],
    }
  } catch {
    return { favourites: [], recent: [] }
  }
}

const accountsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string' && /^\d{12}$/.test(one)) : []
