import type { DriftKind } from '../organizations/organization.ts'
import { type Operation, operationKey } from './operation.ts'

/** Something that was changed in AWS, and that drift policy leaves to a person. */
export interface DriftFinding {
  readonly kind: DriftKind
  /** What happened in AWS. */
  readonly message: string
  /** What would take it back. */
  readonly operation: Operation
}

/** What records can follow: what came in AWS, not what went, which is decided here, by a role or a list. */
export const mayFollow = ({ kind }: DriftFinding): boolean =>
  kind === 'assignment-added' || kind === 'member-added' || kind === 'group-renamed'

/** What is released when somebody lets the records follow what happened in AWS, instead of taking it back. */
export const followKey = (operationKey: string): string => `follow ${operationKey}`
export const followedKeys = (released: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...released].filter(isFollowKey).map((key) => key.slice(followKey('').length)))
export const isFollowKey = (key: string): boolean => key.startsWith('follow ')

/** What somebody has said is to be taken back is an operation like any other; the rest stays a finding. */
export function splitDrift(
  findings: readonly DriftFinding[],
  released: ReadonlySet<string>,
): { readonly takenBack: readonly Operation[]; readonly left: readonly DriftFinding[] } {
  const isTakenBack = ({ operation }: DriftFinding): boolean => released.has(operationKey(operation))
  return {
    takenBack: findings.filter(isTakenBack).map(({ operation }) => operation),
    left: findings.filter((finding) => !isTakenBack(finding)),
  }
}
