import type { Branded } from '../kernel/branded.ts'
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
}
