import { shorten } from '../kernel/problems.ts'
import { expressionError } from './expression-error.ts'

const SYMBOLS = ['==', '!=', '&&', '||', '!', '(', ')', '[', ']', ',', '.'] as const
export type Sign = (typeof SYMBOLS)[number]

export type Token = (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'sign'; readonly sign: Sign }
  | { readonly kind: 'end' }
) & { readonly at: number }

const BLANK = /[ \t\r\n]+/y
/** With hyphens, because traits have them and nothing is subtracted here. */
const NAME = /[A-Za-z_][\w-]*/y
/** Behind a dot: traits and labels may begin with a digit. */
const FIELD = /[\w-]+/y
const TEXT = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|(.))/gs
const ESCAPED: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
}

/** Cuts an expression into names, texts and signs, in one pass. @throws DomainError `invalid-expression` */
export function readTokens(source: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    const blank = matchAt(BLANK, source, at)
    if (blank !== undefined) {
      at += blank.length
      continue
    }
    const last = tokens.at(-1)
    const isField = last?.kind === 'sign' && last.sign === '.'
    const { token, length } = readToken(source, at, isField ? FIELD : NAME)
    tokens.push(token)
    at += length
  }
  return [...tokens, { kind: 'end', at: source.length }]
}

function readToken(source: string, at: number, names: RegExp): { token: Token; length: number } {
  const name = matchAt(names, source, at)
  if (name !== undefined) return { token: { kind: 'name', name, at }, length: name.length }
  const text = matchAt(TEXT, source, at)
  if (text !== undefined) return { token: { kind: 'text', text: unquote(text, at), at }, length: text.length }
  const sign = SYMBOLS.find((symbol) => source.startsWith(symbol, at))
  if (sign !== undefined) return { token: { kind: 'sign', sign, at }, length: sign.length }
  throw strange(source, at)
}

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0]
}

function unquote(quoted: string, at: number): string {
  const inner = quoted.slice(1, -1)
  if (quoted.startsWith('`')) return inner
  return inner.replaceAll(ESCAPE, (whole, code: string | undefined, letter: string, offset: number) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
    const character = ESCAPED[letter]
    if (character === undefined)
      throw expressionError(at + 1 + offset, `"${shorten(whole)}" is no escape.`, 'Write \\\\ for one backslash.')
    return character
  })
}

function strange(source: string, at: number): Error {
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0)
  if (/["'`]/.test(character))
    return expressionError(at, 'the text that begins here has no end.', `Close it with ${character}.`)
  if (/\d/.test(character))
    return expressionError(at, 'there are no numbers here, only texts.', 'Put the number in quotes.')
  if (character === '=') return expressionError(at, 'a single = compares nothing.', 'Write == or !=.')
  if (character === '&' || character === '|')
    return expressionError(at, `a single ${character} joins nothing.`, `Write ${character}${character}.`)
  return expressionError(
    at,
    `"${shorten(character)}" does not belong here.`,
    'Use names, quoted texts, ==, !=, &&, ||, ! and parentheses.',
  )
}
