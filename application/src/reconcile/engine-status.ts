import type { DriftFinding, HeldOperation, Instant, PlanNote } from '@gatehouse/domain'
import type { AccountMoves, JournalEntry } from '../ports/store.ts'
import type { EngineState } from './engine-state.ts'
import type { Running } from './executor.ts'
import type { ServiceUsage } from './meter-calls.ts'
import type { WorkUsage } from './meter-work.ts'
import type { SweepProgress } from './sweep-progress.ts'

/** What the engine of one organization knows about itself. */
export interface EngineStatus {
  readonly sweep: {
    readonly lastAt?: Instant
    readonly nextAt?: Instant
    readonly running: boolean
    /** Of the one that is running. */
    readonly progress?: SweepProgress
    readonly error?: string
  }
  readonly round: { readonly lastAt?: Instant; readonly error?: string }
  readonly oldestVisitAt?: Instant
  /** Whether everything that AWS held has become a record. */
  readonly adopted: boolean
  readonly managed: {
    readonly users: number
    readonly groups: number
    readonly members: number
    readonly assignments: number
  }
  readonly running: readonly Running[]
  readonly waiting: readonly JournalEntry[]
  readonly held: readonly HeldOperation[]
  /** What changed in AWS and waits for a person. */
  readonly drift: readonly DriftFinding[]
  readonly findings: EngineState['mirror']['findings']
  readonly notes: readonly PlanNote[]
  readonly clockBehind: boolean
  /** The last accounts that came into the filter or fell out of it. */
  readonly accountMoves?: AccountMoves
}

/** What this process did in AWS in the last hour. */
export interface EngineMetrics extends WorkUsage {
  readonly now: Instant
  /** When it began to act on AWS. */
  readonly startedAt: Instant
  readonly services: readonly ServiceUsage[]
}
