const UNITS: Readonly<Record<string, string>> = { d: 'd', h: 'h', m: 'min', s: 's', ms: 'ms' }

/** `2h30m`, as the server says it, or AWS's `PT2H30M`, is `2 h 30 min`; what it is not is left as it is. */
export function sayDuration(text: string): string {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^p(?=[\dt])/, '')
    .replace('t', '')
  if (!/^(?:\d+(?:ms|[dhms]))+$/.test(plain)) return text
  return [...plain.matchAll(/(\d+)(ms|[dhms])/g)]
    .map(([, count = '', unit = '']) => `${Number(count)} ${UNITS[unit] ?? unit}`)
    .join(' ')
}
