import type { AccountSelector } from '../identity-center/account-selector.ts'
import type { Branded } from '../kernel/branded.ts'
import type { Labels } from '../kernel/names.ts'
import type { Pattern } from '../kernel/pattern.ts'

/** Unique ignoring case. */
export type BundleName = Branded<string, 'BundleName'>

/** A named set of accounts × permission sets that is asked for as one. What it holds follows the catalogue. */
export interface Bundle {
  readonly name: BundleName
  /** What people see; empty: the name. */
  readonly title: string
  readonly description: string
  readonly labels: Labels
  /** Each entry adds accounts. */
  readonly accounts: readonly AccountSelector[]
  readonly permissionSets: readonly PermissionSetSelector[]
  readonly exclude: BundleExclusions
  readonly revision: number
}

/** Matched against the ARN when it begins like one, otherwise against the name. */
export type PermissionSetSelector = Pattern

/** Each entry takes out every row that it is about, by itself: adding one never gives anything back. */
export interface BundleExclusions {
  readonly accounts: readonly AccountSelector[]
  readonly permissionSets: readonly PermissionSetSelector[]
}

export const EXCLUDES_NOTHING: BundleExclusions = { accounts: [], permissionSets: [] }
