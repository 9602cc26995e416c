import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, type YAMLError } from 'yaml'
import { DomainError, shorten } from '../kernel/problems.ts'

/** What a document holds, with where it stands: everything after this works on these, never on the library's nodes. */
export type Value = Position & (NullValue | TextValue | NumberValue | BooleanValue | ListValue | MapValue)
export interface Position {
  /** `spec.allow.account_assignments[0].account`; empty for the document itself. */
  readonly path: string
  readonly line: number
}
interface NullValue {
  readonly type: 'null'
}
interface TextValue {
  readonly type: 'text'
  readonly text: string
}
interface NumberValue {
  readonly type: 'number'
  readonly number: number
  /** As it was written: a number forgets leading zeros. */
  readonly source: string
}
interface BooleanValue {
  readonly type: 'boolean'
  readonly boolean: boolean
}
interface ListValue {
  readonly type: 'list'
  readonly items: readonly Value[]
}
export interface MapValue {
  readonly type: 'map'
  readonly entries: ReadonlyMap<string, Value>
}

export const MAX_DOCUMENTS_BYTES = 1024 * 1024
/** An alias counts for everything it stands for, so that a few lines can't become millions of values. */
const MAX_VALUES = 100_000
const MAX_DEPTH = 32

/**
 * Reads YAML or JSON, several documents or a list of them.
 * @throws DomainError `too-large`, `invalid-document`
 */
export function readSource(source: string): readonly Value[] {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source
  refuseSize(source)
  refuseOddCharacters(text)
  refuseLostIndentation(text)
  refuseDeepFlow(text)
  const lines = new LineCounter()
  const documents = parseSafely(text, lines)
  const budget = { left: MAX_VALUES }
  return documents.flatMap((contents) => {
    if (!contents) return []
    const value = toValue(contents, { lines, budget, path: '', depth: 0 })
    if (value.type === 'null') return []
    return value.type === 'list' ? value.items : [value]
  })
}

function refuseSize(text: string): void {
  if (text.length > MAX_DOCUMENTS_BYTES || new TextEncoder().encode(text).length > MAX_DOCUMENTS_BYTES)
    throw new DomainError({ code: 'too-large', what: 'The document', limit: '1 MB' })
}

const ODD =
  // oxlint-disable-next-line no-control-regex -- exactly these are refused
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufffd\ufffe\uffff]/u
const LONE_SURROGATE = /\p{Surrogate}/u

