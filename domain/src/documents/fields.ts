import { type Duration, type Instant, parseDuration, parseInstant } from '../kernel/instant.ts'
import type { Labels, Traits } from '../kernel/names.ts'
import { DomainError, explain } from '../kernel/problems.ts'
import { suggest } from '../kernel/suggest.ts'
import { invalid, joinPath, type Position, type Value } from './source.ts'

/** A map whose keys have been checked: asking for another one does not compile. */
export interface Fields<K extends string> extends Position {
  /** `undefined` when the key is missing, or has no value. */
  find(key: K): Value | undefined
  get(key: K): Value
  /** What stands under keys that mean nothing here. */
  readonly unused: readonly (readonly [string, Value])[]
}

export interface OtherKeys {
  /** Keys of the described product that mean nothing here. */
  readonly unused?: ReadonlySet<string>
  /** Key → what it does, for keys that are understood but not yet kept: refused unless empty. */
  readonly later?: Readonly<Record<string, string>>
}

/** @throws DomainError `invalid-document`, `unknown-field`, `not-supported-yet` */
export function openMap<K extends string>(value: Value, known: readonly K[], others: OtherKeys = {}): Fields<K> {
  if (value.type !== 'map') throw wrongType(value, 'keys with values')
  const { unused = new Set(), later = {} } = others
  const kept: (readonly [string, Value])[] = []
  const names = new Set<string>(known)
  for (const [key, inner] of value.entries) {
    if (names.has(key)) continue
    if (unused.has(key)) {
      kept.push([key, inner])
      continue
    }
    const feature = later[key]
    if (feature === undefined) throw unknownKey(inner, key, [...names, ...unused])
    if (!isEmpty(inner))
      throw new DomainError({ code: 'not-supported-yet', field: inner.path, line: inner.line, feature })
  }
  const find = (key: K): Value | undefined => {
    const inner = value.entries.get(key)
    return inner?.type === 'null' ? undefined : inner
  }
  return {
    path: value.path,
    line: value.line,
    find,
    get(key) {
      const inner = find(key)
      if (!inner)
        throw invalid({ path: joinPath(value.path, key), line: value.line }, 'it is missing.', `Add "${key}".`)
      return inner
    },
    unused: kept,
  }
}

function unknownKey(at: Position, key: string, known: Iterable<string>): DomainError {
  const suggestion = suggest(key, known)
  return new DomainError({
    code: 'unknown-field',
    field: at.path,
    line: at.line,
    ...(suggestion === undefined ? {} : { suggestion }),
  })
}

export function isEmpty(value: Value): boolean {
  switch (value.type) {
    case 'null':
      return true
    case 'text':
      return value.text === ''
    case 'list':
      return value.items.length === 0
    case 'map':
      return value.entries.size === 0
    case 'number':
    case 'boolean':
      return false
  }
}

const TYPE_NAMES: Record<Value['type'], string> = {
  null: 'nothing',
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  map: 'keys with values',
}

export function wrongType(value: Value, expected: string): DomainError {
  const scalar = value.type === 'number' || value.type === 'boolean'
  const remedy =
    scalar && expected.includes('text')
      ? `Put it in quotes: "${value.type === 'number' ? value.source : value.boolean}".`
      : `Write ${expected}.`
  return invalid(value, `${expected} is expected, and ${TYPE_NAMES[value.type]} is there.`, remedy)
}

const MAX_TEXT = 4096

export function text(value: Value, { max = MAX_TEXT, empty = false } = {}): string {
  if (value.type !== 'text') throw wrongType(value, 'a text')
  if (value.text.length > max) throw invalid(value, `it is longer than ${max} characters.`, 'Shorten it.')
  if (!empty && value.text.trim() === '') throw invalid(value, 'it is empty.', 'Write something, or leave the key out.')
  return value.text
}

export const textOr = <T extends string>(value: Value | undefined, otherwise: T, max = MAX_TEXT): string | T =>
  value ? text(value, { max, empty: true }) : otherwise

export function texts(value: Value | undefined): readonly string[] {
  if (!value) return []
  return itemsOf(value, 'a list of texts').map((item) => text(item))
}

export function itemsOf(value: Value | undefined, expected: string): readonly Value[] {
  if (!value || value.type === 'null') return []
  if (value.type !== 'list') throw wrongType(value, expected)
  return value.items
}

/** One text or a list of them, as the described product allows for labels and traits. */
export function oneOrMore(value: Value): readonly string[] {
  if (value.type === 'null') return []
  if (value.type === 'list') return value.items.map((item) => text(item, { empty: true }))
  if (value.type !== 'text') throw wrongType(value, 'a text or a list of texts')
  return [text(value, { empty: true })]
}

export function boolean(value: Value): boolean {
  if (value.type === 'boolean') return value.boolean
  if (value.type === 'text' && /^(?:yes|no)$/i.test(value.text)) return value.text.toLowerCase() === 'yes'
  throw wrongType(value, 'true or false')
}

export function wholeNumber(value: Value, max: number): number {
  if (value.type !== 'number' || !Number.isInteger(value.number) || value.number < 0 || value.number > max)
    throw invalid(value, 'it is not valid.', `Write a whole number from 0 to ${max}.`)
  return value.number
}

export function oneOf<const T extends string>(value: Value, choices: readonly T[]): T {
  const given = text(value, { empty: true })
  const choice = choices.find((candidate) => candidate === given)
  if (choice === undefined) {
    const suggestion = suggest(given, choices)
    const remedy = suggestion ? `Did you mean "${suggestion}"?` : `Write one of ${choices.filter(Boolean).join(', ')}.`
    throw invalid(value, `"${given.slice(0, 60)}" is not one of the choices.`, remedy)
  }
  return choice
}

export const duration = (value: Value): Duration => located(value, () => parseDuration(text(value)))

/** The described product writes the year 1 for "never". */
const NEVER = '0001-01-01T00:00:00Z'
export function instantOrNever(value: Value | undefined): Instant | undefined {
  if (!value || (value.type === 'text' && (value.text === NEVER || value.text === ''))) return undefined
  return located(value, () => parseInstant(text(value)))
}

export function labels(value: Value | undefined): Labels {
  return Object.fromEntries(entriesOf(value).map(([key, inner]) => [key, text(inner, { empty: true })]))
}

export function traits(value: Value | undefined): Traits {
  return Object.fromEntries(entriesOf(value).map(([key, inner]) => [key, oneOrMore(inner)]))
}

export function entriesOf(value: Value | undefined): readonly (readonly [string, Value])[] {
  if (!value || value.type === 'null') return []
  if (value.type !== 'map') throw wrongType(value, 'keys with values')
  return [...value.entries]
}

/** Says where a value stands that turned out not to be valid. */
export function located<T>(at: Position, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    if (!(error.problem.code === 'invalid-value' || error.problem.code === 'invalid-expression')) throw error
    const { message, remedy } = explain(error.problem)
    throw new DomainError(
      { code: 'invalid-document', field: at.path, line: at.line, message, remedy },
      { cause: error },
    )
  }
}
