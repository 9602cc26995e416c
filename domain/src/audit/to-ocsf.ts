import type { AuditEventName } from './audit-event.ts'
import type { ChainedEvent } from './chain.ts'

/** The release of the Open Cybersecurity Schema Framework that is written. Its classes of category 3 have been stable since. */
export const OCSF_VERSION = '1.3.0'

// Classes and activities are those of OCSF 1.3.0, category 3 "Identity & Access Management"; 99 is "Other" in each.
const ACCOUNT_CHANGE = 3001
const AUTHENTICATION = 3002
const ENTITY_MANAGEMENT = 3004
const USER_ACCESS = 3005
const GROUP_MANAGEMENT = 3006

const OCSF: { readonly [Name in AuditEventName]: readonly [classUid: number, activityId: number] } = {
  'user.login': [AUTHENTICATION, 1],
  'user_login.invalid_access_list': [AUTHENTICATION, 99],
  'user.create': [ACCOUNT_CHANGE, 1],
  'user.update': [ACCOUNT_CHANGE, 99],
  'user.delete': [ACCOUNT_CHANGE, 6],
  'user.password_link.create': [ACCOUNT_CHANGE, 4],
  'user.session.end': [AUTHENTICATION, 2],
  'user.device_code.confirm': [AUTHENTICATION, 99],
  'user.device_code.refuse': [AUTHENTICATION, 99],
  'user.password_change': [ACCOUNT_CHANGE, 3],
  'role.created': [ENTITY_MANAGEMENT, 1],
  'role.updated': [ENTITY_MANAGEMENT, 3],
  'role.deleted': [ENTITY_MANAGEMENT, 4],
  'access_request.create': [ENTITY_MANAGEMENT, 1],
  'access_request.update': [ENTITY_MANAGEMENT, 3],
  'access_request.review': [ENTITY_MANAGEMENT, 3],
  'access_request.delete': [ENTITY_MANAGEMENT, 4],
  'access_request.search': [ENTITY_MANAGEMENT, 2],
  'access_request.expire': [ENTITY_MANAGEMENT, 4],
  'access_list.create': [GROUP_MANAGEMENT, 6],
  'access_list.update': [GROUP_MANAGEMENT, 99],
  'access_list.delete': [GROUP_MANAGEMENT, 5],
  'access_list.review': [GROUP_MANAGEMENT, 99],
  'access_list.review.reminder': [GROUP_MANAGEMENT, 99],
  'access_list.review.escalate': [GROUP_MANAGEMENT, 99],
  'access_list.suspend': [GROUP_MANAGEMENT, 99],
  'access_list.member.create': [GROUP_MANAGEMENT, 3],
  'access_list.member.update': [GROUP_MANAGEMENT, 99],
  'access_list.member.delete': [GROUP_MANAGEMENT, 4],
  'access_list.member.delete_all_for_access_list': [GROUP_MANAGEMENT, 4],
  'lock.created': [ENTITY_MANAGEMENT, 1],
  'lock.deleted': [ENTITY_MANAGEMENT, 4],
  'saml.idp.auth': [AUTHENTICATION, 1],
  'saml.idp.service.provider.create': [ENTITY_MANAGEMENT, 1],
  'saml.idp.service.provider.update': [ENTITY_MANAGEMENT, 3],
  'saml.idp.service.provider.delete': [ENTITY_MANAGEMENT, 4],
  'access_request.permission_set_changed': [ENTITY_MANAGEMENT, 3],
  'approval_rule.create': [ENTITY_MANAGEMENT, 1],
  'approval_rule.update': [ENTITY_MANAGEMENT, 3],
  'approval_rule.delete': [ENTITY_MANAGEMENT, 4],
  'bundle.create': [ENTITY_MANAGEMENT, 1],
  'bundle.update': [ENTITY_MANAGEMENT, 3],
  'bundle.delete': [ENTITY_MANAGEMENT, 4],
  'saml.idp.certificate.create': [ENTITY_MANAGEMENT, 1],
  'saml.idp.certificate.activate': [ENTITY_MANAGEMENT, 3],
  'saml.idp.certificate.delete': [ENTITY_MANAGEMENT, 4],
  'enrolment.create': [ENTITY_MANAGEMENT, 1],
  'enrolment.update': [ENTITY_MANAGEMENT, 3],
  'enrolment.check': [ENTITY_MANAGEMENT, 2],
  'enrolment.delete': [ENTITY_MANAGEMENT, 4],
  'plugin.create': [ENTITY_MANAGEMENT, 1],
  'plugin.update': [ENTITY_MANAGEMENT, 3],
  'plugin.delete': [ENTITY_MANAGEMENT, 4],
  'plugin.removal.begin': [ENTITY_MANAGEMENT, 3],
  'plugin.removal.stop': [ENTITY_MANAGEMENT, 3],
  'integration.create': [ENTITY_MANAGEMENT, 1],
  'integration.update': [ENTITY_MANAGEMENT, 3],
  'integration.delete': [ENTITY_MANAGEMENT, 4],
  'aws_identity_center.resource_sync.success': [ENTITY_MANAGEMENT, 2],
  'aws_identity_center.resource_sync.failed': [ENTITY_MANAGEMENT, 2],
  'aws_identity_center.account_assignment.created': [USER_ACCESS, 1],
  'aws_identity_center.account_assignment.deleted': [USER_ACCESS, 2],
  'aws_identity_center.user.pushed': [ACCOUNT_CHANGE, 99],
  'aws_identity_center.group.pushed': [GROUP_MANAGEMENT, 99],
  'aws_identity_center.group.members_changed': [GROUP_MANAGEMENT, 99],
  'aws_identity_center.adopted': [ENTITY_MANAGEMENT, 99],
  'aws_identity_center.removals.held': [ENTITY_MANAGEMENT, 99],
  'aws_identity_center.removals.released': [ENTITY_MANAGEMENT, 99],
  'aws_identity_center.read.suspicious': [ENTITY_MANAGEMENT, 99],
  'aws_identity_center.accounts.moved': [ENTITY_MANAGEMENT, 99],
  'aws_identity_center.drift.found': [ENTITY_MANAGEMENT, 99],
  'aws_identity_center.drift.decided': [ENTITY_MANAGEMENT, 99],
  'adopted_assignment.end': [USER_ACCESS, 2],
}

