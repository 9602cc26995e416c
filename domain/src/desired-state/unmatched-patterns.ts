import type { Catalogue } from '../identity-center/catalogue.ts'
import { isLiteral } from '../kernel/pattern.ts'
import { shorten } from '../kernel/problems.ts'
import type { AccountAssignmentTemplate, PatternTemplate } from '../roles/role.ts'
import { hasTemplate } from '../roles/trait-templates.ts'

export interface UnmatchedPattern {
  /** Below the list of patterns: `[1].permission_set`. */
  readonly field: string
  readonly message: string
}

/**
 * What a role names literally and the catalogue lacks: worth a warning, never a refusal, for it may come. A name where
 * an id or an ARN belongs never matches, so the warning says what to write instead. Each is mentioned once.
 */
export function unmatchedPatterns(
  patterns: readonly AccountAssignmentTemplate[],
  { accounts, permissionSets }: Catalogue,
): readonly UnmatchedPattern[] {
  const knownAccounts = new Map<string, string>([...accounts.values()].map(({ id, name }) => [id, name]))
  const knownSets = new Map<string, string>([...permissionSets.values()].map(({ arn, name }) => [arn, name]))
  const unmatched = patterns.flatMap(({ account, permissionSet }, index) => [
    ...explain(account, knownAccounts, ACCOUNT).map((message) => ({ field: `[${index}].account`, message })),
    ...explain(permissionSet, knownSets, PERMISSION_SET).map((message) => ({
      field: `[${index}].permission_set`,
      message,
    })),
  ])
  return [...new Map(unmatched.toReversed().map((each) => [each.message, each])).values()].toReversed()
}

interface Matched {
  readonly noun: string
  readonly by: 'id' | 'ARN'
  /** What an id or an ARN looks like: whoever writes one needs no hint. */
  readonly form: RegExp
  readonly hint: string
}
const ACCOUNT: Matched = {
  noun: 'account',
  by: 'id',
  form: /^\d{12}$/,
  hint: 'What is matched is the twelve digits, not the name',
}
const PERMISSION_SET: Matched = {
  noun: 'permission set',
  by: 'ARN',
  form: /^arn:/,
  hint: 'What is matched is the ARN, not the name',
}

/** @param known names by what is matched, the id or the ARN */
function explain(pattern: PatternTemplate, known: ReadonlyMap<string, string>, kind: Matched): readonly string[] {
  if (hasTemplate(pattern) || !isLiteral(pattern) || known.has(pattern)) return []
  const { noun, by, form, hint } = kind
  const text = shorten(pattern)
  const meant = [...known].filter(([, name]) => name.toLowerCase() === pattern.toLowerCase()).map(([key]) => key)
  if (meant.length > 0)
    return [`${noun} "${text}" is a name, which matches nothing; write its ${by} ${meant.join(' or ')}`]
  const missing = `AWS has no ${noun} "${text}" now; it may come`
  return [form.test(pattern) ? missing : `${missing}. ${hint}`]
}
