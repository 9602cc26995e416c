import type { PatchOperation } from './patch-request.ts'
import { invalidRequest } from './scim-error.ts'
import { isObject } from './scim-operation.ts'

type Attributes = Readonly<Record<string, unknown>>

/** Of these there may be one operation in a request, and no removal (SCIM Implementation Developer Guide, "PatchUser"). */
const LONE_ATTRIBUTES = ['userName', 'active']
const LISTS = new Set(['emails', 'addresses', 'phoneNumbers', 'roles'])

/** The attributes after the operations. Whether they still are a user's is for the schema to say. */
export function patchUser(attributes: Attributes, operations: readonly PatchOperation[]): Attributes {
  const lone = operations.filter(({ names }) => LONE_ATTRIBUTES.includes(names[0]))
  if (lone.length > 1 || lone.some(({ op }) => op === 'remove')) throw invalidRequest()
  return operations.reduce(applyOperation, attributes)
}

function applyOperation(attributes: Attributes, operation: PatchOperation): Attributes {
  const [name, ...rest] = operation.names
  if (LISTS.has(name)) return { ...attributes, [name]: changeList(attributes[name], rest, operation) }
  if (operation.selector !== undefined) throw invalidRequest()
  return { ...attributes, [name]: changeAt(attributes[name], rest, operation) }
}

function changeList(current: unknown, names: readonly string[], operation: PatchOperation): readonly unknown[] {
  const { op, selector, value } = operation
  const items: readonly unknown[] = Array.isArray(current) ? current : []
  if (names.length === 0 && selector === undefined) {
    const given = Array.isArray(value) ? value : [value]
    if (op === 'remove') return []
    return op === 'replace' ? given : withNew(items, given)
  }
  const isMeant = (item: unknown) =>
    selector === undefined || (isObject(item) && item[selector.attribute] === selector.value)
  if (!items.some(isMeant)) throw invalidRequest()
  if (op === 'remove' && names.length === 0) return items.filter((item) => !isMeant(item))
  return items.map((item) => (isMeant(item) ? changeAt(item, names, operation) : item))
}

function changeAt(current: unknown, [name, ...rest]: readonly string[], operation: PatchOperation): unknown {
  if (name !== undefined) {
    if (current !== undefined && !isObject(current)) throw invalidRequest()
    return { ...current, [name]: changeAt(current?.[name], rest, operation) }
  }
  if (operation.op === 'remove') return undefined
  // Sub-attributes that the value does not name stay (RFC 7644, 3.5.2.3).
  return isObject(current) && isObject(operation.value) ? { ...current, ...operation.value } : operation.value
}

/** Adding what is there changes nothing. */
function withNew(items: readonly unknown[], given: readonly unknown[]): readonly unknown[] {
  const valueOf = (item: unknown) => (isObject(item) ? item['value'] : undefined)
  const known = new Set(items.map(valueOf))
  return [...items, ...given.filter((item) => valueOf(item) === undefined || !known.has(valueOf(item)))]
}
