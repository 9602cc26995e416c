import type { ApprovalRule } from '../approval-rules/approval-rule.ts'
import type { AccessList, ListGrants, Member, Owner } from '../access-lists/access-list.ts'
import type { Bundle } from '../bundles/bundle.ts'
import type { AccessRequest } from '../access-requests/access-request.ts'
import { resourceName } from '../access-requests/resource-ids.ts'
import type { View } from '../desired-state/view.ts'
import type { SystemRole } from '../identity-center/system-roles.ts'
import { formatDuration, formatInstant, plus } from '../kernel/instant.ts'
import type { UserName } from '../kernel/names.ts'
import type { Lock } from '../locks/lock.ts'
import type { Organization } from '../organizations/organization.ts'
import { canonicalName } from '../roles/role-names.ts'
import type { Role } from '../roles/role.ts'
import type { ServiceProvider } from '../saml/service-provider.ts'
import type { User } from '../users/user.ts'
import { memberName, userNameOf } from './audit-fields.ts'
import type {
  AccessListDocument,
  ApprovalRuleDocument,
  BundleDocument,
  EscalationEntry,
  LockDocument,
  MemberDocument,
  NamedGrants,
  RoleDocument,
  ServiceProviderDocument,
  UserDocument,
} from './document.ts'
import { type PlainDocument, plainDocument, type Stored } from './format-document.ts'

/** Records as documents: ids become names, and a system role shows under the name it has now. */
export function documentOfRole(role: Role): RoleDocument {
  const { revision: _, ...content } = role
  return { kind: 'role', ...content }
}

export const documentOfUser = (user: User, view: View): UserDocument => ({
  kind: 'user',
  name: user.name,
  labels: user.labels,
  roles: user.roles.map((reference) => canonicalName(reference, view)),
  traits: user.traits,
})

const namedGrants = (grants: ListGrants, view: View): NamedGrants => ({
  roles: grants.roles.map((reference) => canonicalName(reference, view)),
  traits: grants.traits,
})

export const documentOfList = (list: AccessList, view: View): AccessListDocument => ({
  kind: 'access_list',
  name: list.id,
  title: list.title,
  description: list.description,
  type: list.type,
  labels: list.labels,
  owners: list.owners.map((owner) => ({
    kind: owner.kind,
    name: ownerName(owner, view),
    description: owner.description,
  })),
  membershipRequires: list.membershipRequires,
  ownershipRequires: list.ownershipRequires,
  grants: namedGrants(list.grants, view),
  ownerGrants: namedGrants(list.ownerGrants, view),
  audit: list.audit,
  ...escalationOf(list, view),
})

/** Of those it names, who is still there. */
function escalationOf({ escalation }: AccessList, view: View): Pick<AccessListDocument, 'escalation'> {
  const to = (escalation?.to ?? []).flatMap((target): EscalationEntry['to'] => {
    if (target.kind === 'list') return view.listById.has(target.list) ? [{ kind: 'list', name: target.list }] : []
    const user = view.userById.get(target.user)
    return user ? [{ kind: 'user', name: user.name }] : []
  })
  return escalation && to.length > 0 ? { escalation: { after: escalation.after, to } } : {}
}

const ownerName = (owner: Owner, view: View): string =>
  owner.kind === 'user' ? userNameOf(owner.user, view) : owner.list

export const documentOfMember = (list: AccessList, member: Member, view: View): MemberDocument => ({
  kind: 'access_list_member',
  list: list.id,
  member:
    member.kind === 'aws-only'
      ? { kind: 'aws-only', name: member.userName, awsUser: member.awsUser }
      : { kind: member.kind, name: memberName(member, view) },
  ...(member.expires === undefined ? {} : { expires: member.expires }),
  reason: member.reason,
})

export function documentOfLock(lock: Lock, view: View): LockDocument {
  const { target } = lock
  return {
    kind: 'lock',
    name: lock.id,
    target:
      target.kind === 'user'
        ? { kind: 'user', user: userNameOf(target.user, view) as UserName } // parsed when the user was made
        : target,
    message: lock.message,
    ...(lock.expires === undefined ? {} : { expires: lock.expires }),
  }
}

export function documentOfServiceProvider(provider: ServiceProvider): ServiceProviderDocument {
  const { metadata, revision: _, ...content } = provider
  return {
    kind: 'saml_idp_service_provider',
    ...content,
    entityId: metadata.entityId,
    acsUrl: content.entityDescriptor === '' ? (metadata.assertionConsumers[0]?.url ?? '') : '',
  }
}

export function documentOfApprovalRule(rule: ApprovalRule, view: View): ApprovalRuleDocument {
  const { authors: _, revision: _revision, effect, ...content } = rule
  if (effect.kind !== 'thresholds') return { kind: 'approval_rule', ...content, effect }
  const thresholds = effect.thresholds.map(({ reviewers, rule: _rule, ...threshold }) => ({
    ...threshold,
    ...(reviewers
      ? { reviewers: { users: reviewers.users.map((user) => userNameOf(user, view)), lists: reviewers.lists } }
      : {}),
  }))
  return { kind: 'approval_rule', ...content, effect: { kind: 'thresholds', thresholds } }
}

