// oxlint-disable-next-line no-control-regex -- control characters are what must not reach a terminal
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** One line of text that can't move a terminal's cursor, whatever a server put into it. */
export const printable = (text: string): string => text.replaceAll(UNPRINTABLE, '·')
/** The same for text of several lines. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n')

/** Columns divided by one blank, a line of dashes under the headings, everything to the left (governance facts, 8.1). */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => headings.map((_, column) => printable(row[column] ?? '')))
  const widths = headings.map((heading, column) =>
    cells.reduce((width, row) => Math.max(width, widthOf(row[column] ?? '')), widthOf(heading)),
  )
  const dashes = widths.map((width) => '-'.repeat(width))
  return [headings, dashes, ...cells].map((row) => line(row, widths)).join('\n')
}

/** Names and values below one another, without headings. Rows without a value are left out. */
export function facts(rows: readonly (readonly [name: string, value: string | undefined])[]): string {
  const shown = rows.flatMap(([name, value]) => (value === undefined ? [] : [[`${name}:`, printable(value)]]))
  const width = Math.max(0, ...shown.map(([name = '']) => widthOf(name)))
  return shown.map((row) => line(row, [width, 0])).join('\n')
}

/** At most so many characters, with an ellipsis for the rest. */
export function shortened(text: string, max: number): string {
  const characters = charactersOf(text)
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : text
}

const widthOf = (text: string): number => (ASCII.test(text) ? text.length : charactersOf(text).length)
const line = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))))
    .join(' ')
    .trimEnd()

/** Plain ASCII is its own characters, and is nearly everything of a long table. */
const ASCII = /^[\u0020-\u007e]*$/
const segmenter = new Intl.Segmenter('en')
/** What a reader takes for one character. */
export const charactersOf = (text: string): string[] =>
  ASCII.test(text) ? text.split('') : Array.from(segmenter.segment(text), ({ segment }) => segment)