/** An event for a SIEM that reads OCSF; what has no place there is under `unmapped`. */
export function toOcsf(event: ChainedEvent & { readonly hash: string }): Readonly<Record<string, unknown>> {
  const [classUid, activityId] = classOf(event.event)
  const failed = event.fields['success'] === false || /[WE]$/.test(event.code)
  return {
    class_uid: classUid,
    category_uid: Math.floor(classUid / 1000),
    activity_id: activityId,
    type_uid: classUid * 100 + activityId,
    time: Date.parse(event.time),
    // 1 is "Informational", 2 is "Low"; 1 is "Success", 2 is "Failure".
    severity_id: failed ? 2 : 1,
    status_id: failed ? 2 : 1,
    status_code: event.code,
    message: event.event,
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'Gatehouse', vendor_name: 'Gatehouse' },
      uid: event.uid,
      event_code: event.code,
      sequence: event.seq,
    },
    actor: { user: { name: event.user ?? 'system' } },
    ...aboutOf(classUid, event),
    unmapped: { subjects: event.subjects, fields: event.fields, hash: event.hash, previous_hash: event.previousHash },
  }
}

/** An event that a later server has recorded is of the most general class. */
const classOf = (name: string): readonly [number, number] =>
  Object.entries(OCSF).find(([known]) => known === name)?.[1] ?? [ENTITY_MANAGEMENT, 99]

/** What each class requires: whom or what it is about. */
function aboutOf(classUid: number, { event, fields, user, subjects }: ChainedEvent): Record<string, unknown> {
  switch (classUid) {
    case ACCOUNT_CHANGE:
      return { user: { name: textOf(fields['name']) ?? user ?? '' } }
    case AUTHENTICATION:
      return { user: { name: user ?? '' } }
    case GROUP_MANAGEMENT:
      return { group: { name: textOf(fields['access_list_title']) ?? textOf(fields['group']) ?? '' } }
    case USER_ACCESS:
      return {
        user: { name: principalOf(fields['principal_metadata']) },
        privileges: [JSON.stringify(fields['principal_assignments'])],
      }
    default:
      return {
        entity: {
          name: textOf(fields['name']) ?? textOf(fields['id']) ?? subjects[0] ?? event,
          type: event.split('.')[0],
        },
      }
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const principalOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'name' in value ? (textOf(value.name) ?? '') : ''
