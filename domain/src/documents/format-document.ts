import { stringify } from 'yaml'
import { DEFAULT_SCHEDULE } from '../access-lists/access-list.ts'
import { formatDuration, formatInstant } from '../kernel/instant.ts'
import { ORIGIN_IDENTITY_CENTER, ORIGIN_LABEL } from '../kernel/names.ts'
import type { ClaimMapping, RoleConditions } from '../roles/role.ts'
import {
  type AccessListDocument,
  type Document,
  EXTERNAL_ID_LABEL,
  type LockDocument,
  type MemberDocument,
  type MemberEntry,
  type NamedGrants,
  type RoleDocument,
  type ServiceProviderDocument,
  type UserDocument,
} from './document.ts'
import { ATTRIBUTE_NAME_FORMATS } from '../saml/service-provider.ts'
import { filled } from './filled.ts'
import { approvalRuleParts, bundleParts } from './format-rules-and-bundles.ts'
import { formatDay, formatFrequency } from './review-schedule.ts'

/** What the server knows of a stored record and does not read back. */
export interface Stored {
  readonly revision?: number
  readonly status?: Readonly<Record<string, unknown>>
  readonly subKind?: string
  /** Fields of `spec` that only the server writes, such as `joined`. */
  readonly spec?: Readonly<Record<string, unknown>>
}

/** A document as plain values, with the described product's own names and always in the same order. */
export interface PlainDocument {
  readonly kind: string
  readonly sub_kind?: string
  readonly version: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly spec: Readonly<Record<string, unknown>>
  readonly status?: Readonly<Record<string, unknown>>
}

/** The inverse of `parseDocuments`, for one document. */
export const formatDocument = (document: Document, stored: Stored = {}): string =>
  formatPlain(plainDocument(document, stored))

/** YAML in which every text that could be read as something else is quoted. */
export const formatPlain = (plain: PlainDocument): string =>
  stringify(plain, { lineWidth: 0, aliasDuplicateObjects: false })

export function plainDocument(document: Document, stored: Stored = {}): PlainDocument {
  const { version, metadata, spec } = partsOf(document)
  return {
    kind: document.kind,
    ...(stored.subKind === undefined ? {} : { sub_kind: stored.subKind }),
    version,
    metadata: { ...metadata, ...(stored.revision === undefined ? {} : { revision: String(stored.revision) }) },
    spec: { ...spec, ...stored.spec },
    ...(stored.status === undefined ? {} : { status: stored.status }),
  }
}

type Parts = Pick<PlainDocument, 'version' | 'metadata' | 'spec'>

function partsOf(document: Document): Parts {
  switch (document.kind) {
    case 'role':
      return roleParts(document)
    case 'user':
      return userParts(document)
    case 'access_list':
      return listParts(document)
    case 'access_list_member':
      return memberParts(document)
    case 'lock':
      return lockParts(document)
    case 'saml_idp_service_provider':
      return serviceProviderParts(document)
    case 'bundle':
      return bundleParts(document)
    case 'approval_rule':
      return approvalRuleParts(document)
  }
}

function roleParts(role: RoleDocument): Parts {
  const { options } = role
  const unused = (section: string): Record<string, unknown> => unusedUnder(role.unused, section)
  return {
    version: role.version,
    metadata: { name: role.name, ...filled({ description: role.description, labels: role.labels }) },
    spec: filled({
      options: {
        ...filled({
          max_session_ttl: options.maxSessionTtl === undefined ? undefined : formatDuration(options.maxSessionTtl),
          require_session_mfa: options.requireSessionMfa || undefined,
          device_trust_mode: options.deviceTrustMode === 'off' ? undefined : options.deviceTrustMode,
          request_access: options.requestAccess === 'optional' ? undefined : options.requestAccess,
          request_prompt: options.requestPrompt,
          idp: options.samlIdpEnabled ? undefined : { saml: { enabled: false } },
        }),
        ...unused('options'),
      },
      allow: conditionsOf(role.allow, unused('allow'), unused('allow.request')),
      deny: conditionsOf(role.deny, unused('deny'), unused('deny.request')),
    }),
  }
}

/** `unused` is keyed by path under `spec`; here go the keys right under one section. */
function unusedUnder(unused: RoleDocument['unused'], section: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(unused).flatMap(([path, value]) => {
      const key = path.startsWith(`${section}.`) ? path.slice(section.length + 1) : '.'
      return key.includes('.') ? [] : [[key, value]]
    }),
  )
}

function conditionsOf(
  conditions: RoleConditions,
  unused: Readonly<Record<string, unknown>>,
  unusedRequest: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { request, reviewRequests } = conditions
  return {
    // An empty map matches nothing that a missing one would not, yet both are kept as they were written.
    ...(conditions.appLabels ? { app_labels: conditions.appLabels } : {}),
    ...filled({
      app_labels_expression: conditions.appLabelsExpression,
      account_assignments: conditions.accountAssignments.map(({ account, permissionSet }) => ({
        account,
        permission_set: permissionSet,
      })),
      request: {
        ...filled({
          roles: request.roles,
          claims_to_roles: claims(request.claimsToRoles),
          search_as_roles: request.searchAsRoles,
          suggested_reviewers: request.suggestedReviewers,
          thresholds: request.thresholds.map(({ name, approve, deny, filter }) => ({
            ...filled({ name }),
            approve,
            deny,
            ...filled({ filter }),
          })),
          max_duration: request.maxDuration === undefined ? undefined : formatDuration(request.maxDuration),
          annotations: request.annotations,
          reason: request.reason && { mode: request.reason.mode, ...filled({ prompt: request.reason.prompt }) },
        }),
        ...unusedRequest,
      },
      review_requests: filled({
        roles: reviewRequests.roles,
        claims_to_roles: claims(reviewRequests.claimsToRoles),
        preview_as_roles: reviewRequests.previewAsRoles,
        where: reviewRequests.where,
      }),
      rules: conditions.rules.map(({ resources, verbs, where, actions }) => ({
        resources,
        verbs,
        ...filled({ where, actions }),
      })),
    }),
    ...unused,
  }
}

