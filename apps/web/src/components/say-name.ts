const segmenter = new Intl.Segmenter()
const MOST = 120

/** Marks that change the direction without being seen: one that ends an isolation turns around what stands after it. */
const MARKS = /\p{Bidi_Control}/gu

/** A text as it may stand within others: marks that would change their direction are seen as dots. */
export const tame = (text: string): string => text.replaceAll(MARKS, '·')

/** As much of a text as there is room for, ending with a whole character as people see one. */
export function cut(untamed: string, most = MOST): string {
  const text = tame(untamed)
  if (text.length <= most) return text
  let end = 0
  for (const { index, segment } of segmenter.segment(text.slice(0, most + 1))) {
    if (index + segment.length > most) break
    end = index + segment.length
  }
  return `${text.slice(0, end).trimEnd()}…`
}

/** Scripts that run from right to left. */
const TURNS = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u
const [FIRST_STRONG_ISOLATE, POP_ISOLATE] = ['\u2068', '\u2069']

/** A name within a sentence that is one text, such as a title: cut, and turning nothing around but itself. */
export function sayName(name: string, most = MOST): string {
  const shown = cut(name, most)
  return TURNS.test(shown) ? `${FIRST_STRONG_ISOLATE}${shown}${POP_ISOLATE}` : shown
}
