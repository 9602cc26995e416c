import { literalPattern, parsePattern, type PatternToken } from './wildcard.ts'
import type { RequestContext } from './request-context.ts'

/**
 * A pattern with its policy variables filled in: `${aws:username}`, with a default as `${aws:username, 'nobody'}`, and
 * `${*}`, `${?}`, `${$}` for the characters themselves (IAM User Guide, "IAM policy elements: Variables and tags").
 * Variables exist only in policies of version 2012-10-17; in older ones the text stands for itself.
 *
 * @returns `undefined` when a variable has no value: nothing matches such a pattern.
 */
export function expandPattern(
  pattern: string,
  version: '2012-10-17' | '2008-10-17',
  context: RequestContext,
): PatternToken[] | undefined {
  if (version === '2008-10-17') return parsePattern(pattern)
  const tokens: PatternToken[] = []
  let written = 0
  for (const variable of pattern.matchAll(/\$\{([^}]*)\}/g)) {
    tokens.push(...parsePattern(pattern.slice(written, variable.index)))
    const value = valueOf(variable[1] ?? '', context)
    if (value === undefined) return undefined
    tokens.push(...literalPattern(value))
    written = variable.index + variable[0].length
  }
  return [...tokens, ...parsePattern(pattern.slice(written))]
}

/** As {@link expandPattern}, for places without wildcards. */
export function expandText(
  text: string,
  version: '2012-10-17' | '2008-10-17',
  context: RequestContext,
): string | undefined {
  if (version === '2008-10-17') return text
  const values = [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, name = '']) => valueOf(name, context))
  if (values.includes(undefined)) return undefined
  return text.replace(/\$\{[^}]*\}/g, () => values.shift() ?? '')
}

function valueOf(variable: string, context: RequestContext): string | undefined {
  if (['*', '?', '$'].includes(variable)) return variable
  const [, key = '', fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(variable) ?? []
  const values = context.get(key)
  return values?.length === 1 ? values[0] : fallback
}
