import type { Labels, Traits } from '../kernel/names.ts'
import { parsePattern } from '../kernel/pattern.ts'
import { DomainError, explain, shorten } from '../kernel/problems.ts'
import { suggest } from '../kernel/suggest.ts'
import type { Expression } from './expression.ts'
import { expressionError } from './expression-error.ts'
import {
  areEqual,
  type ExpressionType,
  type ExpressionValue,
  type Parameter,
  PREDICATE_FUNCTIONS,
  type PredicateFunction,
} from './functions.ts'
import type { Scope, Variable, VariableType } from './scopes.ts'

/** By the names of a scope's variables. */
export type Values = Readonly<Record<string, string | readonly string[] | Traits | Labels>>

/** An expression whose names and types have been checked: working it out can not fail. */
export interface Checked {
  readonly type: ExpressionType
  readonly evaluate: (values: Values) => ExpressionValue
}

/** @throws DomainError `invalid-expression` for what the scope does not know, or what does not fit together. */
export function checkExpression(expression: Expression, scope: Scope): Checked {
  switch (expression.kind) {
    case 'text':
      return { type: 'text', evaluate: () => expression.text }
    case 'boolean':
      return { type: 'boolean', evaluate: () => expression.boolean }
    case 'name':
      return checkName(expression, scope)
    case 'call':
      return checkCall(expression, scope)
    case 'not': {
      const inner = checkCondition(expression.of, scope)
      return { type: 'boolean', evaluate: (values) => !inner(values) }
    }
    case 'compare': {
      const left = checkExpression(expression.left, scope)
      const right = checkExpression(expression.right, scope)
      requireSame(left.type, right.type, expression.right.at)
      const negated = expression.operator === '!='
      return {
        type: 'boolean',
        evaluate: (values) => areEqual(left.evaluate(values), right.evaluate(values)) !== negated,
      }
    }
    case 'and': {
      const parts = expression.of.map((part) => checkCondition(part, scope))
      return { type: 'boolean', evaluate: (values) => parts.every((part) => part(values)) }
    }
    case 'or': {
      const parts = expression.of.map((part) => checkCondition(part, scope))
      return { type: 'boolean', evaluate: (values) => parts.some((part) => part(values)) }
    }
  }
}

function checkCondition(expression: Expression, scope: Scope): (values: Values) => boolean {
  const { type, evaluate } = checkExpression(expression, scope)
  if (type !== 'boolean')
    throw expressionError(
      expression.at,
      `a condition is expected, and ${TYPE_NAMES[type]} is there.`,
      type === 'set' ? 'Ask something of it, such as contains(…, "x").' : 'Compare it with something.',
    )
  return (values) => evaluate(values) === true
}

const TYPE_NAMES: Readonly<Record<ExpressionType, string>> = {
  text: 'a text',
  set: 'a set of texts',
  boolean: 'a condition',
}

function requireSame(left: ExpressionType, right: ExpressionType, at: number): void {
  if (left === right) return
  throw expressionError(
    at,
    `${TYPE_NAMES[left]} is compared with ${TYPE_NAMES[right]}.`,
    left === 'boolean' || right === 'boolean' ? 'Leave the comparison out.' : 'Write contains(set, text).',
  )
}

type NameExpression = Extract<Expression, { kind: 'name' }>

/** `external.team` and `external["team"]` are the same. */
function checkName({ name, key, at }: NameExpression, scope: Scope): Checked {
  const found = findVariable(name, scope)
  if (!found) throw unknownName(name, scope, at)
  const { variable, path, rest } = found
  const isMap = variable.type === 'traits' || variable.type === 'labels'
  if (isMap && rest === undefined && !key)
    throw expressionError(at, `"${path}" is looked into by a key.`, `Write ${path}["…"].`)
  if (key && (rest !== undefined || !isMap))
    throw expressionError(key.at, `"${name}" has nothing to look into.`, 'Leave out what stands in brackets.')
  if (!isMap) {
    const type = variable.type === 'set' ? 'set' : 'text'
    return { type, evaluate: (values) => plainValue(values[path], type) }
  }
  const wanted = rest === undefined ? key && checkKey(key, scope) : () => rest
  const type = variable.type === 'traits' ? 'set' : 'text'
  return { type, evaluate: (values) => lookUp(values[path], wanted?.(values) ?? '', type) }
}

