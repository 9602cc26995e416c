const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

/** `2 h 30 min later`: with two units at most. */
export function sayGap(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 1) return 'at once'
  const first = UNITS.findIndex(([, size]) => seconds >= size)
  let left = seconds
  const parts = UNITS.slice(first, first + 2).flatMap(([unit, size]) => {
    const count = Math.floor(left / size)
    left %= size
    return count === 0 ? [] : [`${count} ${unit}`]
  })
  return `${parts.join(' ')} later`
}
