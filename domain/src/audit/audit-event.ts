import type { Instant } from '../kernel/instant.ts'
import type { EventFields } from './event-fields.ts'

/** Something that happened, before it is written down: the store adds `uid`, `ei`, the chain and the cluster's name. */
export interface AuditEvent {
  /** The described product's event name, such as `access_list.member.delete`. */
  readonly event: AuditEventName
  readonly code: string
  readonly time: Instant
  /** Who did it; absent for what the server did by itself. */
  readonly user?: string
  /** What the event is about: lets a removal in AWS name the decision behind it. */
  readonly subjects: readonly Subject[]
  readonly fields: Readonly<Record<string, unknown>>
}

/** `user:<id>`, `role:<name>`, `list:<id>`, `request:<id>`, `organization:<id>`, `service-provider:<name>` */
export type Subject = `${'user' | 'role' | 'list' | 'request' | 'lock' | 'organization' | 'service-provider'}:${string}`

/** An event as it is kept: numbered without gaps, each carrying the hash of the one before. */
export interface RecordedAuditEvent extends AuditEvent {
  readonly seq: number
  readonly uid: string
  readonly previousHash: string
  readonly hash: string
}

/** Event name → code when it succeeded, and when it was refused or failed (governance facts, section 9). */
export const AUDIT_CODES = {
  'user.login': ['T1000I', 'T1000W'],
  'user_login.invalid_access_list': ['TAL009W', 'TAL009W'],
  'user.create': ['T1002I', 'T1002W'],
  'user.update': ['T1003I', 'T1003W'],
  'user.delete': ['T1004I', 'T1004W'],
  'user.password_link.create': ['GH001I', 'GH001W'],
  'user.session.end': ['GH002I', 'GH002W'],
  'user.device_code.confirm': ['GH003I', 'GH003W'],
  'user.device_code.refuse': ['GH004I', 'GH004W'],
  'user.password_change': ['T1005I', 'T1005W'],
  'role.created': ['T9000I', 'T9000W'],
  'role.updated': ['T9002I', 'T9002W'],
  'role.deleted': ['T9001I', 'T9001W'],
  'access_request.create': ['T5000I', 'T5000W'],
  'access_request.update': ['T5001I', 'T5001W'],
  'access_request.review': ['T5002I', 'T5002W'],
  'access_request.delete': ['T5003I', 'T5003W'],
  'access_request.search': ['T5004I', 'T5004W'],
  'access_request.expire': ['T5005I', 'T5005W'],
  'access_list.create': ['TAL001I', 'TAL001E'],
  'access_list.update': ['TAL002I', 'TAL002E'],
  'access_list.delete': ['TAL003I', 'TAL003E'],
  'access_list.review': ['TAL004I', 'TAL004E'],
  'access_list.member.create': ['TAL005I', 'TAL005E'],
  'access_list.member.update': ['TAL006I', 'TAL006E'],
  'access_list.member.delete': ['TAL007I', 'TAL007E'],
  'access_list.member.delete_all_for_access_list': ['TAL008I', 'TAL008E'],
  'lock.created': ['TLK00I', 'TLK00W'],
  'lock.deleted': ['TLK01I', 'TLK01W'],
  'saml.idp.auth': ['TSI000I', 'TSI000I'],
  'saml.idp.service.provider.create': ['TSI001I', 'TSI001W'],
  'saml.idp.service.provider.update': ['TSI002I', 'TSI002W'],
  'saml.idp.service.provider.delete': ['TSI003I', 'TSI003W'],
  'plugin.create': ['PG001I', 'PG001W'],
  'plugin.update': ['PG002I', 'PG002W'],
  'plugin.delete': ['PG003I', 'PG003W'],
  'plugin.removal.begin': ['GH024I', 'GH024W'],
  'plugin.removal.stop': ['GH025I', 'GH025W'],
  'integration.create': ['IG001I', 'IG001W'],
  'integration.update': ['IG002I', 'IG002W'],
  'integration.delete': ['IG003I', 'IG003W'],
  'aws_identity_center.resource_sync.success': ['TAIC001I', 'TAIC001I'],
  'aws_identity_center.resource_sync.failed': ['TAIC001E', 'TAIC001E'],
  'aws_identity_center.account_assignment.created': ['TAIC002I', 'TAIC002E'],
  'aws_identity_center.account_assignment.deleted': ['TAIC003I', 'TAIC003E'],
  /** Ours: the described product has no events for these. */
  'aws_identity_center.user.pushed': ['GH010I', 'GH010E'],
  'aws_identity_center.group.pushed': ['GH011I', 'GH011E'],
  'aws_identity_center.group.members_changed': ['GH012I', 'GH012E'],
  'aws_identity_center.adopted': ['GH013I', 'GH013E'],
  'aws_identity_center.removals.held': ['GH014W', 'GH014W'],
  'aws_identity_center.removals.released': ['GH015I', 'GH015W'],
  'aws_identity_center.read.suspicious': ['GH016W', 'GH016W'],
  'aws_identity_center.drift.found': ['GH017W', 'GH017W'],
  'aws_identity_center.drift.decided': ['GH018I', 'GH018W'],
  'aws_identity_center.accounts.moved': ['GH019I', 'GH019I'],
  'adopted_assignment.end': ['GH023I', 'GH023W'],
  'enrolment.create': ['GH050I', 'GH050W'],
  'enrolment.update': ['GH051I', 'GH051W'],
  'enrolment.check': ['GH052I', 'GH052W'],
  'enrolment.delete': ['GH053I', 'GH053W'],
  'access_list.review.reminder': ['GH030I', 'GH030I'],
  'access_list.review.escalate': ['GH031W', 'GH031W'],
  'access_list.suspend': ['GH032W', 'GH032W'],
  'access_request.permission_set_changed': ['GH046W', 'GH046W'],
  'approval_rule.create': ['GH043I', 'GH043W'],
  'approval_rule.update': ['GH044I', 'GH044W'],
  'approval_rule.delete': ['GH045I', 'GH045W'],
  'bundle.create': ['GH040I', 'GH040W'],
  'bundle.update': ['GH041I', 'GH041W'],
  'bundle.delete': ['GH042I', 'GH042W'],
  'saml.idp.certificate.create': ['GH020I', 'GH020W'],
  'saml.idp.certificate.activate': ['GH021I', 'GH021W'],
  'saml.idp.certificate.delete': ['GH022I', 'GH022W'],
} as const satisfies Record<keyof EventFields, readonly [string, string]>

