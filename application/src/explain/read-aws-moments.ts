import { type Grant, instant, type Instant, type OrganizationId, type RecordedAuditEvent } from '@gatehouse/domain'
import { causeText } from '../reconcile/execute-assignment.ts'

/** What AWS did about an account assignment, as the audit log has it. */
export interface AwsMoment {
  readonly at: Instant
  /** `drift`: removed because it had appeared in AWS without a decision. */
  readonly kind: 'sent' | 'confirmed' | 'refused' | 'removed' | 'drift'
  readonly text: string
}

interface Wanted {
  readonly grant: Grant
  readonly userName: string
  /** A list has a group in each organization; only that of the grant's counts. */
  readonly organization: OrganizationId | undefined
}

/** Of events of assignments and of members, those that are about one account and permission set, or about one person's place in a group. */
export const awsMomentsOf = (events: readonly RecordedAuditEvent[], wanted: Wanted): readonly AwsMoment[] =>
  events.flatMap((event) => {
    if (event.event === 'aws_identity_center.group.members_changed') return membership(event, wanted)
    if (!isAbout(event, wanted)) return []
    return event.event === 'aws_identity_center.account_assignment.created' ? created(event) : deleted(event)
  })

function created({ time, fields }: RecordedAuditEvent): readonly AwsMoment[] {
  const whom = groupOf(fields)
  if (fields['success'] !== true) return [{ at: time, kind: 'refused', text: textOf(fields['error']) }]
  return [...sentOf(fields, whom), { at: time, kind: 'confirmed', text: whom }]
}

function deleted({ time, fields }: RecordedAuditEvent): readonly AwsMoment[] {
  if (fields['success'] !== true) return [{ at: time, kind: 'refused', text: textOf(fields['error']) }]
  const cause = textOf(fields['cause'])
  const kind = cause === causeText({ kind: 'foreign' }) ? 'drift' : 'removed'
  return [{ at: time, kind, text: [groupOf(fields), cause].filter((part) => part !== '').join(', ') }]
}

function membership({ time, fields }: RecordedAuditEvent, { userName, organization }: Wanted): readonly AwsMoment[] {
  const place = textOf(fields['organization'])
  if (organization !== undefined && place !== '' && place !== organization) return []
  const group = textOf(fields['group'])
  if (textsOf(fields['added']).includes(userName))
    return [{ at: time, kind: 'confirmed', text: `in the group ${group}` }]
  if (textsOf(fields['removed']).includes(userName))
    return [{ at: time, kind: 'removed', text: `out of the group ${group}` }]
  return []
}

function sentOf(fields: RecordedAuditEvent['fields'], text: string): readonly AwsMoment[] {
  const at = textOf(fields['sent_at'])
  return at === '' ? [] : [{ at: instant(at), kind: 'sent', text }]
}

function isAbout({ fields }: RecordedAuditEvent, { grant }: Wanted): boolean {
  const rows: unknown = fields['principal_assignments']
  return (
    Array.isArray(rows) &&
    rows.some(
      (row) =>
        isObject(row) && row['account_id'] === grant.account && row['permission_set_arn'] === grant.permissionSet,
    )
  )
}

/** What a group holds, its members do. */
function groupOf(fields: RecordedAuditEvent['fields']): string {
  const principal: unknown = fields['principal_metadata']
  if (!isObject(principal) || principal['principal_type'] !== 'GROUP') return ''
  return `for the group ${textOf(principal['name'])}`
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
