import type { Traits } from '../kernel/names.ts'
import { literalPattern, type Pattern, parsePattern } from '../kernel/pattern.ts'
import type { AccountAssignmentPattern, AccountAssignmentTemplate, PatternTemplate } from './role.ts'
import { hasTemplate, readTemplate, traitValues } from './trait-templates.ts'

const ANYTHING = parsePattern('*')

/** What an allow gives to somebody with these traits. An entry whose trait is missing gives nothing. */
export const allowedAssignments = (
  entries: readonly AccountAssignmentTemplate[],
  traits: Traits,
): readonly AccountAssignmentPattern[] => expand(entries, traits, [])

/** What a deny takes from him. Where a trait is missing it denies as if `*` stood there: when unsure, nothing is given. */
export const deniedAssignments = (
  entries: readonly AccountAssignmentTemplate[],
  traits: Traits,
): readonly AccountAssignmentPattern[] => expand(entries, traits, [ANYTHING])

/** Names of the traits that entries ask for and that are not there, each once. */
export function missingTraits(entries: readonly AccountAssignmentTemplate[], traits: Traits): readonly string[] {
  if (isExpanded(entries)) return []
  const templates = entries
    .flatMap(({ account, permissionSet }) => [account, permissionSet])
    .flatMap((text) => readTemplate(text) ?? [])
  return [
    ...new Set(templates.filter((template) => traitValues(template, traits).length === 0).map(({ trait }) => trait)),
  ]
}

/** The same list comes back where there is nothing to fill in, so that what was worked out for it is found again. */
function expand(
  entries: readonly AccountAssignmentTemplate[],
  traits: Traits,
  otherwise: readonly Pattern[],
): readonly AccountAssignmentPattern[] {
  if (isExpanded(entries)) return entries
  return entries.flatMap(({ account, permissionSet }) => {
    const sets = fillIn(permissionSet, traits, otherwise)
    return fillIn(account, traits, otherwise).flatMap((one) =>
      sets.map((set) => ({ account: one, permissionSet: set })),
    )
  })
}

/** The patterns that one text stands for, with the trait filled in that it names. */
export function fillIn(text: PatternTemplate, traits: Traits, otherwise: readonly Pattern[]): readonly Pattern[] {
  if (isPattern(text)) return [text]
  const template = readTemplate(text)
  const values = template ? traitValues(template, traits) : []
  if (!template || values.length === 0) return otherwise
  return values.map((value) => literalPattern(template.before, value, template.after))
}

const isPattern = (text: PatternTemplate): text is Pattern => !hasTemplate(text)

const known = new WeakMap<readonly AccountAssignmentTemplate[], boolean>()

function isExpanded(entries: readonly AccountAssignmentTemplate[]): entries is readonly AccountAssignmentPattern[] {
  const found = known.get(entries)
  if (found !== undefined) return found
  const result = entries.every(({ account, permissionSet }) => isPattern(account) && isPattern(permissionSet))
  known.set(entries, result)
  return result
}
