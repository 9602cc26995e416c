import { text } from '../world/input.ts'
import { type PatchOperation, readMembers, readPatch } from './patch-request.ts'
import { invalidRequest } from './scim-error.ts'
import { fit, type ScimCall } from './scim-operation.ts'
import { PRINTABLE } from './user-resource.ts'

/** AWS refuses more in one request (SCIM Implementation Developer Guide, "PatchGroup" and "CreateGroup"). */
export const MAX_MEMBERSHIP_CHANGES = 100

export interface GroupChange {
  readonly attributes: { readonly displayName?: string; readonly externalId?: string | undefined }
  /** Ids of users. */
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/** What a PATCH does to a group, its operations taken together. @throws AwsError in AWS's words */
export function readGroupChange(call: ScimCall): GroupChange {
  const nothing: GroupChange = { attributes: {}, add: [], remove: [] }
  const operations = readPatch(call)
  const touched = operations.filter(({ names }) => names[0] === 'members').map(({ value }) => countMembers(value))
  if (touched.reduce((sum, count) => sum + count, 0) > MAX_MEMBERSHIP_CHANGES) throw invalidRequest()
  return operations.reduce(addOperation, nothing)
}

/** Every member that is named counts, whether or not anything changes for it. */
const countMembers = (value: unknown) => (Array.isArray(value) ? value.length : 1)

function addOperation(change: GroupChange, operation: PatchOperation): GroupChange {
  const [attribute, ...rest] = operation.names
  if (rest.length > 0) throw invalidRequest()
  if (attribute === 'members') return addMemberOperation(change, operation)
  if (operation.selector !== undefined) throw invalidRequest()
  const attributes = { ...change.attributes, ...readAttribute(attribute, operation) }
  return { ...change, attributes }
}

function readAttribute(attribute: string, { op, value }: PatchOperation): GroupChange['attributes'] {
  if (attribute === 'externalId') {
    return { externalId: op === 'remove' ? undefined : fit(text(1, 256, PRINTABLE), value) }
  }
  if (attribute !== 'displayName' || op === 'remove') throw invalidRequest()
  return { displayName: fit(text(1, 1_024, PRINTABLE), value) }
}

/** The last operation on a member wins. */
function addMemberOperation(change: GroupChange, operation: PatchOperation): GroupChange {
  const { op, selector, value } = operation
  if (op === 'replace') throw invalidRequest('Replacing group memberships is not supported.')
  if (op === 'add') {
    if (selector !== undefined) throw invalidRequest()
    const added = new Set(readMembers(value))
    return { ...change, add: [...change.add, ...added], remove: change.remove.filter((id) => !added.has(id)) }
  }
  const removed = new Set(readRemoved(selector, value))
  return { ...change, remove: [...change.remove, ...removed], add: change.add.filter((id) => !removed.has(id)) }
}

function readRemoved(selector: PatchOperation['selector'], value: unknown): readonly string[] {
  if (selector === undefined) {
    if (value === undefined) throw invalidRequest('Removing all group memberships is not supported.')
    return readMembers(value)
  }
  if (selector.attribute !== 'value' || value !== undefined) throw invalidRequest()
  return [selector.value]
}