export type AuditEventName = keyof EventFields

/**
 * Events by which somebody takes access away or gives it: one of them after the last round explains why something is
 * wanted no longer. A sign-in, a request that was filed or a push to AWS explains nothing.
 */
export const DECISION_EVENTS: readonly AuditEventName[] = [
  'user.create',
  'user.update',
  'user.delete',
  'role.created',
  'role.updated',
  'role.deleted',
  'access_request.update',
  'access_request.review',
  'access_request.delete',
  'access_list.create',
  'access_list.update',
  'access_list.delete',
  'access_list.review',
  'access_list.member.create',
  'access_list.member.update',
  'access_list.member.delete',
  'lock.created',
  'lock.deleted',
  'plugin.update',
  'adopted_assignment.end',
]

/** An event with the code that belongs to its name and outcome. */
export function auditEvent<Name extends AuditEventName>(
  event: Name,
  details: {
    time: Instant
    user?: string
    subjects?: readonly Subject[]
    success?: boolean
    fields: EventFields[Name]
  },
): AuditEvent {
  const { time, user, subjects = [], success = true, fields } = details
  return {
    event,
    code: AUDIT_CODES[event][success ? 0 : 1],
    time,
    ...(user === undefined ? {} : { user }),
    subjects,
    fields: { ...fields },
  }
}
