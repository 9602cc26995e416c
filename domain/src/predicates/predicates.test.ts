import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DomainError, explain } from '../kernel/problems.ts'
import type { Expression } from './expression.ts'
import { formatExpression } from './format-expression.ts'
import { PREDICATE_FUNCTIONS } from './functions.ts'
import { MAX_EXPRESSION_DEPTH, parseExpression } from './parse-expression.ts'
import { checkTexts, holds, parsePredicate, textsOf } from './predicate.ts'
import { LABELS_SCOPE, SCOPES, THRESHOLD_SCOPE } from './scopes.ts'

const VALUES = {
  labels: { env: 'dev', 'teleport.dev/origin': 'okta' },
  'user.metadata.name': 'ana@acme.example',
  'user.spec.roles': ['engineer', 'prod-eu'],
  'user.spec.traits': { team: ['web', 'data'], 'cost-center': ['42'] },
  external: { team: ['web', 'data'], 'cost-center': ['42'] },
}
const ask = (text: string): boolean => holds(parsePredicate(text, LABELS_SCOPE), LABELS_SCOPE, VALUES)

function complaint(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { message, remedy } = explain(error.problem)
    return `${message} ${remedy}`
  }
  throw new Error('nothing was refused')
}
const refusal = (text: string): string => complaint(() => parsePredicate(text, LABELS_SCOPE))

describe('a condition', () => {
  it.each([
    ['labels["env"] == "dev"', true],
    ['labels.env != "dev"', false],
    ["labels['missing'] == ''", true],
    ['contains(external.team, labels["env"])', false],
    ['contains(user.spec.traits["team"], "web")', true],
    ['contains(external.cost-center, `42`)', true],
    ['is_empty(external.2fa)', true],
    ['contains(set("dev", "test"), labels["env"])', true],
    ['equals(external.team, set("data", "web", "web"))', true],
    ['external["constructor"] == set()', true],
    ['regexp.match(user.spec.roles, "^prod-(eu|us)$")', true],
    ['regexp.match(user.spec.roles, "prod-*")', true],
    ['regexp.match(labels["env"], "de")', false],
    ['has_prefix(user.metadata.name, "ana@") && has_suffix(user.metadata.name, ".example")', true],
    ['is_empty(external.nothing) && !is_empty(external.team)', true],
    ['contains(union(external.team, "extra"), "extra")', true],
    ['true || false && false', true],
    ['(true || false) && false', false],
    ['!false == true', true],
    ['!(labels["env"] == "dev" && true)', false],
    ['"\\u0061\\"" == `a"`', true],
  ])('%s is %s', (text, expected) => {
    expect(ask(text)).toBe(expected)
  })
  it('is evaluated by the examples of its own reference', () => {
    const used = PREDICATE_FUNCTIONS.map(({ example }) => parseExpression(example).kind)
    expect(used.every((kind) => kind === 'call')).toBe(true)
  })
})

describe('texts', () => {
  const of = (text: string) => {
    checkTexts(text, LABELS_SCOPE)
    return textsOf(text, LABELS_SCOPE, VALUES)
  }
  it('are one, several or none', () => {
    expect(of('user.metadata.name')).toEqual(['ana@acme.example'])
    expect(of('union(external.team, "all")')).toEqual(['web', 'data', 'all'])
    expect(of('external.nothing')).toEqual([])
    expect(of('labels["nothing"]')).toEqual([])
    expect(complaint(() => of('true'))).toContain('texts are expected')
  })
})

describe('a condition that is wrong is refused with its column and what to do', () => {
  it.each([
    ['contans(external.team, "a")', 'column 1: there is no function "contans". Did you mean contains?'],
    ['true && contains(external.team)', 'column 9: contains takes 2, and 1 are given.'],
    [
      'user.spec.rolls == "a"',
      'column 1: there is no "user.spec.rolls" in app_labels_expression. Did you mean user.spec.roles?',
    ],
    ['reviewer.roles == "a"', 'Use one of labels, user.metadata.name'],
    ['labels == "a"', 'column 1: "labels" is looked into by a key. Write labels["…"].'],
    ['user.metadata.name["a"] == "b"', 'column 20: "user.metadata.name" has nothing to look into.'],
    ['labels[external.team] == "b"', 'column 8: a key is a text.'],
    ['external.team == "a"', 'column 18: a set of texts is compared with a text. Write contains(set, text).'],
    ['contains("a", "b")', 'column 10: a set of texts is expected, and a text is there.'],
    [
      'contains(external.team, external.team)',
      'column 25: a text is expected, and a set of texts is there. Traits and roles are sets',
    ],
    ['labels["env"]', 'column 1: it is no condition.'],
    ['true && external.team', 'column 9: a condition is expected, and a set of texts is there.'],
    ['labels.env = "a"', 'column 12: a single = compares nothing. Write == or !=.'],
    ['true & false', 'column 6: a single & joins nothing.'],
    ['labels.env == 1', 'column 15: there are no numbers here'],
    ['labels.env == "a', 'column 15: the text that begins here has no end.'],
    ['labels.env == "\\q"', 'column 16: "\\q" is no escape.'],
    ['"a" == "a" == "a"', 'column 12: "==" is not expected here. Compare two things at a time'],
    ['(true', 'column 6: the end stands where ")" is expected. Close what was opened in column 1'],
    ['true)', 'column 5: ")" is not expected here.'],
    ['true &&', 'column 8: something is missing at the end.'],
    ['', 'column 1: something is missing at the end.'],
    ['external. == "a"', 'column 11: a name is missing after the dot.'],
    ['regexp.match(external.team, labels.env)', 'column 29: a pattern is written out, in quotes.'],
    ['regexp.match(external.team, "^(a$")', 'column 29: "^(a$" is not valid.'],
    ['regexp.match(external.team, "^(?=a)b$")', 'no look-around'],
    ['contains == "a"', 'Call it: contains(…).'],
    ['a'.repeat(5000), 'longer than 4096 characters'],
    ['('.repeat(MAX_EXPRESSION_DEPTH + 1), 'column 33: it is nested too deeply.'],
    ['!'.repeat(MAX_EXPRESSION_DEPTH + 1), 'column 33: it is nested too deeply.'],
    ['true # comment', 'column 6: "#" does not belong here.'],
  ])('%s', (text, expected) => {
    expect(refusal(text)).toContain(expected)
  })
})

