import { randomUUID } from 'node:crypto'
import type { FaultDescription, FaultKind, FaultOf } from './fault.ts'

/** What a fault is matched against. */
export interface FaultTarget {
  readonly service: string
  readonly operation: string
  readonly account?: string | undefined
}
export type Fault = FaultDescription & {
  readonly id: string
  readonly met: number
  readonly skipped: number
  readonly setAt: number
}

/** The faults that are set, and which of them a call meets. */
export interface Faults {
  add(fault: FaultDescription, now: number): Fault
  list(now: number): readonly Fault[]
  remove(id: string): boolean
  clear(): void
  /** The oldest live fault of these kinds that the call meets; that it did is counted. */
  meet<Kind extends FaultKind>(kinds: readonly Kind[], target: FaultTarget, now: number): FaultOf<Kind> | undefined
}

export function createFaults(): Faults {
  const faults = new Map<string, Fault>()

  function live(now: number): readonly Fault[] {
    for (const fault of faults.values()) if (isOver(fault, now)) faults.delete(fault.id)
    return [...faults.values()]
  }

  return {
    add(description, now) {
      const fault = { ...description, id: randomUUID(), met: 0, skipped: 0, setAt: now }
      faults.set(fault.id, fault)
      return fault
    },
    list: live,
    remove: (id) => faults.delete(id),
    clear: () => faults.clear(),
    meet(kinds, target, now) {
      for (const fault of live(now)) {
        if (!isOfKind(fault, kinds) || !matches(fault, target)) continue
        if (fault.probability < 1 && Math.random() >= fault.probability) continue
        if (fault.skipped < fault.skip) {
          faults.set(fault.id, { ...fault, skipped: fault.skipped + 1 })
          continue
        }
        faults.set(fault.id, { ...fault, met: fault.met + 1 })
        return fault
      }
      return undefined
    },
  }
}

function isOfKind<Kind extends FaultKind>(fault: Fault, kinds: readonly Kind[]): fault is Fault & FaultOf<Kind> {
  return kinds.some((kind) => kind === fault.kind)
}

function isOver(fault: Fault, now: number): boolean {
  if (fault.times !== undefined && fault.met >= fault.times) return true
  return fault.durationMs !== undefined && now >= fault.setAt + fault.durationMs
}

function matches(fault: Fault, target: FaultTarget): boolean {
  return (
    matchesGlob(fault.service, target.service) &&
    matchesGlob(fault.operation, target.operation) &&
    matchesGlob(fault.account, target.account)
  )
}

function matchesGlob(glob: string | undefined, text: string | undefined): boolean {
  if (glob === undefined) return true
  if (text === undefined) return false
  return glob.split('|').some((alternative) => {
    const pattern = alternative.split('*').map((part) => part.replaceAll(/[\\^$.?+()[\]{}]/g, String.raw`\$&`))
    return new RegExp(`^${pattern.join('.*')}$`, 'i').test(text)
  })
}
