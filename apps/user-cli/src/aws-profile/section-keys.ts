import { isBlank, isComment, isEnded, type Section, trim } from './config-file.ts'

interface Entry {
  readonly key: string
  readonly value: string
  /** Its lines in the body, continuations included. */
  readonly from: number
  readonly to: number
}

export type Keys = Readonly<Record<string, string>>

/** The value of a key of its own line; `undefined` when there is none. */
export const valueOf = (section: Section, key: string): string | undefined =>
  entriesOf(section).find((entry) => entry.key === key)?.value

/** Sets keys and leaves every other line as it is, and those that say the same already in a way that all of AWS's programs read. */
export function withKeys(section: Section, keys: Keys, lineEnd: string): Section {
  return Object.entries(keys).reduce((before, [key, value]) => withKey(before, key, value, lineEnd), section)
}

export function withoutKeys(section: Section, keys: readonly string[]): Section {
  const gone = entriesOf(section).filter((entry) => keys.includes(entry.key))
  const body = section.body.filter((_, line) => !gone.some(({ from, to }) => line >= from && line < to))
  return { ...section, body }
}

/** Where the section's own lines end: blank lines and comments after the last key belong to what follows. */
export const endOfKeys = ({ body }: Section): number =>
  body.findLastIndex((line) => !isBlank(line) && !isComment(line)) + 1

function withKey(section: Section, key: string, value: string, lineEnd: string): Section {
  const [first, ...repeated] = entriesOf(section).filter((entry) => entry.key === key)
  if (!first) return insertLine(section, endOfKeys(section), `${key} = ${value}`, lineEnd)
  const drop = new Set(repeated.flatMap(({ from, to }) => range(from, to)))
  const body = [...section.body]
  const line = body[first.from] ?? ''
  const says = first.value === value && isReadByAll(line, key)
  if (says && drop.size === 0) return section
  if (!says) {
    const [written = '', indent = ''] = /^([ \t]*)[^=:]*[=:]?[ \t]*/.exec(line) ?? []
    const beforeValue = isReadByAll(line, key) ? written : `${indent}${key} = `
    body[first.from] = `${beforeValue}${value}${/[\r\n]+$/.exec(line)?.[0] ?? ''}`
    for (const index of range(first.from + 1, first.to)) drop.add(index)
  }
  return { ...section, body: body.filter((_, index) => !drop.has(index)) }
}

/** The SDK for JavaScript knows a key in lower case before an equals sign only. */
const isReadByAll = (line: string, key: string): boolean => /^[ \t]*([^=:]*?)[ \t]*=/.exec(line)?.[1] === key

/** After a last line without a line end it gets one: two keys on one line would be one. */
function insertLine(section: Section, at: number, text: string, lineEnd: string): Section {
  const ended = (line: string): string => (isEnded(line) ? line : line + lineEnd)
  const above = section.body.slice(0, at).map(ended)
  return { ...section, header: ended(section.header), body: [...above, text + lineEnd, ...section.body.slice(at)] }
}

/** A line indented deeper than the key above continues its value (Python's configparser, which the AWS CLI uses). */
function entriesOf({ body }: Section): Entry[] {
  const entries: { key: string; value: string; from: number; to: number }[] = []
  let indent: number | undefined
  for (const [index, line] of body.entries()) {
    if (isBlank(line) || isComment(line)) continue
    const width = /^[ \t]*/.exec(line)?.[0].length ?? 0
    const above = entries.at(-1)
    if (above && indent !== undefined && width > indent) {
      above.value += `\n${trim(line)}`
      above.to = index + 1
      continue
    }
    indent = width
    const divider = line.search(/[=:]/)
    const [key, value] = divider === -1 ? [line, ''] : [line.slice(0, divider), line.slice(divider + 1)]
    entries.push({ key: trim(key).toLowerCase(), value: trim(value), from: index, to: index + 1 })
  }
  return entries
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)
