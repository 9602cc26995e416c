const CONTEXT = 3

interface Line {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/** What `diff -u` would show, for texts of any encoding at one character per byte. Empty when they are equal. */
export function unifiedDiff(
  before: string,
  after: string,
  names: { readonly from: string; readonly to: string },
): string {
  if (before === after) return ''
  const lines = editScript(unixLinesOf(before), unixLinesOf(after))
  return [`--- ${names.from}\n`, `+++ ${names.to}\n`, ...hunksOf(lines)].join('')
}

/** `patch` knows a line feed only. */
const unixLinesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+/g) ?? []

function hunksOf(lines: readonly Line[]): string[] {
  const hunks: { from: number; to: number }[] = []
  for (const [index, { sign }] of lines.entries()) {
    if (sign === ' ') continue
    const last = hunks.at(-1)
    if (last && index - CONTEXT <= last.to) last.to = index + CONTEXT + 1
    else hunks.push({ from: Math.max(0, index - CONTEXT), to: index + CONTEXT + 1 })
  }
  let [line, newLine, at] = [0, 0, 0]
  const pass = (until: number): void => {
    for (; at < until; at++) {
      const sign = lines[at]?.sign
      if (sign !== '+') line++
      if (sign !== '-') newLine++
    }
  }
  return hunks.map(({ from, to }) => {
    pass(from)
    const shown = lines.slice(from, to)
    const range = (first: number, without: '-' | '+'): string => {
      const count = shown.filter(({ sign }) => sign !== without).length
      return `${count === 0 ? first : first + 1},${count}`
    }
    return `@@ -${range(line, '+')} +${range(newLine, '-')} @@\n${shown.map(formatLine).join('')}`
  })
}

const formatLine = ({ sign, text }: Line): string =>
  text.endsWith('\n') ? sign + text : `${sign}${text}\n\\ No newline at end of file\n`

/**
 * Lines that are once in both texts hold the two together; between them the same again. A config file has a header line
 * for every section, so this is quick where the usual way takes the square of the lines.
 */
function editScript(before: readonly string[], after: readonly string[]): Line[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  const shorter = Math.min(before.length, after.length) - head
  while (tail < shorter && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const mark = (texts: readonly string[], sign: Line['sign']): Line[] => texts.map((text) => ({ sign, text }))
  const [oldMiddle, newMiddle] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)]
  const anchors = anchorsOf(oldMiddle, newMiddle)
  const middle: Line[] = []
  if (anchors.length === 0) for (const line of [...mark(oldMiddle, '-'), ...mark(newMiddle, '+')]) middle.push(line)
  else {
    let [oldAt, newAt] = [0, 0]
    for (const [oldLine, newLine] of [...anchors, [oldMiddle.length, newMiddle.length] as const]) {
      const between = editScript(oldMiddle.slice(oldAt, oldLine), newMiddle.slice(newAt, newLine))
      for (const line of between) middle.push(line)
      for (const line of mark(oldMiddle.slice(oldLine, oldLine + 1), ' ')) middle.push(line)
      ;[oldAt, newAt] = [oldLine + 1, newLine + 1]
    }
  }
  return [...mark(before.slice(0, head), ' '), ...middle, ...mark(before.slice(before.length - tail), ' ')]
}

/** The longest run of lines, each once in either text, that come in the same order in both. */
function anchorsOf(before: readonly string[], after: readonly string[]): (readonly [number, number])[] {
  const [oldLines, newLines] = [onceIn(before), onceIn(after)]
  const pairs = [...oldLines].flatMap(([text, oldLine]) => {
    const newLine = newLines.get(text)
    return newLine === undefined ? [] : [{ oldLine, newLine }]
  })
  // Patience sorting: the top of each pile, and for every card what lay on top of the pile before.
  const tops: number[] = []
  const below: (number | undefined)[] = []
  for (const [index, { newLine }] of pairs.entries()) {
    let [low, high] = [0, tops.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[tops[middle] ?? 0]?.newLine ?? 0) < newLine) low = middle + 1
      else high = middle
    }
    below.push(low === 0 ? undefined : tops[low - 1])
    tops[low] = index
  }
  const anchors: (readonly [number, number])[] = []
  for (let at = tops.at(-1); at !== undefined; at = below[at]) {
    const pair = pairs[at]
    if (pair) anchors.push([pair.oldLine, pair.newLine])
  }
  return anchors.toReversed()
}

function onceIn(lines: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  const repeated = new Set<string>()
  for (const [index, line] of lines.entries()) {
    if (found.has(line)) repeated.add(line)
    found.set(line, index)
  }
  for (const line of repeated) found.delete(line)
  return found
}
