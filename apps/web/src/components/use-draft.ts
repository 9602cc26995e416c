import { useCallback, useState } from 'react'
import { useSession } from '../app/session.ts'

/**
 * Something half done that survives a reload and an expired sign-in: it is kept in this browser under the person's own
 * key, and read back through `parse`, which gives `undefined` for what it does not know.
 */
export function useDraft<T>(what: string, start: T, parse: (kept: unknown) => T | undefined) {
  const user = useSession()?.user.id
  const key = `gatehouse.draft.${user ?? ''}.${what}`
  const [held, setHeld] = useState<Held<T>>()
  // What was typed before it was known who types is kept too.
  const isHeld = held?.what === what && (held.user === user || held.user === undefined)
  const kept = isHeld ? held : read(key, start, parse)
  const set = useCallback(
    (value: T): void => {
      setHeld({ what, user, value, isKept: true })
      if (user !== undefined) write(key, JSON.stringify(value))
    },
    [what, user, key],
  )
  return {
    value: kept.value,
    /** It was begun before, and not only just now. */
    isKept: kept.isKept,
    /** The same function each time, as React's own are. */
    set,
    clear: (): void => {
      setHeld({ what, user, value: start, isKept: false })
      write(key, undefined)
    },
  }
}

interface Held<T> {
  readonly what: string
  readonly user: string | undefined
  readonly value: T
  readonly isKept: boolean
}

function read<T>(key: string, start: T, parse: (kept: unknown) => T | undefined): Pick<Held<T>, 'value' | 'isKept'> {
  try {
    const value = parse(JSON.parse(localStorage.getItem(key) ?? 'null'))
    return { value: value ?? start, isKept: value !== undefined }
  } catch {
    return { value: start, isKept: false }
  }
}

/** A browser that keeps nothing loses a draft on a reload, and nothing else. */
function write(key: string, text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch {
    // Full, or forbidden.
  }
}
