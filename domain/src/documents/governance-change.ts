import type { AccessList } from '../access-lists/access-list.ts'
import type { AccessListReview } from '../access-lists/review-list.ts'
import type { AccessRequest } from '../access-requests/access-request.ts'
import type { ApprovalRule, ApprovalRuleName } from '../approval-rules/approval-rule.ts'
import type { Bundle, BundleName } from '../bundles/bundle.ts'
import { withRecords } from '../desired-state/join-views.ts'
import type { GovernanceRecords, OrganizationView, View } from '../desired-state/view.ts'
import type { GrantKey } from '../identity-center/account-assignment.ts'
import type { AccessListId, AccessRequestId, LockId, OrganizationId, RoleName, UserId } from '../kernel/names.ts'
import type { Lock } from '../locks/lock.ts'
import { adoptedKey, type GroupLink } from '../organizations/link.ts'
import type { Role } from '../roles/role.ts'
import type { ServiceProvider, ServiceProviderName } from '../saml/service-provider.ts'
import type { User } from '../users/user.ts'

/** A change that a decision makes to the records. */
export type GovernanceChange =
  | { readonly put: 'user'; readonly user: User }
  | { readonly delete: 'user'; readonly id: UserId }
  | { readonly put: 'role'; readonly role: Role }
  | { readonly delete: 'role'; readonly name: RoleName }
  | { readonly put: 'list'; readonly list: AccessList }
  | { readonly delete: 'list'; readonly id: AccessListId }
  /** History: adds a review and never changes one. */
  | { readonly put: 'list-review'; readonly review: AccessListReview }
  | { readonly put: 'request'; readonly request: AccessRequest }
  | { readonly delete: 'request'; readonly id: AccessRequestId }
  | { readonly put: 'lock'; readonly lock: Lock }
  | { readonly delete: 'lock'; readonly id: LockId }
  | { readonly put: 'service-provider'; readonly provider: ServiceProvider }
  | { readonly delete: 'service-provider'; readonly name: ServiceProviderName }
  | { readonly put: 'bundle'; readonly bundle: Bundle }
  | { readonly delete: 'bundle'; readonly name: BundleName }
  | { readonly put: 'approval-rule'; readonly rule: ApprovalRule }
  | { readonly delete: 'approval-rule'; readonly name: ApprovalRuleName }
  | { readonly put: 'group-link'; readonly link: GroupLink & { readonly organization: OrganizationId } }
  | {
      readonly delete: 'adopted'
      readonly organization: OrganizationId
      readonly user: UserId
      readonly grant: GrantKey
    }

/** The records as they would be after some changes: what rules and previews are asked about before anything is saved. */
export function viewAfter(view: View, changes: readonly GovernanceChange[]): View {
  const users = new Map(view.users.map((user) => [user.id, user]))
  const roles = new Map(view.roles.map((role) => [role.name, role]))
  const lists = new Map(view.lists.map((list) => [list.id, list]))
  const requests = new Map(view.requests.map((request) => [request.id, request]))
  const locks = new Map(view.locks.map((lock) => [lock.id, lock]))
  const providers = new Map(view.serviceProviders.map((provider) => [provider.name, provider]))
  const bundles = new Map(view.bundles.map((bundle) => [bundle.name, bundle]))
  const rules = new Map(view.approvalRules.map((rule) => [rule.name, rule]))
  for (const change of changes) apply(change)
  const records: Partial<GovernanceRecords> = {
    users: [...users.values()],
    roles: [...roles.values()],
    lists: [...lists.values()],
    requests: [...requests.values()],
    locks: [...locks.values()],
    serviceProviders: [...providers.values()],
    bundles: [...bundles.values()],
    approvalRules: [...rules.values()],
  }
  return withRecords(view, (one) => ({ ...records, ...linksAfter(one, changes) }))

  function apply(change: GovernanceChange): void {
    if ('put' in change) {
      switch (change.put) {
        case 'user':
          return void users.set(change.user.id, change.user)
        case 'role':
          return void roles.set(change.role.name, change.role)
        case 'list':
          return void lists.set(change.list.id, change.list)
        case 'list-review':
          return
        case 'request':
          return void requests.set(change.request.id, change.request)
        case 'lock':
          return void locks.set(change.lock.id, change.lock)
        case 'service-provider':
          return void providers.set(change.provider.name, change.provider)
        case 'bundle':
          return void bundles.set(change.bundle.name, change.bundle)
        case 'approval-rule':
          return void rules.set(change.rule.name, change.rule)
        case 'group-link':
          return
      }
    }
    switch (change.delete) {
      case 'user':
        return void users.delete(change.id)
      case 'role':
        return void roles.delete(change.name)
      case 'list':
        return void lists.delete(change.id)
      case 'request':
        return void requests.delete(change.id)
      case 'lock':
        return void locks.delete(change.id)
      case 'service-provider':
        return void providers.delete(change.name)
      case 'bundle':
        return void bundles.delete(change.name)
      case 'approval-rule':
        return void rules.delete(change.name)
      case 'adopted':
    }
  }
}

/** Of the changes, those that an organization's own records see. */
function linksAfter(view: OrganizationView, changes: readonly GovernanceChange[]) {
  const { id } = view.organization
  const links = new Map(view.groupLinks.map((link) => [link.group, link]))
  const ended = new Set<string>()
  for (const change of changes) {
    if ('put' in change) {
      if (change.put === 'group-link' && change.link.organization === id) links.set(change.link.group, change.link)
    } else if (change.delete === 'adopted' && change.organization === id) {
      ended.add(adoptedKey(change))
    }
  }
  const adopted = ended.size === 0 ? view.adopted : view.adopted.filter((one) => !ended.has(adoptedKey(one)))
  return { groupLinks: [...links.values()], adopted }
}
