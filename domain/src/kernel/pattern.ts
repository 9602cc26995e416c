import { RE2JS } from 're2js'
import type { Branded } from './branded.ts'
import { DomainError } from './problems.ts'

/** `^…$` is a regular expression of RE2 syntax; otherwise `*` stands for any run of characters, all else for itself. */
export type Pattern = Branded<string, 'Pattern'>

export const MAX_PATTERN_LENGTH = 1024

/** @throws DomainError `invalid-value` for an expression that can't be compiled or is too long. */
export function parsePattern(text: string): Pattern {
  if (text.length > MAX_PATTERN_LENGTH)
    throw new DomainError({ code: 'invalid-value', text, expected: `at most ${MAX_PATTERN_LENGTH} characters` })
  if (isExpression(text)) compile(text)
  return text as Pattern
}

const isExpression = (text: string): boolean => text.length > 1 && text.startsWith('^') && text.endsWith('$')

const compiled = new Map<string, RE2JS>()

/** Linear in the length of the input whatever the pattern, so that nobody's role can stall the server. */
function compile(text: string): RE2JS {
  const known = compiled.get(text)
  if (known) return known
  try {
    const expression = RE2JS.compile(text)
    if (compiled.size > 10_000) compiled.clear()
    compiled.set(text, expression)
    return expression
  } catch (cause) {
    throw new DomainError(
      {
        code: 'invalid-value',
        text,
        expected: 'a regular expression of RE2 syntax (no look-around, no back-references)',
      },
      { cause },
    )
  }
}

/** Case-sensitive, and the whole value must match. */
export function matches(pattern: Pattern, value: string): boolean {
  if (pattern === '*') return true
  if (isExpression(pattern)) return compile(pattern).matches(value)
  if (!pattern.includes('*')) return pattern === value
  return matchesGlob(pattern, value)
}

/** A pattern with a part in the middle that stands for itself, whatever characters it has. */
export function literalPattern(before: string, literal: string, after: string): Pattern {
  const whole = `${before}${literal}${after}`
  if (!literal.includes('*') && !isExpression(whole)) return whole as Pattern
  const glob = (text: string): string =>
    text
      .split('*')
      .map((part) => RE2JS.quote(part))
      .join('.*')
  return `^(?s:${glob(before)}${RE2JS.quote(literal)}${glob(after)})$` as Pattern
}

export const isLiteral = (pattern: string): boolean => !pattern.includes('*') && !isExpression(pattern)

/** Greedy with one point of return, which is enough for `*` alone: never more than pattern × value steps. */
function matchesGlob(pattern: string, value: string): boolean {
  let p = 0
  let v = 0
  let star = -1
  let resume = 0
  while (v < value.length) {
    if (pattern[p] === '*') {
      star = p++
      resume = v
    } else if (p < pattern.length && pattern[p] === value[v]) {
      p++
      v++
    } else if (star >= 0) {
      p = star + 1
      v = ++resume
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}