function refuseOddCharacters(text: string): void {
  const at = Math.min(...[ODD, LONE_SURROGATE].map((odd) => odd.exec(text)?.index ?? Number.POSITIVE_INFINITY))
  if (at === Number.POSITIVE_INFINITY) return
  const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  throw new DomainError({
    code: 'invalid-document',
    field: 'document',
    line: lineAt(text, at),
    message: `there is a character (U+${code}) that does not belong in a text.`,
    remedy: 'Save the file as plain UTF-8, without control characters.',
  })
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

/** Copied from a page that swallowed the blanks, a snippet has `name:` right under `metadata:`. */
function refuseLostIndentation(text: string): void {
  const lines = text.split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    if (!/^(?:metadata|spec):\s*(?:#.*)?$/.test(line)) continue
    const next = lines.slice(index + 1).findIndex((following) => !/^\s*(?:#.*)?$/.test(following))
    const following = next < 0 ? '' : (lines[index + 1 + next] ?? '')
    if (!/^[^\s#\-.{[]/.test(following) || /^(?:kind|sub_kind|version|metadata|spec|status)\s*:/.test(following))
      continue
    throw new DomainError({
      code: 'invalid-document',
      field: line.split(':')[0] ?? 'document',
      line: index + 2 + next,
      message: 'the indentation is gone: everything stands at the left margin.',
      remedy: `Indent what belongs under "${line.trim()}" by two more spaces at each level; copying from a web page may lose it.`,
    })
  }
}

/** The library reads nested brackets by recursion; nothing of ours is nested that deep. */
function refuseDeepFlow(text: string): void {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (character === '[' || character === '{') depth++
    if (character === ']' || character === '}') depth = Math.max(0, depth - 1)
    if (depth > 1000) throw tooDeep(lineAt(text, index))
  }
}

const tooDeep = (line: number): DomainError =>
  new DomainError({
    code: 'invalid-document',
    field: 'document',
    line,
    message: 'it is nested too deeply.',
    remedy: `Use at most ${MAX_DEPTH} levels.`,
  })

function parseSafely(text: string, lineCounter: LineCounter): readonly (Node | null)[] {
  let documents
  try {
    documents = parseAllDocuments(text, {
      lineCounter,
      prettyErrors: false,
      schema: 'core',
      // Ours is faster: the library compares each key with every other one.
      uniqueKeys: false,
      logLevel: 'silent',
    })
  } catch (cause) {
    throw new DomainError(
      {
        code: 'invalid-document',
        field: 'document',
        message: 'it can not be read as YAML or JSON.',
        remedy: 'Check brackets, quotes and indentation.',
      },
      { cause },
    )
  }
  if (!Array.isArray(documents)) return []
  return documents.map((document) => {
    const [error] = [...document.errors, ...document.warnings]
    if (error) throw explainSyntax(error, lineCounter)
    return document.contents
  })
}

function explainSyntax(error: YAMLError, lines: LineCounter): DomainError {
  const tab = error.code === 'TAB_AS_INDENT'
  return new DomainError(
    {
      code: 'invalid-document',
      field: 'document',
      line: Math.max(1, lines.linePos(error.pos[0]).line),
      message: tab ? 'a line is indented with a tab.' : `${shorten(error.message)}`,
      remedy: tab ? 'YAML is indented with spaces: replace the tab.' : 'Check quotes, colons and indentation there.',
    },
    { cause: error },
  )
}

interface Reading {
  readonly lines: LineCounter
  readonly budget: { left: number }
  readonly path: string
  readonly depth: number
}

function toValue(node: unknown, reading: Reading): Value {
  const { lines, budget, path, depth } = reading
  const offset = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? (node.range?.[0] ?? 0) : 0
  const at = { path, line: Math.max(1, lines.linePos(offset).line) }
  if (--budget.left < 0 || depth > MAX_DEPTH) throw tooDeep(at.line)
  if (node === null || node === undefined) return { ...at, type: 'null' }
  if (isScalar(node)) return scalarValue(node.value, node.source ?? '', at)
  if (isSeq(node)) {
    const items = node.items.map((item, index) =>
      toValue(item, { ...reading, path: `${path}[${index}]`, depth: depth + 1 }),
    )
    return { ...at, type: 'list', items }
  }
  if (isMap(node)) {
    const entries = new Map<string, Value>()
    for (const { key, value } of node.items) {
      const name = keyText(key, at)
      const inner = toValue(value, { ...reading, path: joinPath(path, name), depth: depth + 1 })
      // What is a map or a list begins below its key; what is wrong with it is looked for at the key.
      const line = isScalar(value) ? inner.line : isScalar(key) ? lines.linePos(key.range?.[0] ?? 0).line : at.line
      if (entries.has(name))
        throw invalid({ path: inner.path, line }, 'the key stands there twice.', 'Keep one of them.')
      entries.set(name, { ...inner, line })
    }
    return { ...at, type: 'map', entries }
  }
  throw invalid(at, 'anchors and aliases (& and *) are not read here.', 'Write the value out, or put it in quotes.')
}

/** Keys that every JavaScript object has by itself would be found where nobody wrote them. */
function keyText(key: unknown, at: Position): string {
  const value: unknown = isScalar(key) ? key.value : key
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
  if (typeof text !== 'string') throw invalid(at, 'a key must be a text.', 'Put it in quotes.')
  if (text in {})
    throw invalid({ ...at, path: joinPath(at.path, text) }, 'this can not be used as a key.', 'Choose another one.')
  return text
}

function scalarValue(value: unknown, source: string, at: Position): Value {
  if (value === null) return { ...at, type: 'null' }
  if (typeof value === 'number') return { ...at, type: 'number', number: value, source }
  if (typeof value === 'boolean') return { ...at, type: 'boolean', boolean: value }
  if (typeof value !== 'string') throw invalid(at, 'this kind of value is not used here.', 'Write a text or a number.')
  // Escapes such as "\u0000" bring in what the first check could not see.
  if (ODD.test(value) || LONE_SURROGATE.test(value))
    throw invalid(at, 'there is a control character in the text.', 'Remove it.')
  return { ...at, type: 'text', text: value }
}

export const joinPath = (path: string, key: string): string => {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}["${shorten(key)}"]`
  return path === '' ? key : `${path}.${key}`
}

export const invalid = ({ path, line }: Position, message: string, remedy: string): DomainError =>
  new DomainError({ code: 'invalid-document', field: path === '' ? 'document' : path, line, message, remedy })

/** The value as plain JavaScript, for what is kept without being understood. */
export function toPlain(value: Value): unknown {
  switch (value.type) {
    case 'null':
      return null
    case 'text':
      return value.text
    case 'number':
      return value.number
    case 'boolean':
      return value.boolean
    case 'list':
      return value.items.map(toPlain)
    case 'map':
      return Object.fromEntries([...value.entries].map(([key, inner]) => [key, toPlain(inner)]))
  }
}
