import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import { listOf, text } from '../world/input.ts'
import { ENTERPRISE_EXTENSION } from './present.ts'
import { withLowerNames } from './user-attributes.ts'

export const attributeOperationsSchema = listOf(
  z.object({ AttributePath: text(1, 255, /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u), AttributeValue: z.unknown().optional() }),
  1,
  100,
)
export type AttributeOperations = z.infer<typeof attributeOperationsSchema>

/** The attributes after the changes; a change without a value removes. */
export function applyAttributeOperations(
  attributes: Record<string, unknown>,
  operations: AttributeOperations,
): Record<string, unknown> {
  return operations.reduce(
    (changed, { AttributePath, AttributeValue }) =>
      changeAt(changed, pathParts(AttributePath), AttributeValue ?? undefined),
    attributes,
  )
}

function pathParts(path: string): readonly string[] {
  const extension = `${ENTERPRISE_EXTENSION}.`
  const own = path.startsWith(extension) ? `enterprise.${path.slice(extension.length)}` : path
  return (own === ENTERPRISE_EXTENSION ? 'enterprise' : own).split('.')
}

function changeAt(
  attributes: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const key = name.charAt(0).toLowerCase() + name.slice(1)
  if (rest.length === 0) return { ...attributes, [key]: withLowerNames(value) }
  const inner = attributes[key] ?? {}
  if (typeof inner !== 'object' || Array.isArray(inner)) {
    throw new AwsError('ValidationException', `The attribute path ${[name, ...rest].join('.')} is not supported.`)
  }
  return { ...attributes, [key]: changeAt(Object.fromEntries(Object.entries(inner ?? {})), rest, value) }
}