function checkKey(key: Expression, scope: Scope): (values: Values) => string {
  const { type, evaluate } = checkExpression(key, scope)
  if (type !== 'text') throw expressionError(key.at, 'a key is a text.', 'Put its name in quotes.')
  return (values) => String(evaluate(values))
}

function plainValue(value: Values[string] | undefined, type: 'text' | 'set'): ExpressionValue {
  if (type === 'text') return typeof value === 'string' ? value : ''
  return Array.isArray(value) ? value : []
}

/** Only what somebody put there: `constructor` is not a trait. */
function lookUp(map: Values[string] | undefined, key: string, type: 'text' | 'set'): ExpressionValue {
  const inner = typeof map === 'object' && Object.hasOwn(map, key) ? (map as Traits | Labels)[key] : undefined // by its type
  if (type === 'text') return typeof inner === 'string' ? inner : ''
  return typeof inner === 'object' ? inner : []
}

/** The variable itself, or the one whose key is the last part of the name. */
function findVariable(
  name: string,
  { variables }: Scope,
): { variable: Variable; path: string; rest: string | undefined } | undefined {
  const whole = Object.hasOwn(variables, name) ? variables[name] : undefined
  if (whole) return { variable: whole, path: name, rest: undefined }
  const dot = name.lastIndexOf('.')
  const path = name.slice(0, Math.max(0, dot))
  const map = Object.hasOwn(variables, path) ? variables[path] : undefined
  return map && MAPS.has(map.type) ? { variable: map, path, rest: name.slice(dot + 1) } : undefined
}

const MAPS: ReadonlySet<VariableType> = new Set(['traits', 'labels'])

function unknownName(name: string, { variables, place }: Scope, at: number): DomainError {
  const known = Object.keys(variables)
  const meant = suggest(name, known)
  const isFunction = PREDICATE_FUNCTIONS.some((one) => one.name === name)
  const message = `there is no "${shorten(name)}" in ${place.replaceAll('`', '')}.`
  if (isFunction) return expressionError(at, message, `Call it: ${name}(…).`)
  return expressionError(at, message, meant ? `Did you mean ${meant}?` : `Use one of ${known.join(', ')}.`)
}

type CallExpression = Extract<Expression, { kind: 'call' }>

function checkCall({ name, args, at }: CallExpression, scope: Scope): Checked {
  const called = PREDICATE_FUNCTIONS.find((one) => one.name === name)
  if (!called) {
    const names = PREDICATE_FUNCTIONS.map((one) => one.name)
    const meant = suggest(name, names)
    const remedy = meant ? `Did you mean ${meant}?` : `Use one of ${names.join(', ')}.`
    throw expressionError(at, `there is no function "${shorten(name)}".`, remedy)
  }
  checkCount(called, args.length, at)
  const given = args.map((argument, index) => {
    const checked = checkExpression(argument, scope)
    const parameter = called.parameters[Math.min(index, called.parameters.length - 1)]
    if (parameter) checkArgument(parameter, argument, checked)
    return checked
  })
  const [first, second] = given
  if (called.parameters[1] === 'same' && first && second) requireSame(first.type, second.type, args[1]?.at ?? at)
  return {
    type: called.result,
    evaluate: (values) => called.apply(given.map((argument) => argument.evaluate(values))),
  }
}

function checkCount({ name, parameters, isVariadic, example }: PredicateFunction, count: number, at: number): void {
  if (isVariadic || count === parameters.length) return
  throw expressionError(at, `${name} takes ${parameters.length}, and ${count} are given.`, `Write it like ${example}.`)
}

function checkArgument(parameter: Parameter, argument: Expression, { type }: Checked): void {
  if (parameter === 'pattern') return checkPattern(argument)
  const fits = parameter === 'same' || (parameter === 'text or set' ? type !== 'boolean' : type === parameter)
  if (fits) return
  const expected = parameter === 'text or set' ? 'a text or a set of texts' : TYPE_NAMES[parameter]
  const remedy =
    parameter === 'text' && argument.kind === 'name'
      ? 'Traits and roles are sets: use contains, or regexp.match.'
      : `Write ${expected}.`
  throw expressionError(argument.at, `${expected} is expected, and ${TYPE_NAMES[type]} is there.`, remedy)
}

function checkPattern(argument: Expression): void {
  if (argument.kind !== 'text')
    throw expressionError(argument.at, 'a pattern is written out, in quotes.', 'Write one, such as "^prod-.*$".')
  try {
    parsePattern(argument.text)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { message, remedy } = explain(error.problem)
    throw expressionError(argument.at, message, remedy)
  }
}
