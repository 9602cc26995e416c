import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateCondition, type ConditionResult } from './evaluate-condition.ts'
import { evaluatePolicies, type Verdict } from './evaluate-policies.ts'
import { parseIdentityPolicy } from './policy-document.ts'
import { createRequestContext } from './request-context.ts'

type Values = string | readonly string[]

/** What one line of a `Condition` block says of a key `k` with these values; without any, the request lacks it. */
function evaluate(operator: string, expected: Values, actual: Values | undefined): ConditionResult | undefined {
  const statement = { Effect: 'Allow', Action: '*', Resource: '*', Condition: { [operator]: { k: expected } } }
  const document = parseIdentityPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }))
  const [condition] = document.statements[0]?.conditions ?? []
  const context = createRequestContext({ k: actual, 'aws:username': 'ana*', 'aws:userid': undefined })
  return condition && evaluateCondition(condition, document.version, context)
}

describe('a condition', () => {
  it.each<[string, Values, Values | undefined]>([
    ['StringEquals', ['a', 'b'], 'b'],
    ['StringNotEquals', ['a', 'b'], 'c'],
    ['StringEqualsIgnoreCase', 'ANA', 'ana'],
    ['StringLike', 'a*c?', 'abbcd'],
    ['StringNotLike', 'a*', 'ba'],
    ['StringLike', '${aws:username}-?', 'ana*-1'],
    ['StringLike', "${aws:userid, 'nobody'}", 'nobody'],
    ['StringLike', '${*}${?}${$}', '*?$'],
    ['NumericLessThan', '10', '9.5'],
    ['NumericLessThanEquals', '10', '10'],
    ['NumericGreaterThanEquals', '10', '10'],
    ['NumericNotEquals', '10', '11'],
    ['DateGreaterThan', '2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'],
    ['DateLessThan', '1767225600', '2025-12-31T23:59:59Z'],
    ['Bool', 'true', 'True'],
    ['IpAddress', '10.0.0.0/8', '10.255.0.1'],
    ['NotIpAddress', '10.0.0.0/8', '11.0.0.1'],
    ['IpAddress', '2001:db8::/32', '2001:db8:1::1'],
    ['ArnLike', 'arn:aws:iam::*:role/team/*', 'arn:aws:iam::111122223333:role/team/a/b'],
    ['ArnNotLike', 'arn:aws:iam::*', 'arn:aws:iam::111122223333:role/a'],
    ['Null', 'true', undefined],
    ['Null', 'false', 'anything'],
    ['StringEqualsIfExists', 'a', undefined],
    ['StringNotEquals', 'a', undefined],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['x', 'b']],
    ['ForAllValues:StringLike', ['a*', 'b'], ['ab', 'b']],
    ['ForAllValues:StringEquals', 'a', undefined],
  ])('%s %j is met by %j', (operator, expected, actual) => {
    expect(evaluate(operator, expected, actual)).toBe('met')
  })

  it.each<[string, Values, Values | undefined]>([
    ['StringEquals', 'a*', 'ab'],
    ['StringEquals', 'a', undefined],
    ['StringNotEquals', ['a', 'b'], 'b'],
    ['StringLike', '${aws:username}', 'anabel'],
    ['StringLike', '${aws:userid}', ''],
    ['StringLike', '${aws:userid}*', 'x'],
    ['NumericLessThan', '10', 'many'],
    ['DateGreaterThan', 'yesterday', '2026-01-01T00:00:00Z'],
    ['Bool', 'true', undefined],
    ['IpAddress', '10.0.0.0/8', '2001:db8::1'],
    ['IpAddress', 'not an address', '10.0.0.1'],
    ['ArnLike', 'arn:aws:*:role/a', 'arn:aws:iam::111122223333:role/a'],
    ['Null', 'true', 'anything'],
    ['Null', 'false', undefined],
    ['StringEqualsIfExists', 'a', 'b'],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['x', 'y']],
    ['ForAnyValue:StringEquals', 'a', undefined],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'x']],
  ])('%s %j is not met by %j', (operator, expected, actual) => {
    expect(evaluate(operator, expected, actual)).toBe('not-met')
  })

  it('compares keys whatever their case, and says nothing about keys it does not know', () => {
    const statement = {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: { StringNotLike: { K: 'a', other: 'b' } },
    }
    const document = parseIdentityPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }))
    const conditions = document.statements[0]?.conditions ?? []
    const context = createRequestContext({ k: 'x' })
    const results = conditions.map((condition) => evaluateCondition(condition, document.version, context))
    expect(results).toEqual(['met', 'unknown'])
  })

  it('means the opposite with each pair of operators, for any values of a key that is there', () => {
    const pairs = fc.constantFrom('StringEquals', 'StringEqualsIgnoreCase', 'StringLike', 'ArnLike', 'IpAddress')
    const some = fc.array(fc.string({ unit: fc.constantFrom('a', 'A', '*', ':', '1', '.'), maxLength: 6 }), {
      minLength: 1,
    })
    fc.assert(
      fc.property(
        pairs,
        some,
        fc.string({ unit: fc.constantFrom('a', 'A', ':', '1', '.') }),
        (operator, expected, actual) => {
          const negated = operator === 'IpAddress' ? 'NotIpAddress' : operator.replace(/^(String|Arn)/, '$1Not')
          expect(evaluate(negated, expected, actual) === 'met').toBe(evaluate(operator, expected, actual) !== 'met')
        },
      ),
    )
  })
})

describe('a set of policies', () => {
  const statements = fc.record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: fc.constantFrom('*', 'sso:*', 'sso:List*', 'SSO:LISTINSTANCES', 'iam:*'),
    Resource: fc.constantFrom('*', 'arn:aws:sso:::instance/*', 'arn:aws:iam::*:role/*'),
  })
  const question = {
    action: 'sso:ListInstances',
    resource: 'arn:aws:sso:::instance/ssoins-1111222233334444',
    context: createRequestContext({}),
  }
  const ask = (policies: readonly object[]): Verdict =>
    evaluatePolicies(
      policies.map((Statement) => parseIdentityPolicy(JSON.stringify({ Version: '2012-10-17', Statement }))),
      question,
    )

  it('says the same in whatever order it comes, and never more once a Deny is added', () => {
    fc.assert(
      fc.property(fc.array(statements, { maxLength: 6 }), (policies) => {
        const verdict = ask(policies)
        expect(ask(policies.toReversed())).toBe(verdict)
        expect(ask([...policies, { Effect: 'Deny', Action: '*', Resource: '*' }])).toBe('denied')
        const grown = ask([...policies, { Effect: 'Allow', Action: '*', Resource: '*' }])
        expect(grown).toBe(verdict === 'denied' ? 'denied' : 'allowed')
      }),
    )
  })
})
