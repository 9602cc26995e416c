import type { Branded } from '../kernel/branded.ts'

/** Opaque: checked for length and control characters only, because AWS-compatible servers differ. */
export type PermissionSetArn = Branded<string, 'PermissionSetArn'>

/** AWS's template of permissions. */
export interface PermissionSet {
  readonly arn: PermissionSetArn
  readonly name: string
  readonly description: string
  /** ISO 8601, as AWS says it: how long one role session lasts. */
  readonly sessionDuration: string
}