const claims = (mappings: readonly ClaimMapping[]): readonly unknown[] =>
  mappings.map(({ claim, value, roles }) => ({ claim, value, roles }))

function userParts(user: UserDocument): Parts {
  return {
    version: 'v2',
    metadata: { name: user.name, ...filled({ labels: user.labels }) },
    spec: { roles: user.roles, ...filled({ traits: user.traits }) },
  }
}

function listParts(list: AccessListDocument): Parts {
  const { frequencyMonths, dayOfMonth, nextAuditDate, notifyBefore, suspendAfter, requiredReviewers } = list.audit
  return {
    version: 'v1',
    metadata: { name: list.name, ...filled({ labels: list.labels }) },
    spec: {
      ...filled({ type: list.type }),
      title: list.title,
      ...filled({ description: list.description }),
      owners: list.owners.map(({ kind, name, description }) => ({
        name,
        ...filled({ description }),
        membership_kind: membershipKind(kind),
      })),
      ...(list.members === undefined ? {} : { members: list.members.map(memberEntry) }),
      ...filled({
        membership_requires: grantsOf(list.membershipRequires),
        ownership_requires: grantsOf(list.ownershipRequires),
      }),
      grants: grantsOf(list.grants),
      ...filled({ owner_grants: grantsOf(list.ownerGrants) }),
      audit: {
        recurrence: {
          frequency: formatFrequency(frequencyMonths),
          day_of_month: formatDay(dayOfMonth),
        },
        ...filled({ next_audit_date: nextAuditDate === undefined ? undefined : formatInstant(nextAuditDate) }),
        // What is as usual is left out, so that a document of the described product stays what it was.
        ...(notifyBefore === DEFAULT_SCHEDULE.notifyBefore
          ? {}
          : { notifications: { start: formatDuration(notifyBefore) } }),
        ...(suspendAfter === undefined ? {} : { suspend_after: formatDuration(suspendAfter) }),
        ...(requiredReviewers === DEFAULT_SCHEDULE.requiredReviewers ? {} : { required_reviewers: requiredReviewers }),
        ...(list.escalation === undefined
          ? {}
          : {
              escalate_after: formatDuration(list.escalation.after),
              escalate_to: list.escalation.to.map(({ kind, name }) => ({
                name,
                membership_kind: membershipKind(kind),
              })),
            }),
      },
    },
  }
}

const memberEntry = ({ kind, name, expires, reason }: MemberEntry): Record<string, unknown> => ({
  name,
  membership_kind: membershipKind(kind),
  ...filled({ expires: expires === undefined ? undefined : formatInstant(expires), reason }),
})

const membershipKind = (kind: 'user' | 'list'): string =>
  kind === 'list' ? 'MEMBERSHIP_KIND_LIST' : 'MEMBERSHIP_KIND_USER'
const grantsOf = ({ roles, traits }: NamedGrants): Record<string, unknown> => filled({ roles, traits })

function memberParts({ list, member, expires, reason }: MemberDocument): Parts {
  return {
    version: 'v1',
    metadata: {
      name: member.name,
      ...(member.kind === 'aws-only'
        ? { labels: { [ORIGIN_LABEL]: ORIGIN_IDENTITY_CENTER, [EXTERNAL_ID_LABEL]: member.awsUser } }
        : {}),
    },
    spec: {
      access_list: list,
      name: member.name,
      ...filled({ expires: expires === undefined ? undefined : formatInstant(expires), reason }),
      membership_kind: membershipKind(member.kind === 'list' ? 'list' : 'user'),
    },
  }
}

function lockParts({ name, target, message, expires }: LockDocument): Parts {
  return {
    version: 'v2',
    metadata: { name },
    spec: {
      target: targetOf(target),
      ...filled({ message, expires: expires === undefined ? undefined : formatInstant(expires) }),
    },
  }
}

function targetOf(target: LockDocument['target']): Record<string, string> {
  switch (target.kind) {
    case 'user':
      return { user: target.user }
    case 'role':
      return { role: target.role }
    case 'access-request':
      return { access_request: target.request }
  }
}

function serviceProviderParts(document: ServiceProviderDocument): Parts {
  return {
    version: 'v1',
    metadata: { name: document.name, ...filled({ labels: document.labels }) },
    spec: filled({
      entity_descriptor: document.entityDescriptor,
      entity_id: document.entityId,
      acs_url: document.acsUrl,
      preset: document.preset === 'unspecified' ? '' : document.preset,
      relay_state: document.relayState,
      attribute_mapping: document.attributeMapping.map(({ name, nameFormat, value }) => ({
        name,
        ...(nameFormat === ATTRIBUTE_NAME_FORMATS.unspecified ? {} : { name_format: nameFormat }),
        value,
      })),
      launch_urls: document.launchUrls,
    }),
  }
}
