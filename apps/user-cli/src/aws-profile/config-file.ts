import { CliError, EXIT } from '@gatehouse/cli-kit'

/**
 * An AWS config file as lines, each with its own line end, so that whatever is not touched comes out as it went in.
 * Text is one character per byte: what is not ours may be in any encoding.
 */
export interface ConfigFile {
  readonly byteOrderMark: string
  /** What stands before the first section. */
  readonly preamble: readonly string[]
  readonly sections: readonly Section[]
  readonly lineEnd: '\n' | '\r\n'
}

export interface Section {
  /** For a marked section: at most one blank line, and the comments right above the header. Empty for all others. */
  readonly lead: readonly string[]
  readonly header: string
  /** As AWS's programs compare it: `profile dev`, without quotes. */
  readonly name: string
  readonly body: readonly string[]
}

const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf'

/** UTF-8 as one character per byte, and back. */
export const toBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
export const fromBytes = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')

/** @throws CliError for what no program of AWS can read either, so that it is not made worse. */
export function parseConfig(bytes: Uint8Array, isMarker: (comment: string) => boolean): ConfigFile {
  const text = Buffer.from(bytes).toString('latin1')
  const byteOrderMark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
  const preamble: string[] = []
  const sections: { lead: string[]; header: string; name: string; body: string[] }[] = []
  let number = 0
  for (const line of linesOf(text.slice(byteOrderMark.length))) {
    number++
    if (line.includes('\0'))
      throw unreadable(`line ${number} holds NUL bytes; it may be in UTF-16`, 'Save the file in UTF-8.')
    const above = sections.at(-1)?.body ?? preamble
    if (isHeader(line, number)) {
      sections.push({ lead: takeLead(above, isMarker), header: line, name: nameOf(line), body: [] })
    } else above.push(line)
  }
  // After a carriage return that stands alone a line feed would be its other half.
  const lineEnd = /^[^\n]*\r\n/.test(text) || text.endsWith('\r') ? '\r\n' : '\n'
  return { byteOrderMark, preamble, sections, lineEnd }
}

export function formatConfig(file: ConfigFile): Buffer {
  const text = [file.byteOrderMark, ...file.preamble, ...file.sections.map(formatSection)].join('')
  return Buffer.from(text, 'latin1')
}

export const formatSection = ({ lead, header, body }: Section): string => [...lead, header, ...body].join('')

/** Each with its line end. Python's readers, and so the AWS CLI, also end a line at a carriage return that stands alone. */
const linesOf = (text: string): string[] => text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+/g) ?? []
export const isEnded = (line: string): boolean => /[\r\n]$/.test(line)

/** Not String.trim: that takes a byte of UTF-8 for a blank. */
export const trim = (line: string): string => line.replace(/^[ \t\r\n\f\v]+|[ \t\r\n\f\v]+$/g, '')
export const isBlank = (line: string): boolean => trim(line) === ''
export const isComment = (line: string): boolean => /^[ \t]*[#;]/.test(line)

/** An indented one ends a section for some of AWS's programs and not for others; so it always ends one of ours. */
function isHeader(line: string, number: number): boolean {
  if (!/^[ \t]*\[/.test(line)) return false
  if (line.includes(']')) return true
  if (/^[ \t]/.test(line)) return false
  throw unreadable(`line ${number} opens a section and does not close it`, 'Add the "]", or remove the line.')
}

/** `[profile "my dev"]` and `[ profile  'my dev' ]` are one name; a backslash is one more way to quote. */
function nameOf(header: string): string {
  const inner = trim(header.slice(header.indexOf('[') + 1, header.indexOf(']')))
  const space = /[ \t]+/.exec(inner)
  if (!space) return inner
  const rest = inner.slice(space.index + space[0].length).replaceAll(/["'\\]/g, '')
  return `${inner.slice(0, space.index)} ${rest}`
}

function takeLead(above: string[], isMarker: (comment: string) => boolean): string[] {
  let start = above.length
  while (start > 0 && isComment(above[start - 1] ?? '')) start--
  if (!above.slice(start).some(isMarker)) return []
  if (start > 0 && isBlank(above[start - 1] ?? '')) start--
  return above.splice(start)
}

const unreadable = (reason: string, remedy: string): CliError =>
  new CliError(`The AWS config file can't be read: ${reason}. It was not touched.`, { remedy, exitCode: EXIT.failure })
