import { useSyncExternalStore } from 'react'

/** How high the rows of tables are; kept in this browser. */
export type RowHeight = 'roomy' | 'compact'

/** As the style sheet has them. */
export const ROW_PX: Readonly<Record<RowHeight, number>> = { roomy: 40, compact: 32 }

const KEY = 'gatehouse.rows'
let current = read()
const listeners = new Set<() => void>()

function read(): RowHeight {
  try {
    return localStorage.getItem(KEY) === 'compact' ? 'compact' : 'roomy'
  } catch {
    return 'roomy'
  }
}

export function setRowHeight(next: RowHeight): void {
  try {
    localStorage.setItem(KEY, next)
  } catch {
    // A browser that keeps nothing has it until the page is left.
  }
  current = next
  for (const listener of listeners) listener()
}

export const useRowHeight = (): RowHeight =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => current,
  )
