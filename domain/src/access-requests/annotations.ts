import type { Traits } from '../kernel/names.ts'
import type { EffectiveRoles } from '../roles/effective-roles.ts'
import type { Role, RoleConditions } from '../roles/role.ts'
import { expandText } from '../roles/trait-templates.ts'

/**
 * What the requester's roles say about a request, for those who review it: from the blocks that cover what is asked for,
 * with his traits filled in. A deny takes away exactly the value that it names, whatever it is about otherwise.
 */
export function systemAnnotations(blocks: readonly Role[], { denying, person }: EffectiveRoles): Traits {
  const denied = new Set(denying.flatMap(({ deny }) => pairs(deny, person.traits).map(keyOf)))
  const found = [...new Set(blocks)]
    .flatMap(({ allow }) => pairs(allow, person.traits))
    .filter((pair) => !denied.has(keyOf(pair)))
  const annotations = new Map<string, Set<string>>()
  for (const [key, value] of found) annotations.set(key, (annotations.get(key) ?? new Set()).add(value))
  return Object.fromEntries(
    [...annotations]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, values]) => [key, [...values].toSorted()] as const),
  )
}

type Pair = readonly [key: string, value: string]

const keyOf = (pair: Pair): string => JSON.stringify(pair)

const pairs = ({ request }: RoleConditions, traits: Traits): readonly Pair[] =>
  Object.entries(request.annotations).flatMap(([key, values]) =>
    values.flatMap((value) => expandText(value, traits).map((text): Pair => [key, text])),
  )
