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

/** A permission set as AWS tells it when somebody is about to decide on it. Equal contents give equal values. */
export interface PermissionSetReading extends PermissionSet {
  /** Where the portal's console link leads, if not to the console's first page. */
  readonly relayState?: string
  /** Absent where the optional permission to read them is missing: then nobody knows what the set allows. */
  readonly policies?: PermissionSetPolicies
}

/** What a permission set allows; lists are sorted and hold nothing twice. */
export interface PermissionSetPolicies {
  /** The document's text as AWS gives it; absent when the set has none. */
  readonly inlinePolicy?: string
  /** ARNs of AWS's own policies. */
  readonly managedPolicies: readonly string[]
  /** Policies that each account holds under this name and path. */
  readonly customerManagedPolicies: readonly CustomerManagedPolicy[]
  /** What the set can never go beyond. */
  readonly permissionsBoundary?:
    | { readonly managedPolicy: string }
    | { readonly customerManagedPolicy: CustomerManagedPolicy }
}

export interface CustomerManagedPolicy {
  readonly name: string
  readonly path: string
}
