import { evaluateCondition, type ConditionResult } from './evaluate-condition.ts'
import type { PolicyDocument, Selection, Statement } from './policy-document.ts'
import { expandPattern } from './policy-variable.ts'
import type { RequestContext } from './request-context.ts'
import { matchesTokens, matchesWildcardIgnoringCase } from './wildcard.ts'

export type Verdict = 'allowed' | 'denied' | 'not-mentioned'

export interface PolicyQuestion {
  /** `service:Operation` */
  readonly action: string
  /** The ARN acted on, or `*` for operations that act on nothing in particular. */
  readonly resource: string
  readonly context: RequestContext
}

/**
 * What a set of identity-based policies says to one question: an explicit Deny wins, one Allow is enough, silence is a
 * refusal of its own kind (IAM User Guide, "Policy evaluation logic"). A condition on a key that the sandbox does not
 * know keeps an Allow from counting and a Deny in force: the sandbox must never be more generous than AWS.
 */
export function evaluatePolicies(policies: readonly PolicyDocument[], question: PolicyQuestion): Verdict {
  return decide(policies, question.context, ({ actions, resources }, version) => {
    if (!selectsAction(actions, question.action)) return false
    return resources !== undefined && selectsResource(resources, version, question)
  })
}

/** Runs the statements that `appliesTo` picks, with their conditions. Shared by identity and trust policies. */
export function decide(
  policies: readonly PolicyDocument[],
  context: RequestContext,
  appliesTo: (statement: Statement, version: PolicyDocument['version']) => boolean,
): Verdict {
  const applying = policies.flatMap(({ statements, version }) =>
    statements
      .filter((statement) => appliesTo(statement, version))
      .map((statement) => ({ effect: statement.effect, conditions: meetsConditions(statement, version, context) })),
  )
  if (applying.some(({ effect, conditions }) => effect === 'Deny' && conditions !== 'not-met')) return 'denied'
  const allowed = applying.some(({ effect, conditions }) => effect === 'Allow' && conditions === 'met')
  return allowed ? 'allowed' : 'not-mentioned'
}

export function selectsAction({ patterns, inverted }: Selection, action: string): boolean {
  return patterns.some((pattern) => matchesWildcardIgnoringCase(pattern, action)) !== inverted
}

function selectsResource(
  { patterns, inverted }: Selection,
  version: PolicyDocument['version'],
  { resource, context }: PolicyQuestion,
): boolean {
  const matched = patterns.some((pattern) => {
    const tokens = expandPattern(pattern, version, context)
    return tokens !== undefined && matchesTokens(tokens, resource)
  })
  return matched !== inverted
}

function meetsConditions(
  { conditions }: Statement,
  version: PolicyDocument['version'],
  context: RequestContext,
): ConditionResult {
  const results = conditions.map((condition) => evaluateCondition(condition, version, context))
  if (results.includes('not-met')) return 'not-met'
  return results.includes('unknown') ? 'unknown' : 'met'
}
