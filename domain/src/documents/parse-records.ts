import type { AccessList } from '../access-lists/access-list.ts'
import type { AwsUserId } from '../identity-center/account-assignment.ts'
import type { AccessListId, AccessRequestId, LockId, UserName } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import {
  type AccessListDocument,
  type DocumentWarning,
  type EscalationEntry,
  EXTERNAL_ID_LABEL,
  type LockDocument,
  type MemberDocument,
  type MemberEntry,
  type NamedGrants,
  type OwnerEntry,
  type UserDocument,
} from './document.ts'
import { openEnvelope, plainName } from './envelope.ts'
import { instantOrNever, isEmpty, itemsOf, located, oneOf, openMap, text, textOr, traits } from './fields.ts'
import { UNUSED_USER } from './keys.ts'
import { parseRoleName, parseRoleNames } from './parse-role.ts'
import { parseEscalation, parseSchedule } from './review-schedule.ts'
import { invalid, type Value } from './source.ts'
import { DEFAULT_SCHEDULE } from '../access-lists/access-list.ts'
import { parseUserName } from '../users/user-name.ts'

const MAX_TITLE = 255
const MAX_REASON = 1000

export function parseUser(value: Value, warnings: DocumentWarning[]): UserDocument {
  const { name, labels, spec } = openEnvelope(value, ['v2'])
  const fields = openMap(spec, ['roles', 'traits', 'expires'], { unused: UNUSED_USER })
  const expires = fields.find('expires')
  if (expires && instantOrNever(expires) !== undefined)
    throw new DomainError({
      code: 'not-supported-yet',
      field: expires.path,
      line: expires.line,
      feature: 'a user who expires',
    })
  for (const [, inner] of fields.unused)
    if (!isEmpty(inner)) warnings.push({ field: inner.path, line: inner.line, message: 'not used here' })
  return {
    kind: 'user',
    name: userName(name),
    labels,
    roles: parseRoleNames(fields.find('roles')),
    traits: traits(fields.find('traits')),
  }
}

const userName = (value: Value): UserName => located(value, () => parseUserName(text(value)))
const listName = (value: Value): AccessListId => plainName(value, 'an access list') as AccessListId

const LIST_KEYS = [
  'type',
  'title',
  'description',
  'owners',
  'members',
  'membership_requires',
  'ownership_requires',
  'grants',
  'owner_grants',
  'audit',
] as const

export function parseAccessList(value: Value): AccessListDocument {
  const { name, labels, spec } = openEnvelope(value, ['v1'])
  const fields = openMap(spec, LIST_KEYS)
  const audit = fields.find('audit')
  const members = fields.find('members')
  const escalation = audit && parseEscalation(audit, parseEscalationTarget)
  return {
    kind: 'access_list',
    name: listName(name),
    title: parseTitle(fields.get('title')),
    description: textOr(fields.find('description'), '', 1000),
    type: parseType(fields.find('type')),
    labels,
    owners: parseOwners(fields.find('owners')),
    ...(members ? { members: parseMembers(members) } : {}),
    membershipRequires: parseGrants(fields.find('membership_requires')),
    ownershipRequires: parseGrants(fields.find('ownership_requires')),
    grants: parseGrants(fields.find('grants')),
    ownerGrants: parseGrants(fields.find('owner_grants')),
    audit: audit ? parseSchedule(audit) : DEFAULT_SCHEDULE,
    ...(escalation ? { escalation } : {}),
  }
}

function parseEscalationTarget(value: Value): EscalationEntry['to'][number] {
  const fields = openMap(value, ['name', 'membership_kind'])
  const kind = membershipKind(fields.find('membership_kind'))
  return { kind, name: kind === 'user' ? userName(fields.get('name')) : listName(fields.get('name')) }
}

/** It is also the name of an AWS group. */
function parseTitle(value: Value): string {
  const title = text(value, { max: MAX_TITLE })
  if (title !== title.trim() || /[\r\n\t]/.test(title))
    throw invalid(value, 'a title is one line without blanks at its ends.', 'Remove them.')
  return title
}

function parseType(value: Value | undefined): AccessList['type'] {
  if (!value) return ''
  // The described product's older name of the same.
  if (value.type === 'text' && value.text === 'dynamic') return ''
  return oneOf(value, ['', 'static', 'scim'])
}

/** Of several entries of one name the first counts. */
function parseOwners(value: Value | undefined): readonly OwnerEntry[] {
  const owners = new Map<string, OwnerEntry>()
  for (const item of itemsOf(value, 'a list of owners')) {
    const fields = openMap(item, ['name', 'description', 'membership_kind', 'ineligible_status'])
    const kind = membershipKind(fields.find('membership_kind'))
    const name = kind === 'user' ? userName(fields.get('name')) : listName(fields.get('name'))
    const description = textOr(fields.find('description'), '', MAX_REASON)
    const key = `${kind} ${name.toLowerCase()}`
    if (!owners.has(key)) owners.set(key, { kind, name, description })
  }
  return [...owners.values()]
}

