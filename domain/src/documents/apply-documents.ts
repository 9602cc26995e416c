import { type AccessList, type Member, memberKey, NO_GRANTS } from '../access-lists/access-list.ts'
import { refuseExternal, withMember } from '../access-lists/manage-members.ts'
import { checkLists } from '../access-lists/nesting.ts'
import { withFirstAuditDate } from '../access-lists/next-audit-date.ts'
import type { AuditEvent } from '../audit/audit-event.ts'
import type { ApprovalRule } from '../approval-rules/approval-rule.ts'
import type { Bundle } from '../bundles/bundle.ts'
import { whatToKnow } from '../bundles/what-to-know.ts'
import { createView, type View } from '../desired-state/view.ts'
import type { AccessListId } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import type { Lock } from '../locks/lock.ts'
import { isBuiltIn } from '../roles/preset-roles.ts'
import type { Role } from '../roles/role.ts'
import type { RuleResource } from '../roles/rules.ts'
import { checkMayAdminister, draftServiceProvider } from '../saml/draft-service-provider.ts'
import type { ServiceProvider } from '../saml/service-provider.ts'
import type { User } from '../users/user.ts'
import { whyNotPushed } from '../users/user-profile.ts'
import type {
  AccessListDocument,
  ApprovalRuleDocument,
  BundleDocument,
  Document,
  DocumentWarning,
  LockDocument,
  MemberDocument,
  MemberEntry,
  ParsedDocument,
  RoleDocument,
  ServiceProviderDocument,
  UserDocument,
} from './document.ts'
import { authorizeMember, authorizeRecord, resourceOf } from './authorize-document.ts'
import { warningsAfter } from './document-warnings.ts'
import { approvalRuleOf } from './draft-approval-rule.ts'
import { eventsOfChanges } from './events-of-changes.ts'
import { type GovernanceChange, viewAfter } from './governance-change.ts'
import { type ApplyInput, Lookup, notFound, place } from './lookup.ts'
import { changedOf, sameContent } from './same-content.ts'

export type { ApplyInput } from './lookup.ts'

export interface Applied {
  readonly changes: readonly GovernanceChange[]
  readonly events: readonly AuditEvent[]
  readonly outcomes: readonly { kind: Document['kind']; name: string; action: 'created' | 'updated' | 'unchanged' }[]
  readonly warnings: readonly DocumentWarning[]
  /** The records as they would be. */
  readonly after: View
}

/** What others may name comes first. */
const KINDS_IN_ORDER = [
  'role',
  'user',
  'access_list',
  'access_list_member',
  'lock',
  'saml_idp_service_provider',
  'bundle',
  'approval_rule',
] as const satisfies readonly Document['kind'][]

/**
 * Works out what several documents change, together: they may name one another in any order, and either all of them are
 * right or nothing is changed.
 * @throws DomainError
 */
export function applyDocuments(documents: readonly ParsedDocument[], input: ApplyInput): Applied {
  const drafting = new Drafting(input)
  for (const parsed of documents) drafting.authorize(parsed)
  for (const kind of KINDS_IN_ORDER) {
    for (const parsed of documents) if (parsed.document.kind === kind) drafting.identify(parsed)
    if (kind === 'role') drafting.readRoles()
    for (const parsed of documents) if (parsed.document.kind === kind) drafting.draft(parsed)
  }
  return drafting.finish(documents)
}

class Drafting {
  readonly #input: ApplyInput
  readonly #roles: Map<string, Role>
  readonly #users: Map<string, User>
  readonly #lists: Map<AccessListId, AccessList>
  readonly #locks: Map<string, Lock>
  readonly #providers: Map<string, ServiceProvider>
  readonly #bundles: Map<string, Bundle>
  readonly #approvalRules: Map<string, ApprovalRule>
  readonly #outcomes: { kind: Document['kind']; name: string; action: 'created' | 'updated' | 'unchanged' }[] = []
  readonly #warnings: DocumentWarning[] = []
  readonly #lookup: Lookup

