import { useState } from 'react'
import { useSession } from '../app/session.ts'

/**
 * Something half done that survives a reload and an expired sign-in: it is kept in this browser under the person's own
 * key, and read back through `parse`, which gives `undefined` for what it does not know.
 */
export function useDraft<T>(what: string, start: T, parse: (kept: unknown) => T | undefined) {
  const user = useSession()?.user.id
  const key = `gatehouse.draft.${user ?? ''}.${what}`
  const [held, setHeld] = useState<{ readonly key: string; readonly value: T; readonly isKept: boolean }>()
  const kept = held?.key === key ? held : read(key, start, parse)
  return {
    value: kept.value,
    /** It was begun before, and not only just now. */
    isKept: kept.isKept,
    set: (value: T): void => {
      setHeld({ key, value, isKept: true })
      if (user !== undefined) write(key, JSON.stringify(value))
    },
    clear: (): void => {
      setHeld({ key, value: start, isKept: false })
      write(key, undefined)
    },
  }
}

function read<T>(key: string, start: T, parse: (kept: unknown) => T | undefined) {
  try {
    const value = parse(JSON.parse(localStorage.getItem(key) ?? 'null'))
    return { key, value: value ?? start, isKept: value !== undefined }
  } catch {
    return { key, value: start, isKept: false }
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
