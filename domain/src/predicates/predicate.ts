import type { Branded } from '../kernel/branded.ts'
import { type Checked, checkExpression, type Values } from './check-expression.ts'
import { expressionError } from './expression-error.ts'
import { setOf } from './functions.ts'
import { parseExpression } from './parse-expression.ts'
import type { Scope, ValuesOf } from './scopes.ts'

/** A condition that has been checked for the place where it is written. */
export type Predicate = Branded<string, 'Predicate'>

/** @throws DomainError `invalid-expression` */
export function parsePredicate(text: string, scope: Scope): Predicate {
  if (compile(text, scope).type !== 'boolean')
    throw expressionError(0, 'it is no condition.', 'Compare something, or call contains(…).')
  return text as Predicate
}

/** Says whether the condition is met. Linear in its length and in what it is asked with. */
export const holds = <S extends Scope>(predicate: Predicate, scope: S, values: ValuesOf<S>): boolean =>
  compile(predicate, scope).evaluate(asValues(values)) === true

/** Checks an expression that is worth texts. @throws DomainError `invalid-expression` */
export function checkTexts(text: string, scope: Scope): void {
  if (compile(text, scope).type === 'boolean')
    throw expressionError(0, 'it is a condition, and texts are expected.', 'Write what the texts are.')
}

/** The texts that an expression is worth; one text counts as one, an empty one as none. */
export function textsOf<S extends Scope>(text: string, scope: S, values: ValuesOf<S>): readonly string[] {
  const value = compile(text, scope).evaluate(asValues(values))
  return value === '' ? [] : setOf(value)
}

/** Every variable is one of these; the type forgets it while the scope is open. */
const asValues = <S extends Scope>(values: ValuesOf<S>): Values => values as Values

const MAX_COMPILED = 10_000
const compiled = new WeakMap<Scope, Map<string, Checked>>()

function compile(text: string, scope: Scope): Checked {
  const known = compiled.get(scope) ?? new Map<string, Checked>()
  compiled.set(scope, known)
  const found = known.get(text)
  if (found) return found
  const checked = checkExpression(parseExpression(text), scope)
  if (known.size >= MAX_COMPILED) known.clear()
  known.set(text, checked)
  return checked
}