  constructor(input: ApplyInput) {
    const { view } = input
    this.#input = input
    this.#roles = new Map(view.roles.map((role) => [role.name.toLowerCase(), role]))
    this.#users = new Map(view.users.map((user) => [user.name.toLowerCase(), user]))
    this.#lists = new Map(view.lists.map((list) => [list.id, list]))
    this.#locks = new Map(view.locks.map((lock) => [lock.id, lock]))
    this.#providers = new Map(view.serviceProviders.map((provider) => [provider.name.toLowerCase(), provider]))
    this.#bundles = new Map(view.bundles.map((bundle) => [bundle.name.toLowerCase(), bundle]))
    this.#approvalRules = new Map(view.approvalRules.map((rule) => [rule.name.toLowerCase(), rule]))
    this.#lookup = new Lookup(input, { users: this.#users, lists: this.#lists }, this.#warnings)
  }

  authorize({ document }: ParsedDocument): void {
    if (document.kind === 'access_list_member') authorizeMember(document, this.#input)
    else authorizeRecord(document, this.#stored(document), this.#input.by)
  }

  /** What the record is now, as conditions of rules see it. */
  #stored(document: Exclude<Document, MemberDocument>): RuleResource | undefined {
    const name = document.name.toLowerCase()
    switch (document.kind) {
      case 'role':
        return this.#roles.get(name)
      case 'user':
        return this.#users.get(name)
      case 'saml_idp_service_provider':
        return this.#providers.get(name)
      case 'bundle':
        return this.#bundles.get(name)
      case 'approval_rule':
        return this.#approvalRules.get(name)
      case 'access_list': {
        const list = this.#lists.get(document.name)
        return list && resourceOf(list)
      }
      case 'lock':
        return this.#locks.has(document.name) ? { name: document.name, labels: {} } : undefined
    }
  }

  /** Puts in place what others may name, before anything is looked up. */
  identify(parsed: ParsedDocument): void {
    const { document } = parsed
    if (document.kind === 'role') this.#draftRole(document)
    if (document.kind === 'user' && !this.#users.has(document.name.toLowerCase())) {
      const { now, newUserId } = this.#input
      const fresh: User = {
        id: newUserId(),
        name: document.name,
        roles: [],
        traits: {},
        labels: {},
        createdAt: now,
        revision: 0,
      }
      this.#users.set(document.name.toLowerCase(), fresh)
    }
    if (document.kind === 'access_list' && !this.#lists.has(document.name))
      this.#lists.set(document.name, { ...listOf(document), id: document.name, revision: 0, members: [] })
  }

  draft(parsed: ParsedDocument): void {
    const { document } = parsed
    this.#warnings.push(...parsed.warnings)
    switch (document.kind) {
      case 'role':
        return this.#checkRole(document, parsed)
      case 'user':
        return this.#draftUser(document, parsed)
      case 'access_list':
        return this.#draftList(document, parsed)
      case 'access_list_member':
        return this.#draftMember(document, parsed)
      case 'lock':
        return this.#draftLock(document, parsed)
      case 'saml_idp_service_provider':
        return this.#draftServiceProvider(document, parsed)
      case 'bundle':
        return this.#draftBundle(document, parsed)
      case 'approval_rule':
        return this.#draftApprovalRule(document, parsed)
    }
  }

  finish(documents: readonly ParsedDocument[]): Applied {
    const { view, now, by } = this.#input
    const changes: GovernanceChange[] = [
      ...changedOf(view.roles, this.#roles.values(), ({ name }) => name).map(
        (role) => ({ put: 'role', role }) as const,
      ),
      ...changedOf(view.users, this.#users.values(), ({ id }) => id).map((user) => ({ put: 'user', user }) as const),
      ...changedOf(view.lists, this.#lists.values(), ({ id }) => id).map((list) => ({ put: 'list', list }) as const),
      ...changedOf(view.locks, this.#locks.values(), ({ id }) => id).map((lock) => ({ put: 'lock', lock }) as const),
      ...changedOf(view.serviceProviders, this.#providers.values(), ({ name }) => name).map(
        (provider) => ({ put: 'service-provider', provider }) as const,
      ),
      ...changedOf(view.bundles, this.#bundles.values(), ({ name }) => name).map(
        (bundle) => ({ put: 'bundle', bundle }) as const,
      ),
      ...changedOf(view.approvalRules, this.#approvalRules.values(), ({ name }) => name).map(
        (rule) => ({ put: 'approval-rule', rule }) as const,
      ),
    ]
    const changedLists = new Set(
      changes.flatMap((change) => ('put' in change && change.put === 'list' ? [change.list.id] : [])),
    )
    checkLists([...this.#lists.values()], changedLists)
    const after = viewAfter(view, changes)
    for (const parsed of documents) {
      this.#warnings.push(...warningsAfter(parsed, after))
    }
    const events = eventsOfChanges(changes, view, after, now, by.name)
    return { changes, events, outcomes: this.#outcomes, warnings: this.#warnings, after }
  }

  #draftRole(document: RoleDocument): void {
    const before = this.#roles.get(document.name.toLowerCase())
    this.#refuseExisting('role', document.name, before !== undefined)
    if (isBuiltIn(document))
      throw new DomainError({
        code: 'refused',
        message: `Role "${document.name}" is built in.`,
        remedy: 'Create a role of your own under another name.',
      })
    if (before && before.name !== document.name) throw spelledDifferently('role', before.name)
    const { kind: _, ...role } = document
    this.#roles.set(document.name.toLowerCase(), this.#settle('role', document.name, before, role))
  }

  /** From here on the roles of the documents are known under their names. */
  readRoles(): void {
    this.#lookup.view = createView({ ...this.#lookup.view, roles: [...this.#roles.values()] })
  }

  /** Roles that a role names must exist by the time that all documents are read. */
  #checkRole(document: RoleDocument, parsed: ParsedDocument): void {
    for (const side of ['allow', 'deny'] as const) {
      const { request, reviewRequests } = document[side]
      for (const name of [...request.searchAsRoles, ...reviewRequests.previewAsRoles])
        this.#lookup.checkRoleName(name, place(parsed, `spec.${side}`))
    }
  }

  #draftUser(document: UserDocument, parsed: ParsedDocument): void {
    const before = this.#users.get(document.name.toLowerCase())
    const isNew = before?.revision === 0
    this.#refuseExisting('user', document.name, before !== undefined && !isNew)
    if (!before) return
    if (before.name !== document.name) throw spelledDifferently('user', before.name)
    const user = {
      id: before.id,
      name: document.name,
      roles: this.#lookup.references(document.roles, before.roles, place(parsed, 'spec.roles')),
      traits: document.traits,
      labels: document.labels,
      createdAt: before.createdAt,
    }
    const settled = this.#settle('user', document.name, isNew ? undefined : before, user)
    this.#users.set(document.name.toLowerCase(), settled)
    const unpushed = whyNotPushed(settled)
    if (unpushed) this.#warnings.push({ field: 'metadata.name', line: parsed.line, message: unpushed })
  }

  #draftList(document: AccessListDocument, parsed: ParsedDocument): void {
    const before = this.#lists.get(document.name)
    const isNew = before?.revision === 0
    this.#refuseExisting('access list', document.name, before !== undefined && !isNew)
    if (!before) return
    const list = {
      ...listOf(document),
      id: before.id,
      signOffs: before.signOffs,
      ...(before.reminded ? { reminded: before.reminded } : {}),
      ...(before.askedRemovals ? { askedRemovals: before.askedRemovals } : {}),
      ...(document.escalation
        ? { escalation: this.#lookup.escalation(document.escalation, place(parsed, 'spec.audit.escalate_to')) }
        : {}),
      members: document.members ? this.#members(document.members, before, parsed) : before.members,
      owners: document.owners.map((owner, index) => this.#lookup.owner(owner, place(parsed, `spec.owners[${index}]`))),
      grants: this.#lookup.grants(document.grants, before.grants.roles, place(parsed, 'spec.grants.roles')),
      ownerGrants: this.#lookup.grants(
        document.ownerGrants,
        before.ownerGrants.roles,
        place(parsed, 'spec.owner_grants.roles'),
      ),
      audit: {
        ...(before.audit.nextAuditDate === undefined ? {} : { nextAuditDate: before.audit.nextAuditDate }),
        ...document.audit,
      },
    }
    for (const side of ['membershipRequires', 'ownershipRequires'] as const)
      for (const name of document[side].roles) this.#lookup.checkRoleName(name, place(parsed, `spec.${side}`))
    const dated = withFirstAuditDate({ ...list, revision: before.revision }, this.#input.now)
    this.#lists.set(document.name, this.#settle('access_list', document.name, isNew ? undefined : before, dated))
  }

  /** Exactly these people; who is there already keeps when and by whom he was added. */
  #members(entries: readonly MemberEntry[], list: AccessList, parsed: ParsedDocument): readonly Member[] {
    refuseExternal(list)
    let next: AccessList = { ...list, members: [] }
    const before = new Map(list.members.map((member) => [memberKey(member), member]))
    for (const [index, entry] of entries.entries()) {
      const field = place(parsed, `spec.members[${index}]`)
      const identity = this.#lookup.entry(entry, list, field)
      const details = { joined: this.#input.now, addedBy: this.#input.by.name, reason: entry.reason }
      const member: Member = {
        ...identity,
        ...details,
        ...(entry.expires === undefined ? {} : { expires: entry.expires }),
      }
      const known = before.get(memberKey(member))
      // What is there and stays as it is may have ended meanwhile; only a new end must lie ahead.
      if (known && known.expires === member.expires)
        next = { ...next, members: [...next.members, { ...known, reason: member.reason }] }
      else
        next = withMember(
          next,
          known ? { ...member, joined: known.joined, addedBy: known.addedBy } : member,
          this.#input.now,
        )
    }
    return next.members
  }

  #draftMember(document: MemberDocument, parsed: ParsedDocument): void {
    const list = this.#lists.get(document.list)
    if (!list) throw notFound('access list', document.list, this.#lists.keys(), place(parsed, 'spec.access_list'))
    const { now, by } = this.#input
    const details = {
      joined: now,
      reason: document.reason,
      addedBy: by.name,
      ...(document.expires === undefined ? {} : { expires: document.expires }),
    }
    const member: Member = { ...this.#lookup.member(document, list, parsed), ...details }
    const before = list.members.find((known) => memberKey(known) === memberKey(member))
    const name = `${document.list}/${document.member.name}`
    this.#refuseExisting('access list member', name, before !== undefined)
    const next = withMember(list, member, now)
    const isSame = before && sameContent(before, { ...member, joined: before.joined, addedBy: before.addedBy })
    this.#outcomes.push({
      kind: 'access_list_member',
      name,
      action: isSame ? 'unchanged' : before ? 'updated' : 'created',
    })
    if (isSame) return
    const stored = this.#input.view.listById.get(list.id)
    this.#lists.set(list.id, { ...next, revision: (stored?.revision ?? 0) + 1 })
  }

  #draftLock(document: LockDocument, parsed: ParsedDocument): void {
    const before = this.#locks.get(document.name)
    this.#refuseExisting('lock', document.name, before !== undefined)
    const lock = {
      id: document.name,
      target: this.#lookup.lockTarget(document.target, parsed),
      message: document.message,
      createdAt: before?.createdAt ?? this.#input.now,
      createdBy: before?.createdBy ?? this.#input.by.name,
      ...(document.expires === undefined ? {} : { expires: document.expires }),
    }
    this.#locks.set(document.name, this.#settle('lock', document.name, before, lock))
  }

  #draftServiceProvider(document: ServiceProviderDocument, parsed: ParsedDocument): void {
    const before = this.#providers.get(document.name.toLowerCase())
    this.#refuseExisting('service provider', document.name, before !== undefined)
    if (before && before.name !== document.name) throw spelledDifferently('service provider', before.name)
    const provider = draftServiceProvider(document, (field) => place(parsed, field), this.#input)
    for (const known of this.#providers.values())
      if (known.name !== document.name && known.metadata.entityId === provider.metadata.entityId)
        throw new DomainError({
          code: 'conflict',
          message: `Service provider "${known.name}" has the entity id ${provider.metadata.entityId} already.`,
          remedy: 'Change that one, or remove it first.',
        })
    const settled = this.#settle('saml_idp_service_provider', document.name, before, provider)
    checkMayAdminister([provider, ...(before ? [before] : [])], before ? 'update' : 'create', this.#input.by.roles)
    this.#providers.set(document.name.toLowerCase(), settled)
  }

  /** What it holds is nobody's secret to whoever may write it, so it is told at once what does not fit. */
  #draftBundle(document: BundleDocument, parsed: ParsedDocument): void {
    const before = this.#bundles.get(document.name.toLowerCase())
    this.#refuseExisting('bundle', document.name, before !== undefined)
    if (before && before.name !== document.name) throw spelledDifferently('bundle', before.name)
    const { kind: _, ...bundle } = document
    const settled = this.#settle('bundle', document.name, before, bundle)
    this.#bundles.set(document.name.toLowerCase(), settled)
    for (const message of whatToKnow(settled, this.#input.view))
      this.#warnings.push({ field: 'spec', line: parsed.line, message })
  }

  /** Who writes it is its author from then on. */
  #draftApprovalRule(document: ApprovalRuleDocument, parsed: ParsedDocument): void {
    const before = this.#approvalRules.get(document.name.toLowerCase())
    this.#refuseExisting('approval rule', document.name, before !== undefined)
    if (before && before.name !== document.name) throw spelledDifferently('approval rule', before.name)
    const { changedBy, ...content } = {
      changedBy: before?.changedBy,
      ...approvalRuleOf(document, parsed, this.#lookup),
    }
    const kept = changedBy === undefined ? content : { ...content, changedBy }
    const settled = this.#settle('approval_rule', document.name, before, kept)
    const { user } = this.#input.by
    const author = settled !== before && user ? { changedBy: user.id } : {}
    this.#approvalRules.set(document.name.toLowerCase(), settled === before ? settled : { ...settled, ...author })
  }

  #refuseExisting(kind: string, name: string, exists: boolean): void {
    if (exists && this.#input.mode === 'create') throw new DomainError({ code: 'already-exists', kind, name })
  }

  /** Unchanged content keeps the record as it is; otherwise its revision counts up. */
  #settle<T extends { revision: number }>(
    kind: Document['kind'],
    name: string,
    before: T | undefined,
    content: Omit<T, 'revision'>,
  ): T {
    const next = { ...content, revision: (before?.revision ?? 0) + 1 } as T // the content of a T with the one field it lacks
    const same = before !== undefined && sameContent(before, next)
    this.#outcomes.push({ kind, name, action: same ? 'unchanged' : before ? 'updated' : 'created' })
    return same ? before : next
  }
}

function listOf(document: AccessListDocument): Omit<AccessList, 'id' | 'members' | 'revision'> {
  const { kind: _, name: __, members: ___, escalation: ____, ...list } = document
  return { ...list, owners: [], signOffs: [], grants: NO_GRANTS, ownerGrants: NO_GRANTS }
}

const spelledDifferently = (kind: string, name: string): DomainError =>
  new DomainError({ code: 'already-exists', kind, name, remedy: 'Names are unique ignoring case: write it like that.' })
