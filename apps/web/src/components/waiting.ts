import { useEffect, useSyncExternalStore } from 'react'

/** What comes sooner is not worth a word; the style sheet has the same for what is seen. */
const WORTH_A_WORD_MS = 150

let count = 0
const listeners = new Set<() => void>()

function change(by: 1 | -1): void {
  count += by
  for (const listener of listeners) listener()
}

/** Counts what is mounted as something that is waited for, once it has taken a moment. */
export function useWaiting(): void {
  useEffect(() => {
    let isCounted = false
    const timer = setTimeout(() => {
      isCounted = true
      change(1)
    }, WORTH_A_WORD_MS)
    return () => {
      clearTimeout(timer)
      if (isCounted) change(-1)
    }
  }, [])
}

/** Whether any part of the page is waited for. */
export const useIsWaiting = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => count > 0,
  )