/** Of several entries of one name the first counts. `joined` and `added_by` are the server's to say. */
function parseMembers(value: Value): readonly MemberEntry[] {
  const members = new Map<string, MemberEntry>()
  for (const item of itemsOf(value, 'a list of members')) {
    const fields = openMap(item, [
      'name',
      'membership_kind',
      'expires',
      'reason',
      'joined',
      'added_by',
      'ineligible_status',
    ])
    const kind = membershipKind(fields.find('membership_kind'))
    const name = kind === 'user' ? userName(fields.get('name')) : listName(fields.get('name'))
    const expires = instantOrNever(fields.find('expires'))
    const reason = textOr(fields.find('reason'), '', MAX_REASON)
    const key = `${kind} ${name.toLowerCase()}`
    if (!members.has(key)) members.set(key, { kind, name, ...(expires === undefined ? {} : { expires }), reason })
  }
  return [...members.values()]
}

function membershipKind(value: Value | undefined): 'user' | 'list' {
  const kinds = ['', 'MEMBERSHIP_KIND_UNSPECIFIED', 'MEMBERSHIP_KIND_USER', 'MEMBERSHIP_KIND_LIST'] as const
  return value && oneOf(value, kinds) === 'MEMBERSHIP_KIND_LIST' ? 'list' : 'user'
}

function parseGrants(value: Value | undefined): NamedGrants {
  if (!value) return { roles: [], traits: {} }
  const fields = openMap(value, ['roles', 'traits'])
  return { roles: parseRoleNames(fields.find('roles')), traits: traits(fields.find('traits')) }
}

/** `joined` and `added_by` are the server's to say; what a file says of them is not read. */
export function parseMember(value: Value): MemberDocument {
  const { name, labels, spec } = openEnvelope(value, ['v1'])
  const fields = openMap(spec, [
    'access_list',
    'name',
    'joined',
    'expires',
    'reason',
    'added_by',
    'membership_kind',
    'ineligible_status',
  ])
  const written = fields.find('name')
  if (written && text(written) !== text(name))
    throw invalid(written, 'it differs from metadata.name.', 'Leave it out, or write the same name.')
  const kind = membershipKind(fields.find('membership_kind'))
  const expires = instantOrNever(fields.find('expires'))
  const awsUser = labels[EXTERNAL_ID_LABEL]
  return {
    kind: 'access_list_member',
    list: listName(fields.get('access_list')),
    member:
      awsUser !== undefined && kind === 'user'
        ? { kind: 'aws-only', name: text(name), awsUser: awsUser as AwsUserId }
        : { kind, name: kind === 'user' ? userName(name) : listName(name) },
    ...(expires === undefined ? {} : { expires }),
    reason: textOr(fields.find('reason'), '', MAX_REASON),
  }
}

const OTHER_TARGETS: Readonly<Record<string, string>> = Object.fromEntries(
  ['login', 'mfa_device', 'windows_desktop', 'device', 'server_id', 'node', 'bot_instance_id', 'join_token'].map(
    (key) => [key, `a lock on "${key}"`],
  ),
)

export function parseLock(value: Value): LockDocument {
  const { name, spec } = openEnvelope(value, ['v2'])
  const fields = openMap(spec, ['target', 'message', 'expires', 'created_at', 'created_by'])
  const expires = instantOrNever(fields.find('expires'))
  return {
    kind: 'lock',
    name: plainName(name, 'a lock') as LockId,
    target: parseTarget(fields.get('target')),
    message: textOr(fields.find('message'), '', MAX_REASON),
    ...(expires === undefined ? {} : { expires }),
  }
}

function parseTarget(value: Value): LockDocument['target'] {
  const fields = openMap(value, ['user', 'role', 'access_request'], { later: OTHER_TARGETS })
  const targets = (['user', 'role', 'access_request'] as const).flatMap((key): LockDocument['target'][] => {
    const target = fields.find(key)
    if (!target || isEmpty(target)) return []
    if (key === 'user') return [{ kind: 'user', user: userName(target) }]
    if (key === 'role') return [{ kind: 'role', role: parseRoleName(target) }]
    return [{ kind: 'access-request', request: text(target, { max: 255 }) as AccessRequestId }]
  })
  const [target] = targets
  if (!target || targets.length > 1)
    throw invalid(value, 'a lock has exactly one target.', 'Name one of user, role, access_request.')
  return target
}