export function documentOfBundle(bundle: Bundle): BundleDocument {
  const { revision: _, ...content } = bundle
  return { kind: 'bundle', ...content }
}

export const plainMember = (list: AccessList, member: Member, view: View, stored: Stored = {}): PlainDocument =>
  plainDocument(documentOfMember(list, member, view), {
    ...stored,
    spec: { joined: formatInstant(member.joined), added_by: member.addedBy },
  })

/** What a derived role would be as a document. It can be read, and never written. */
export const plainSystemRole = ({ name, account, permissionSet }: SystemRole): PlainDocument => ({
  kind: 'role',
  sub_kind: 'aws_identity_center',
  version: 'v7',
  metadata: {
    name,
    labels: {
      'teleport.internal/account_id': account.id,
      'teleport.internal/created_by': 'aws_identity_center',
    },
  },
  spec: { allow: { account_assignments: [{ account: account.id, permission_set: permissionSet.arn }] } },
})

const STATES = { pending: 1, approved: 2, denied: 3, promoted: 4 } as const
const VERDICTS = { approve: 2, deny: 3, promote: 4 } as const

export function plainRequest(request: AccessRequest, view: View, cluster: string): PlainDocument {
  const expires = request.state === 'approved' ? request.expiresAt : request.pendingUntil
  return {
    kind: 'access_request',
    version: 'v3',
    metadata: { name: request.id, expires: formatInstant(expires), revision: String(request.revision) },
    spec: {
      user: userNameOf(request.user, view),
      roles: request.roles.map((reference) => canonicalName(reference, view)),
      resource_ids: [
        ...request.resources.map((resource) => ({
          cluster,
          kind: 'aws_ic_account_assignment',
          name: resourceName(resource),
        })),
        ...request.applications.map((name) => ({ cluster, kind: 'saml_idp_service_provider', name })),
      ],
      ...(request.bundles.length === 0 ? {} : { bundles: request.bundles }),
      ...(request.prolongs === undefined ? {} : { prolongs: request.prolongs }),
      ...(request.longTerm ? { long_term: { recommended_access_list: request.longTerm.recommended } } : {}),
      state: STATES[request.state],
      created: formatInstant(request.createdAt),
      ...(request.state === 'approved'
        ? { expires: formatInstant(request.expiresAt), assume_start_time: formatInstant(request.startsAt) }
        : { max_duration: formatInstant(plus(request.createdAt, request.duration)) }),
      request_reason: request.reason,
      resolve_reason: request.state === 'pending' ? '' : request.resolveReason,
      suggested_reviewers: request.suggestedReviewers,
      ...(Object.keys(request.annotations).length === 0 ? {} : { system_annotations: request.annotations }),
      thresholds: request.thresholds,
      role_threshold_mapping: Object.fromEntries(
        Object.entries(request.roleThresholds).map(([role, sets]) => [
          role,
          { sets: sets.map((indexes) => ({ indexes })) },
        ]),
      ),
      reviews: request.reviews.map(({ author, verdict, reason, at, assumeStartTime, rows, isVoid }) => ({
        author: userNameOf(author, view),
        proposed_state: VERDICTS[verdict],
        reason,
        created: formatInstant(at),
        ...(assumeStartTime === undefined ? {} : { assume_start_time: formatInstant(assumeStartTime) }),
        ...(rows ? { rows } : {}),
        ...(isVoid ? { void: true } : {}),
      })),
      ...(request.state === 'promoted'
        ? { promoted_access_list: { name: request.into, title: view.listById.get(request.into)?.title ?? '' } }
        : {}),
    },
    status: { granted_for: formatDuration(request.duration) },
  }
}

/** Never a secret: the SCIM token is not part of the record. */
export const plainPlugin = (organization: Organization, view: View): PlainDocument => ({
  kind: 'plugin',
  version: 'v1',
  metadata: { name: organization.name, revision: String(organization.revision) },
  spec: {
    Settings: {
      aws_ic: {
        arn: organization.instanceArn,
        region: organization.region,
        credentials:
          organization.credentials.source === 'oidc'
            ? { oidc: { integration_name: organization.credentials.integration } }
            : { system: { assume_role_arn: organization.credentials.roleArn } },
        provisioning_spec: { base_url: organization.scimUrl },
        access_list_default_owners: organization.defaultOwners.map((id) => userNameOf(id, view)),
        roles_sync_mode: organization.rolesSyncMode,
        user_sync_filters: organization.userFilter.map((labels) => ({ labels })),
        aws_accounts_filters: organization.accountFilter.map(plainFilter),
        group_sync_filters: organization.groupFilter.map(plainFilter),
      },
    },
  },
  status: { mode: organization.mode },
})

function plainFilter(filter: Organization['accountFilter'][number]): Record<string, unknown> {
  const field = 'include' in filter ? filter.include : filter.exclude
  const predicate =
    'unit' in filter
      ? { organizational_unit: filter.unit }
      : 'key' in filter
        ? { tags: { [filter.key]: filter.pattern } }
        : { [field === 'id' ? 'id' : 'name_regex']: filter.pattern }
  return 'include' in filter ? { Include: predicate } : { Exclude: predicate }
}