const NAMES = [
  'labels',
  'external.team',
  'reviewer.roles',
  'x-y.z',
  'external.2-a',
  'nobody',
  'user.spec.traits',
  'request.reason',
]
const FUNCTIONS = [...PREDICATE_FUNCTIONS.map(({ name }) => name), 'no.such']
const at = fc.constant(0)
const expressions = fc.letrec<{ any: Expression; joined: Expression; single: Expression }>((tie) => ({
  single: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.record({ kind: fc.constant('text' as const), text: fc.string({ unit: 'grapheme' }), at }),
    fc.record({ kind: fc.constant('boolean' as const), boolean: fc.boolean(), at }),
    fc.record({ kind: fc.constant('name' as const), name: fc.constantFrom(...NAMES), at }),
    fc.record({ kind: fc.constant('name' as const), name: fc.constantFrom(...NAMES), key: tie('any'), at }),
    fc.record({ kind: fc.constant('not' as const), of: tie('any'), at }),
    fc.record({
      kind: fc.constant('call' as const),
      name: fc.constantFrom(...FUNCTIONS),
      args: fc.array(tie('any'), { maxLength: 3 }),
      at,
    }),
  ),
  joined: fc.oneof(
    { maxDepth: 6 },
    tie('single'),
    fc.record({
      kind: fc.constant('compare' as const),
      operator: fc.constantFrom('==' as const, '!=' as const),
      left: tie('any'),
      right: tie('any'),
      at,
    }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('any'), { minLength: 2, maxLength: 4 }),
      at,
    }),
  ),
  any: fc.oneof({ maxDepth: 6 }, tie('single'), tie('joined')),
})).any

/** The same tree without places. */
const placeless = (expression: Expression): unknown =>
  JSON.parse(JSON.stringify(expression, (key, value: unknown) => (key === 'at' ? 0 : value)))

/** What reading it gives; nothing when it is too long or too deep for that. */
function reread(text: string): Expression | undefined {
  try {
    return parseExpression(text)
  } catch (error) {
    if (error instanceof DomainError && /nested|longer/.test(explain(error.problem).message)) return undefined
    throw error
  }
}

describe('for every expression', () => {
  it('reading what was written gives the same tree', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const again = reread(formatExpression(expression))
        if (again) expect(placeless(again)).toEqual(placeless(expression))
      }),
      { numRuns: 500 },
    )
  })
  it('whatever passes the check can be worked out with anything', () => {
    const traits = fc.dictionary(fc.string(), fc.array(fc.string()))
    const values = fc.record({
      'reviewer.roles': fc.array(fc.string()),
      'reviewer.traits': traits,
      'request.roles': fc.array(fc.string()),
      'request.reason': fc.string(),
      'request.system_annotations': traits,
      'review.reason': fc.string(),
      'review.annotations': traits,
    })
    fc.assert(
      fc.property(expressions, values, (expression, given) => {
        const text = formatExpression(expression)
        try {
          parsePredicate(text, THRESHOLD_SCOPE)
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError)
          return
        }
        expect(typeof holds(parsePredicate(text, THRESHOLD_SCOPE), THRESHOLD_SCOPE, given)).toBe('boolean')
      }),
      { numRuns: 500 },
    )
  })
  it('garbage is refused, and with nothing but a problem that names a column', () => {
    const pieces = fc.constantFrom(
      '(',
      ')',
      '[',
      ']',
      '&&',
      '||',
      '!',
      '==',
      '.',
      ',',
      '"',
      '\\',
      'labels',
      'a',
      '`',
      ' ',
    )
    const garbage = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(garbage, fc.constantFrom(...SCOPES), (text, scope) => {
        try {
          parsePredicate(text, scope)
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError)
          if (error instanceof DomainError) expect(error.problem.code).toBe('invalid-expression')
        }
      }),
      { numRuns: 1000 },
    )
  })
  it('time grows no faster than what is read', () => {
    const chain = Array.from({ length: 290 }, () => 'labels.env==""').join('&&')
    const hostile = 'regexp.match(external.team, "^(a+)+b$")'
    const long = { ...VALUES, external: { team: ['a'.repeat(20_000)] } }
    const start = performance.now()
    parsePredicate(chain.slice(0, 4000).replace(/&&[^&]*$/, ''), LABELS_SCOPE)
    expect(holds(parsePredicate(hostile, LABELS_SCOPE), LABELS_SCOPE, long)).toBe(false)
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
