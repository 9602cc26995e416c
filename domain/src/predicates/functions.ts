import { matches, type Pattern } from '../kernel/pattern.ts'

/** What an expression can be worth. */
export type ExpressionType = 'text' | 'set' | 'boolean'
export type ExpressionValue = string | boolean | readonly string[]

/** What a function takes in one place; a pattern is written out, so that it is checked when it is saved. */
export type Parameter = ExpressionType | 'text or set' | 'pattern' | 'same'

export interface PredicateFunction {
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** The last parameter may be given any number of times, also none. */
  readonly isVariadic: boolean
  readonly result: ExpressionType
  readonly meaning: string
  readonly example: string
  readonly apply: (args: readonly ExpressionValue[]) => ExpressionValue
}

const text = (value: ExpressionValue | undefined): string => (typeof value === 'string' ? value : '')
export const setOf = (value: ExpressionValue | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : typeof value === 'object' ? value : []

export function areEqual(a: ExpressionValue | undefined, b: ExpressionValue | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b
  const [left, right] = [new Set(a), new Set(b)]
  return left.size === right.size && left.isSubsetOf(right)
}

export const PREDICATE_FUNCTIONS: readonly PredicateFunction[] = [
  {
    name: 'contains',
    parameters: ['set', 'text'],
    isVariadic: false,
    result: 'boolean',
    meaning: 'the text is one of the set',
    example: 'contains(reviewer.roles, "lead")',
    apply: ([set, one]) => setOf(set).includes(text(one)),
  },
  {
    name: 'equals',
    parameters: ['text or set', 'same'],
    isVariadic: false,
    result: 'boolean',
    meaning: 'the same as `==`; the order of a set plays no role',
    example: 'equals(request.reason, "drill")',
    apply: ([a, b]) => areEqual(a, b),
  },
  {
    name: 'regexp.match',
    parameters: ['text or set', 'pattern'],
    isVariadic: false,
    result: 'boolean',
    meaning:
      'the text, or any text of the set, matches the pattern: `^…$` is an expression of RE2 syntax, otherwise `*` stands for anything',
    example: 'regexp.match(request.roles, "^prod-(eu|us)$")',
    apply: ([value, pattern]) => setOf(value).some((one) => matches(text(pattern) as Pattern, one)), // parsed by the check
  },
  {
    name: 'has_prefix',
    parameters: ['text', 'text'],
    isVariadic: false,
    result: 'boolean',
    meaning: 'the first text begins with the second',
    example: 'has_prefix(request.reason, "INC-")',
    apply: ([whole, part]) => text(whole).startsWith(text(part)),
  },
  {
    name: 'has_suffix',
    parameters: ['text', 'text'],
    isVariadic: false,
    result: 'boolean',
    meaning: 'the first text ends with the second',
    example: 'has_suffix(user.metadata.name, "@acme.example")',
    apply: ([whole, part]) => text(whole).endsWith(text(part)),
  },
  {
    name: 'is_empty',
    parameters: ['text or set'],
    isVariadic: false,
    result: 'boolean',
    meaning: 'there is nothing in it',
    example: 'is_empty(external.team)',
    apply: ([value]) => (typeof value === 'string' ? value === '' : setOf(value).length === 0),
  },
  {
    name: 'set',
    parameters: ['text'],
    isVariadic: true,
    result: 'set',
    meaning: 'a set of these texts',
    example: 'contains(set("dev", "test"), labels["env"])',
    apply: (args) => [...new Set(args.map(text))],
  },
  {
    name: 'union',
    parameters: ['text or set'],
    isVariadic: true,
    result: 'set',
    meaning: 'all of them in one set',
    example: 'union(external.team, user.spec.roles)',
    apply: (args) => [...new Set(args.flatMap(setOf))],
  },
]
