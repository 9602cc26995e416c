import { BlockList, isIP } from 'node:net'
import type { Condition, ConditionOperator, PolicyDocument } from './policy-document.ts'
import { expandPattern, expandText } from './policy-variable.ts'
import type { RequestContext } from './request-context.ts'
import { matchesTokens, matchesWildcard } from './wildcard.ts'

/** `unknown`: the condition is on a key that the sandbox does not know, so that nobody can say. */
export type ConditionResult = 'met' | 'not-met' | 'unknown'

/**
 * Whether one line of a `Condition` block holds (IAM User Guide, "IAM JSON policy elements: Condition operators" and
 * "Single-valued vs. multivalued context keys"). Several values in the policy are alternatives; for the negated
 * operators all of them must differ.
 */
export function evaluateCondition(
  condition: Condition,
  version: PolicyDocument['version'],
  context: RequestContext,
): ConditionResult {
  const present = context.get(condition.key)
  if (present === undefined) return 'unknown'
  if (condition.operator === 'Null') {
    return toResult(condition.values.some((value) => (value === 'true') === (present.length === 0)))
  }
  const { positive, negated } = splitNegation(condition.operator)
  const holds = (actual: string) =>
    condition.values.some((expected) => compare({ operator: positive, expected, actual, version, context })) !== negated
  return toResult(holdsFor(present, condition, { negated, holds }))
}

function holdsFor(
  present: readonly string[],
  { quantifier, ifExists }: Condition,
  { negated, holds }: { negated: boolean; holds: (actual: string) => boolean },
): boolean {
  // A missing key equals nothing: the operators that say "not" are content, as AWS warns at each of them.
  if (present.length === 0) return quantifier === 'ForAllValues' || ifExists || (negated && quantifier === undefined)
  if (quantifier === 'ForAllValues') return present.every(holds)
  return quantifier === 'ForAnyValue' || !negated ? present.some(holds) : present.every(holds)
}

interface Comparison {
  operator: PositiveOperator
  expected: string
  actual: string
  version: PolicyDocument['version']
  context: RequestContext
}

function compare(comparison: Comparison): boolean {
  const { operator, expected, actual, version, context } = comparison
  switch (operator) {
    case 'StringEquals':
    case 'BinaryEquals':
      return expandText(expected, version, context) === actual
    case 'StringEqualsIgnoreCase':
      return expandText(expected, version, context)?.toLowerCase() === actual.toLowerCase()
    case 'StringLike': {
      const pattern = expandPattern(expected, version, context)
      return pattern !== undefined && matchesTokens(pattern, actual)
    }
    case 'ArnEquals':
    case 'ArnLike':
      return matchesArn(expandText(expected, version, context), actual)
    case 'Bool':
      return expected.toLowerCase() === actual.toLowerCase()
    case 'IpAddress':
      return containsAddress(expected, actual)
    case 'NumericEquals':
    case 'NumericLessThan':
    case 'NumericLessThanEquals':
    case 'NumericGreaterThan':
    case 'NumericGreaterThanEquals':
      return compareNumbers(operator.slice('Numeric'.length), Number(actual), Number(expected))
    case 'DateEquals':
    case 'DateLessThan':
    case 'DateLessThanEquals':
    case 'DateGreaterThan':
    case 'DateGreaterThanEquals':
      return compareNumbers(operator.slice('Date'.length), parseDate(actual), parseDate(expected))
  }
}

type PositiveOperator = Exclude<ConditionOperator, `${string}Not${string}` | 'Null'>

function splitNegation(operator: Exclude<ConditionOperator, 'Null'>): { positive: PositiveOperator; negated: boolean } {
  switch (operator) {
    case 'StringNotEquals':
      return { positive: 'StringEquals', negated: true }
    case 'StringNotEqualsIgnoreCase':
      return { positive: 'StringEqualsIgnoreCase', negated: true }
    case 'StringNotLike':
      return { positive: 'StringLike', negated: true }
    case 'NumericNotEquals':
      return { positive: 'NumericEquals', negated: true }
    case 'DateNotEquals':
      return { positive: 'DateEquals', negated: true }
    case 'NotIpAddress':
      return { positive: 'IpAddress', negated: true }
    case 'ArnNotEquals':
      return { positive: 'ArnEquals', negated: true }
    case 'ArnNotLike':
      return { positive: 'ArnLike', negated: true }
    case 'StringEquals':
    case 'StringEqualsIgnoreCase':
    case 'StringLike':
    case 'NumericEquals':
    case 'NumericLessThan':
    case 'NumericLessThanEquals':
    case 'NumericGreaterThan':
    case 'NumericGreaterThanEquals':
    case 'DateEquals':
    case 'DateLessThan':
    case 'DateLessThanEquals':
    case 'DateGreaterThan':
    case 'DateGreaterThanEquals':
    case 'Bool':
    case 'BinaryEquals':
    case 'IpAddress':
    case 'ArnEquals':
    case 'ArnLike':
      return { positive: operator, negated: false }
  }
}

/** ARN operators look at each of the six parts by itself, so that `*` does not reach over a colon. */
function matchesArn(pattern: string | undefined, actual: string): boolean {
  if (pattern === undefined) return false
  const expected = splitArn(pattern)
  const parts = splitArn(actual)
  return expected.length === parts.length && expected.every((part, index) => matchesWildcard(part, parts[index] ?? ''))
}

function splitArn(arn: string): string[] {
  const parts = arn.split(':')
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

function compareNumbers(relation: string, actual: number, expected: number): boolean {
  if (Number.isNaN(actual) || Number.isNaN(expected)) return false
  if (relation === 'Equals') return actual === expected
  if (relation.endsWith('Equals') && actual === expected) return true
  return relation.startsWith('LessThan') ? actual < expected : actual > expected
}

/** Dates are ISO 8601 or seconds since 1970. */
function parseDate(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text)
}

function containsAddress(range: string, address: string): boolean {
  const [network = '', length] = range.split('/')
  const family = isIP(network)
  if (family === 0 || isIP(address) !== family) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const bits = length === undefined ? (family === 4 ? 32 : 128) : Number(length)
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) return false
  const block = new BlockList()
  block.addSubnet(network, bits, type)
  return block.check(address, type)
}

function toResult(holds: boolean): ConditionResult {
  return holds ? 'met' : 'not-met'
}
