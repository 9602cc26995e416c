import { counted } from '../kernel/counted.ts'
import type { RemovalBudget } from '../organizations/organization.ts'
import { isUndecided } from './removal-cause.ts'
import { type Operation, operationKey, removalOf, type RemovalKind } from './operation.ts'

/** Everything the guard must know to let removals through that nobody decided. */
export interface GuardInput {
  readonly budget: RemovalBudget
  /** How many managed objects of each kind there are: the base of the percentage. */
  readonly managed: Readonly<Record<RemovalKind, number>>
  /** Undecided removals of each kind that were done in the last 24 hours. */
  readonly used: Readonly<Record<RemovalKind, number>>
  /** Keys of held operations that somebody has released. */
  readonly released: ReadonlySet<string>
  /** Kinds whose last read was failed, partial or suspiciously empty. */
  readonly doubtful: ReadonlySet<RemovalKind>
}

export interface HeldOperation {
  readonly operation: Operation
  readonly reason: string
}

/**
 * Lets through what a person or an end decided, always. Removals that nobody decided are held back together, by kind,
 * when there are more than the budget has left or when the read behind them is doubtful.
 */
export function applyGuard(
  operations: readonly Operation[],
  input: GuardInput,
): { allowed: Operation[]; held: HeldOperation[] } {
  const undecided = new Map<RemovalKind, Operation[]>()
  const allowed: Operation[] = []
  for (const operation of operations) {
    const removal = removalOf(operation)
    const needsBudget = removal && isUndecided(removal.cause)
    if (!needsBudget || input.released.has(operationKey(operation))) allowed.push(operation)
    else {
      const before = undecided.get(removal.kind)
      if (before) before.push(operation)
      else undecided.set(removal.kind, [operation])
    }
  }
  const held: HeldOperation[] = []
  for (const [kind, removals] of undecided) {
    const reason = whyHeld(kind, removals.length, input)
    // One by one: as arguments of one call, two hundred thousand are too many.
    for (const operation of removals) {
      if (reason === undefined) allowed.push(operation)
      else held.push({ operation, reason })
    }
  }
  return { allowed, held }
}

function whyHeld(kind: RemovalKind, count: number, input: GuardInput): string | undefined {
  if (input.doubtful.has(kind)) return 'The last read from AWS was incomplete or suspiciously small.'
  const limit = budgetFor(input.budget, input.managed[kind])
  const left = limit - input.used[kind]
  if (count <= left) return undefined
  return `${counted(count, 'removal')} that nobody decided; ${Math.max(left, 0)} of ${limit} are left for these 24 hours.`
}

export const budgetFor = (budget: RemovalBudget, managed: number): number =>
  Math.max(budget.atLeast, Math.floor((managed * budget.percent) / 100))

/**
 * Says whether a read has lost so much that it is rather the read that is wrong: more than a budget's worth at once,
 * or everything. What is lost that way is not believed on the word of one read.
 */
export function isSuspiciouslySmall(before: number, missing: number, budget: RemovalBudget): boolean {
  if (before === 0 || missing === 0) return false
  return missing > budgetFor(budget, before) || missing === before
}
