import type { AccessList } from '../access-lists/access-list.ts'
import type { ApprovalRule } from '../approval-rules/approval-rule.ts'
import type { Bundle } from '../bundles/bundle.ts'
import { withRecords } from '../desired-state/join-views.ts'
import type { AccessListId } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import type { Lock } from '../locks/lock.ts'
import type { Role } from '../roles/role.ts'
import type { ServiceProvider } from '../saml/service-provider.ts'
import type { User } from '../users/user.ts'
import type { Document, DocumentWarning } from './document.ts'
import type { GovernanceChange } from './governance-change.ts'
import { type ApplyInput, Lookup } from './lookup.ts'
import { changedOf, sameContent } from './same-content.ts'

/** What becomes of the record that a document is about. */
export interface DocumentOutcome {
  readonly kind: Document['kind']
  readonly name: string
  readonly action: 'created' | 'updated' | 'unchanged'
}

/** The records as several documents leave them, one after the other. What is named ignoring case is kept in lower case. */
export class Drafts {
  readonly input: ApplyInput
  readonly roles: Map<string, Role>
  readonly users: Map<string, User>
  readonly lists: Map<AccessListId, AccessList>
  readonly locks: Map<string, Lock>
  readonly providers: Map<string, ServiceProvider>
  readonly bundles: Map<string, Bundle>
  readonly approvalRules: Map<string, ApprovalRule>
  readonly outcomes: DocumentOutcome[] = []
  readonly warnings: DocumentWarning[] = []
  readonly lookup: Lookup

  constructor(input: ApplyInput) {
    const { view } = input
    this.input = input
    this.roles = byName(view.roles)
    this.users = byName(view.users)
    this.lists = new Map(view.lists.map((list) => [list.id, list]))
    this.locks = new Map(view.locks.map((lock) => [lock.id, lock]))
    this.providers = byName(view.serviceProviders)
    this.bundles = byName(view.bundles)
    this.approvalRules = byName(view.approvalRules)
    this.lookup = new Lookup(input, { users: this.users, lists: this.lists }, this.warnings)
  }

  /** From here on the roles of the documents are known under their names. */
  readRoles(): void {
    this.lookup.view = withRecords(this.lookup.view, { roles: [...this.roles.values()] })
  }

  refuseExisting(kind: string, name: string, exists: boolean): void {
    if (exists && this.input.mode === 'create') throw new DomainError({ code: 'already-exists', kind, name })
  }

  /** Names that are unique ignoring case; one is written as it was at first. */
  refuseOtherSpelling(kind: string, name: string, before: { readonly name: string } | undefined): void {
    if (!before || before.name === name) return
    const remedy = 'Names are unique ignoring case: write it like that.'
    throw new DomainError({ code: 'already-exists', kind, name: before.name, remedy })
  }

  /** Unchanged content keeps the record as it is; otherwise its revision counts up. */
  settle<T extends { revision: number }>(
    kind: Document['kind'],
    name: string,
    before: T | undefined,
    content: Omit<T, 'revision'>,
  ): T {
    const next = { ...content, revision: (before?.revision ?? 0) + 1 } as T // the content of a T with the one field it lacks
    const same = before !== undefined && sameContent(before, next)
    this.outcomes.push({ kind, name, action: same ? 'unchanged' : before ? 'updated' : 'created' })
    return same ? before : next
  }

  changes(): readonly GovernanceChange[] {
    const { view } = this.input
    const roles = changedOf(view.roles, this.roles.values(), ({ name }) => name)
    const users = changedOf(view.users, this.users.values(), ({ id }) => id)
    const lists = changedOf(view.lists, this.lists.values(), ({ id }) => id)
    const locks = changedOf(view.locks, this.locks.values(), ({ id }) => id)
    const providers = changedOf(view.serviceProviders, this.providers.values(), ({ name }) => name)
    const bundles = changedOf(view.bundles, this.bundles.values(), ({ name }) => name)
    const rules = changedOf(view.approvalRules, this.approvalRules.values(), ({ name }) => name)
    return [
      ...roles.map((role) => ({ put: 'role', role }) as const),
      ...users.map((user) => ({ put: 'user', user }) as const),
      ...lists.map((list) => ({ put: 'list', list }) as const),
      ...locks.map((lock) => ({ put: 'lock', lock }) as const),
      ...providers.map((provider) => ({ put: 'service-provider', provider }) as const),
      ...bundles.map((bundle) => ({ put: 'bundle', bundle }) as const),
      ...rules.map((rule) => ({ put: 'approval-rule', rule }) as const),
    ]
  }
}

const byName = <T extends { readonly name: string }>(records: readonly T[]): Map<string, T> =>
  new Map(records.map((record) => [record.name.toLowerCase(), record]))
