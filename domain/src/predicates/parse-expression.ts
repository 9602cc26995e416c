import type { Expression } from './expression.ts'
import { expressionError } from './expression-error.ts'
import { readTokens, type Sign, type Token } from './tokens.ts'

export const MAX_EXPRESSION_LENGTH = 4096
/** Parentheses, calls and negations in one another. */
export const MAX_EXPRESSION_DEPTH = 32

/**
 * Reads an expression. From tightest to loosest bind: `!`, then `==` and `!=` (which do not chain), `&&`, `||`. Each
 * token is looked at once. @throws DomainError `invalid-expression`
 */
export function parseExpression(source: string): Expression {
  if (source.length > MAX_EXPRESSION_LENGTH)
    throw expressionError(
      MAX_EXPRESSION_LENGTH,
      `it is longer than ${MAX_EXPRESSION_LENGTH} characters.`,
      'Shorten it, or split it over several roles.',
    )
  const reader = new Reader(readTokens(source))
  const expression = reader.either()
  reader.expectEnd()
  return expression
}

class Reader {
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  /** One or more, joined by `||`. */
  either(): Expression {
    return this.#joined('or', '||', () => this.#joined('and', '&&', () => this.#comparison()))
  }

  expectEnd(): void {
    const token = this.#peek()
    if (token.kind === 'end') return
    const chained = token.kind === 'sign' && (token.sign === '==' || token.sign === '!=')
    throw expressionError(
      token.at,
      `${describe(token)} is not expected here.`,
      chained
        ? 'Compare two things at a time, joined by &&.'
        : 'Join conditions with && or ||, or close a parenthesis.',
    )
  }

  #joined(kind: 'and' | 'or', sign: Sign, part: () => Expression): Expression {
    const first = part()
    const parts = [first]
    while (this.#accept(sign)) parts.push(part())
    return parts.length === 1 ? first : { kind, of: parts, at: first.at }
  }

  #comparison(): Expression {
    const left = this.#unary()
    for (const operator of ['==', '!='] as const)
      if (this.#accept(operator)) return { kind: 'compare', operator, left, right: this.#unary(), at: left.at }
    return left
  }

  #unary(): Expression {
    const token = this.#take()
    switch (token.kind) {
      case 'text':
        return { kind: 'text', text: token.text, at: token.at }
      case 'name':
        return this.#named(token.name, token.at)
      case 'sign':
        if (token.sign === '!') return this.#deeper(token.at, () => ({ kind: 'not', of: this.#unary(), at: token.at }))
        if (token.sign !== '(') break
        return this.#deeper(token.at, () => {
          const inner = this.either()
          this.#expect(')', token)
          return inner
        })
      case 'end':
    }
    throw expressionError(
      token.at,
      token.kind === 'end' ? 'something is missing at the end.' : `${describe(token)} is not expected here.`,
      'Write a condition, such as contains(reviewer.roles, "lead").',
    )
  }

  /** A variable, perhaps with a key in brackets, or a call. */
  #named(first: string, at: number): Expression {
    if (first === 'true' || first === 'false') return { kind: 'boolean', boolean: first === 'true', at }
    const name = [first, ...this.#fields()].join('.')
    const opening = this.#peek()
    if (this.#accept('(')) return this.#deeper(at, () => ({ kind: 'call', name, args: this.#arguments(opening), at }))
    if (!this.#accept('[')) return { kind: 'name', name, at }
    return this.#deeper(at, () => {
      const key = this.either()
      this.#expect(']', opening)
      return { kind: 'name', name, key, at }
    })
  }

  #fields(): readonly string[] {
    const fields: string[] = []
    while (this.#accept('.')) {
      const token = this.#take()
      if (token.kind !== 'name')
        throw expressionError(token.at, 'a name is missing after the dot.', 'Write one, such as reviewer.roles.')
      fields.push(token.name)
    }
    return fields
  }

  #arguments(opening: Token): readonly Expression[] {
    if (this.#accept(')')) return []
    const args = [this.either()]
    while (this.#accept(',')) args.push(this.either())
    this.#expect(')', opening)
    return args
  }

  #deeper(at: number, read: () => Expression): Expression {
    if (++this.#depth > MAX_EXPRESSION_DEPTH)
      throw expressionError(at, 'it is nested too deeply.', `Use at most ${MAX_EXPRESSION_DEPTH} levels.`)
    const expression = read()
    this.#depth--
    return expression
  }

  #expect(sign: Sign, opening: Token): void {
    if (this.#accept(sign)) return
    const token = this.#peek()
    throw expressionError(
      token.at,
      `${describe(token)} stands where "${sign}" is expected.`,
      `Close what was opened in column ${opening.at + 1} with "${sign}".`,
    )
  }

  #accept(sign: Sign): boolean {
    const token = this.#peek()
    if (token.kind !== 'sign' || token.sign !== sign) return false
    this.#next++
    return true
  }

  #take(): Token {
    const token = this.#peek()
    if (token.kind !== 'end') this.#next++
    return token
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', at: 0 } // the last token is always the end
  }
}

function describe(token: Token): string {
  switch (token.kind) {
    case 'text':
      return 'a text'
    case 'name':
      return `"${token.name.slice(0, 60)}"`
    case 'sign':
      return `"${token.sign}"`
    case 'end':
      return 'the end'
  }
}
