import { z } from 'zod'
import { parseFilter, type Comparison } from './parse-filter.ts'
import { invalidRequest, pathMissing } from './scim-error.ts'
import { fit, isObject, readBody, type ScimCall } from './scim-operation.ts'
import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, PATCH_SCHEMA, USER_SCHEMA } from './schema-names.ts'

/** One operation of a PATCH after its path was read. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove'
  /** Attribute, then sub-attributes. */
  readonly names: readonly [string, ...string[]]
  /** Which values of a list are meant: `emails[type eq "work"]`. */
  readonly selector?: Comparison | undefined
  readonly value?: unknown
}

const patchSchema = z.strictObject({
  schemas: z.array(z.string()).refine((schemas) => schemas.includes(PATCH_SCHEMA)),
  Operations: z
    .array(
      z.strictObject({
        op: z
          .string()
          .transform((op) => op.toLowerCase())
          .pipe(z.enum(['add', 'replace', 'remove'])),
        path: z.string().min(1).optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1),
})

/** @throws AwsError in AWS's words when the body is no PATCH that AWS takes. */
export function readPatch(call: ScimCall): readonly PatchOperation[] {
  return readBody(call, patchSchema).Operations.map(({ op, path, value }) => {
    if (op !== 'remove' && value === undefined) throw invalidRequest()
    return path === undefined ? readPathless(op, value) : { op, ...parsePath(path), value }
  })
}

/** Without a path the value says which attribute; the id, which may be there too, says nothing. */
function readPathless(op: PatchOperation['op'], value: unknown): PatchOperation {
  if (op === 'remove' || !isObject(value)) throw pathMissing()
  const [attribute, ...others] = Object.entries(value).filter(([name]) => name !== 'id' && name !== 'schemas')
  if (attribute === undefined || others.length > 0) throw pathMissing()
  return { op, ...parsePath(attribute[0]), value: attribute[1] }
}

const PATH = /^([A-Za-z]\w*)(?:\[(.*)\])?((?:\.[A-Za-z$]\w*)*)$/s

/** `attribute`, `attribute.sub`, `list[type eq "…"]` and `list[…].sub`; of the extension with its URN in front. */
export function parsePath(path: string): Pick<PatchOperation, 'names' | 'selector'> {
  const [own, ...prefix] = splitUrn(path)
  if (own === '') return { names: [ENTERPRISE_SCHEMA] }
  const [, attribute, filter, rest = ''] = PATH.exec(own) ?? []
  if (attribute === undefined) throw invalidRequest()
  const [first, ...others] = [...prefix, attribute, ...rest.split('.').slice(1)]
  if (filter === undefined) return { names: [first ?? attribute, ...others] }
  const [selector, ...more] = parseFilter(filter) ?? []
  if (selector === undefined || more.length > 0) throw invalidRequest()
  return { names: [first ?? attribute, ...others], selector }
}

/** The path without the URN of its schema, and the extension's URN when it was that. */
function splitUrn(path: string): readonly [string, ...string[]] {
  if (path === ENTERPRISE_SCHEMA) return ['']
  if (path.startsWith(`${ENTERPRISE_SCHEMA}:`)) return [path.slice(ENTERPRISE_SCHEMA.length + 1), ENTERPRISE_SCHEMA]
  const core = [USER_SCHEMA, GROUP_SCHEMA].find((schema) => path.startsWith(`${schema}:`))
  return [core === undefined ? path : path.slice(core.length + 1)]
}

const membersSchema = z.array(
  z.strictObject({
    value: z.string().min(1),
    $ref: z.string().optional(),
    type: z.string().optional(),
    display: z.string().optional(),
  }),
)

/** Ids of the users in a `members` value: a list, or one member on its own. */
export function readMembers(value: unknown): readonly string[] {
  return fit(membersSchema, Array.isArray(value) ? value : [value]).map((member) => member.value)
}
