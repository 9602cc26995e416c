const UNITS: Readonly<Record<string, string>> = { d: 'd', h: 'h', m: 'min', s: 's', ms: 'ms' }

/** `2h30m`, as the server says it, or AWS's `PT2H30M`, is `2 h 30 min`; what it is not is left as it is. */
export function sayDuration(text: string): string {
  const parts = partsOf(text)
  return parts === undefined ? text : parts.map(([count, unit]) => `${count} ${UNITS[unit] ?? unit}`).join(' ')
}

const LONG: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** When something of this length ends that begins now; nothing for what is no duration. */
export function endOf(text: string, now = Date.now()): string | undefined {
  const parts = partsOf(text)
  if (parts === undefined) return undefined
  return new Date(parts.reduce((end, [count, unit]) => end + count * (LONG[unit] ?? 0), now)).toISOString()
}

/** Of several lengths of time the longest, as it is written. */
export const longestOf = (durations: readonly (string | undefined)[]): string | undefined =>
  durations
    .flatMap((duration) => (duration === undefined ? [] : [duration]))
    .toSorted((a, b) => (endOf(a, 0) ?? '').localeCompare(endOf(b, 0) ?? ''))
    .at(-1)

function partsOf(text: string): readonly (readonly [count: number, unit: string])[] | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^p(?=[\dt])/, '')
    .replace('t', '')
  if (!/^(?:\d+(?:ms|[dhms]))+$/.test(plain)) return undefined
  return [...plain.matchAll(/(\d+)(ms|[dhms])/g)].map(([, count = '', unit = '']) => [Number(count), unit])
}
