import { useSyncExternalStore } from 'react'

let hasEnded = false
const watchers = new Set<() => void>()

function set(next: boolean): void {
  if (next === hasEnded) return
  hasEnded = next
  for (const watcher of watchers) watcher()
}

/** The server knows nobody of this browser any more, and the page keeps what was typed. */
export const endSession = (): void => set(true)
export const resumeSession = (): void => set(false)

export const useSessionEnd = (): boolean =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => hasEnded,
  )
