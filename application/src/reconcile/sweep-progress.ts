import type { Instant } from '@gatehouse/domain'

/** What a sweep is about, in the order in which it gets there. */
export type SweepPhase = 'listing' | 'permission-sets' | 'members' | 'assignments' | 'adopting'

/** How far a sweep has come. */
export interface SweepProgress {
  readonly phase: SweepPhase
  readonly done: number
  /** Of this phase; absent while it is not known. */
  readonly total?: number
  /** When this phase began. */
  readonly since: Instant
}

export type ReportProgress = (phase: SweepPhase, done: number, total?: number) => void

/** Reports a phase at its beginning and after each of its items. */
export function counting<T, R>(
  report: ReportProgress,
  { phase, total }: { readonly phase: SweepPhase; readonly total: number },
  run: (item: T) => Promise<R>,
): (item: T) => Promise<R> {
  let done = 0
  report(phase, done, total)
  return async (item) => {
    const result = await run(item)
    report(phase, ++done, total)
    return result
  }
}

/** Keeps the last report, with the time at which its phase began. */
export function createSweepProgress(now: () => Instant): {
  readonly report: ReportProgress
  readonly latest: () => SweepProgress | undefined
  readonly clear: () => void
} {
  let latest: SweepProgress | undefined
  return {
    report(phase: SweepPhase, done: number, total?: number): void {
      const since = latest?.phase === phase ? latest.since : now()
      latest = { phase, done, since, ...(total === undefined ? {} : { total }) }
    },
    latest: (): SweepProgress | undefined => latest,
    clear(): void {
      latest = undefined
    },
  }
}
