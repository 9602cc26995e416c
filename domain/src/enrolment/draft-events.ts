import { type AuditEvent, auditEvent } from '../audit/audit-event.ts'
import type { Instant } from '../kernel/instant.ts'
import { changedFields, type CheckedStep, type EnrolmentChanges, type EnrolmentDraft } from './draft.ts'

interface Done {
  readonly by: string
  readonly now: Instant
}

const about = ({ name }: EnrolmentDraft, { by, now }: Done) =>
  ({ time: now, user: by, subjects: [`organization:${name}`] }) as const

export const eventOfStart = (draft: EnrolmentDraft, done: Done): AuditEvent =>
  auditEvent('enrolment.create', { ...about(draft, done), fields: { name: draft.name } })

export const eventOfRemoval = (draft: EnrolmentDraft, done: Done): AuditEvent =>
  auditEvent('enrolment.delete', { ...about(draft, done), fields: { name: draft.name } })

/** What was changed, by its names, and where the token goes; never the token. Nothing for an edit that changes nothing. */
export function eventsOfEdit(
  before: EnrolmentDraft,
  after: EnrolmentDraft,
  { given, isTokenGiven }: { readonly given: EnrolmentChanges; readonly isTokenGiven: boolean },
): readonly AuditEvent[] {
  const token = isTokenGiven ? 'given' : before.hasScimToken && !after.hasScimToken ? 'forgotten' : undefined
  const changed = [...changedFields(before, given), ...(token === undefined ? [] : ['scimToken'])]
  if (changed.length === 0) return []
  const { scimUrl, forceScimUrl = false } = after.given
  const { name, revision, changedBy: by, changedAt: now } = after
  return [
    auditEvent('enrolment.update', {
      ...about(after, { by, now }),
      fields: {
        name,
        revision,
        changed,
        ...(token === undefined ? {} : { scim_token: token }),
        ...(scimUrl === undefined ? {} : { scim_url: scimUrl, force_scim_url: forceScimUrl }),
      },
    }),
  ]
}

/** How the check went that is the last one of the step. */
export function eventsOfCheck(draft: EnrolmentDraft, step: CheckedStep): readonly AuditEvent[] {
  const { checks, given, name } = draft
  const check = checks[step]
  if (!check) return []
  const { isOk: success, message, at: now, by } = check
  const { roleArn, scimUrl } = given
  const role = step === 'aws' && roleArn !== undefined ? { role_arn: roleArn } : {}
  const address = step === 'scim' && scimUrl !== undefined ? { scim_url: scimUrl } : {}
  const fields = { name, step, success, message, ...role, ...address }
  return [auditEvent('enrolment.check', { ...about(draft, { by, now }), success, fields })]
}
