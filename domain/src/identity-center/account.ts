import type { Branded } from '../kernel/branded.ts'
import type { Labels } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'

/** Twelve digits when a person types it; opaque when AWS says it. */
export type AccountId = Branded<string, 'AccountId'>

/** @throws DomainError `invalid-value` unless the text is twelve digits. */
export function parseAccountId(text: string): AccountId {
  if (!/^\d{12}$/.test(text)) throw new DomainError({ code: 'invalid-value', text, expected: 'twelve digits' })
  return text as AccountId
}

/** An AWS account of the organization, as the mirror last saw it. */
export interface Account {
  readonly id: AccountId
  readonly name: string
  readonly arn: string
  readonly email: string
  /** Organizations' `State`; anything but ACTIVE is skipped, and shown. */
  readonly state: 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED'
  readonly isManagement: boolean
  /** Absent where the optional permission to read them is missing. */
  readonly tags?: Labels
  /** From the account's own organizational unit up to the root; absent where it can't be read. */
  readonly parents?: readonly OrganizationalUnit[]
  /** The organizational unit that holds the account directly, where nothing is known of what lies above it. */
  readonly parent?: string
}

/** An organizational unit, or the root. */
export interface OrganizationalUnit {
  readonly id: string
  /** Absent where the optional permission to read names is missing. */
  readonly name?: string
}

/**
 * `Root/Workloads/Prod`, or nothing while any of the names is not known. A slash within a name is written `%2F`, so that
 * no organizational unit can pass for two.
 */
export function organizationalPath(account: Account): string | undefined {
  const known = paths.get(account)
  if (known !== undefined) return known
  const names = account.parents?.toReversed().map(({ name }) => name?.replaceAll('%', '%25').replaceAll('/', '%2F'))
  const path = names?.every((name) => name !== undefined) ? names.join('/') : undefined
  if (path !== undefined) paths.set(account, path)
  return path
}

/** Each is asked for again and again, by every part of a filter and every account of a page. */
const paths = new WeakMap<Account, string>()
