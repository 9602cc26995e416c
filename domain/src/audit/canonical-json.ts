/** JSON in one spelling: keys sorted, no blanks, numbers and strings as ECMAScript writes them (RFC 8785). */
export function toCanonicalJson(value: unknown): string {
  return sorted(JSON.parse(JSON.stringify(value)))
}

function sorted(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`
  // By UTF-16 code units, as RFC 8785 wants it and `sort` does it.
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${sorted(inner)}`).join(',')}}`
}
