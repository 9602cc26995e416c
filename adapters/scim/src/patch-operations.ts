import type { MembershipChange } from '@gatehouse/application'
import type { AwsUserId, UserProfile } from '@gatehouse/domain'

/** One operation of a SCIM PATCH, always with a path: AWS takes path-less ones for a single attribute only. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path: string
  readonly value?: unknown
}

/** AWS refuses more membership changes in one request (SCIM Implementation Developer Guide, "PatchGroup"). */
const MAX_CHANGES_PER_PATCH = 100

export interface MemberPatch {
  readonly remove: readonly AwsUserId[]
  readonly add: readonly AwsUserId[]
}

/** Removals come first, and one who is both to be added and removed is removed. */
export function toMemberPatches(change: MembershipChange): readonly MemberPatch[] {
  const remove = [...new Set(change.remove)]
  const add = [...new Set(change.add)].filter((id) => !change.remove.includes(id))
  const patches: MemberPatch[] = []
  const total = remove.length + add.length
  for (let from = 0; from < total; from += MAX_CHANGES_PER_PATCH) {
    const to = from + MAX_CHANGES_PER_PATCH
    patches.push({
      remove: remove.slice(from, to),
      add: add.slice(Math.max(0, from - remove.length), Math.max(0, to - remove.length)),
    })
  }
  return patches
}

/** Two parts of about one size. */
export function halves({ remove, add }: MemberPatch): readonly [MemberPatch, MemberPatch] {
  const middle = Math.ceil((remove.length + add.length) / 2)
  const rest = Math.max(0, middle - remove.length)
  return [
    { remove: remove.slice(0, middle), add: add.slice(0, rest) },
    { remove: remove.slice(middle), add: add.slice(rest) },
  ]
}

/** Never a replacement or a removal of all members: AWS refuses both. */
export function toMemberOperations({ remove, add }: MemberPatch): readonly PatchOperation[] {
  const members = (ids: readonly AwsUserId[]) => ids.map((value) => ({ value }))
  return [
    ...(remove.length > 0 ? [{ op: 'remove', path: 'members', value: members(remove) } as const] : []),
    ...(add.length > 0 ? [{ op: 'add', path: 'members', value: members(add) } as const] : []),
  ]
}

/**
 * What to send, in order, one request each. `userName` and `active` never share one; to be inactive comes before and to
 * be active after everything else.
 */
export function toUserPatches(changes: Partial<UserProfile>): readonly (readonly PatchOperation[])[] {
  const { userName, givenName, familyName, displayName, email, active } = changes
  const attributes = [
    replace('userName', userName),
    replace('name.givenName', givenName),
    replace('name.familyName', familyName),
    replace('displayName', displayName),
    ...(email === undefined
      ? []
      : [email === '' ? NO_EMAIL : ({ op: 'replace', path: 'emails', value: toEmails(email) } as const)]),
  ].filter((operation) => operation !== undefined)
  const activity = active === undefined ? [] : [{ op: 'replace', path: 'active', value: active } as const]
  return (active === false ? [activity, attributes] : [attributes, activity]).filter((patch) => patch.length > 0)
}

const NO_EMAIL: PatchOperation = { op: 'remove', path: 'emails' }

const replace = (path: string, value: string | undefined): PatchOperation | undefined =>
  value === undefined ? undefined : { op: 'replace', path, value }

/** AWS keeps one address, and it has to be the primary one (SCIM Implementation Developer Guide, "CreateUser"). */
export const toEmails = (email: string) => [{ value: email, type: 'work', primary: true }]
