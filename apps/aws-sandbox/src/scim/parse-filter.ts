/** One `attribute eq "value"`; several of them are joined by `and`. */
export interface Comparison {
  /** As AWS spells it, whatever the case it came in. */
  readonly attribute: string
  readonly value: string
}

/**
 * The comparisons of a filter: only `eq`, only `and`, values in double quotes (SCIM Implementation Developer Guide,
 * "ListUsers" and "ListGroups", filter examples). No parentheses, no `or`, no other operator.
 *
 * @returns `undefined` when the text is anything else.
 */
export function parseFilter(text: string): Comparison[] | undefined {
  const comparisons: Comparison[] = []
  let rest = text.trim()
  while (true) {
    const match = COMPARISON.exec(rest)
    const value = parseQuoted(match?.[2] ?? '')
    if (!match || value === undefined) return undefined
    comparisons.push({ attribute: match[1] ?? '', value })
    rest = rest.slice(match[0].length)
    if (rest === '') return comparisons
    const joined = /^\s+and\s+/i.exec(rest)
    if (!joined) return undefined
    rest = rest.slice(joined[0].length)
  }
}

const COMPARISON = /^([A-Za-z][\w$]*(?:\.[A-Za-z][\w$]*)?)\s+eq\s+("(?:[^"\\]|\\.)*")/i

/** The value is a JSON string (RFC 7644, 3.4.2.2). */
function parseQuoted(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * The comparisons by attribute, when their attributes are one of the combinations that an operation takes, in any
 * order and any letter case.
 */
export function matchFilter<Attribute extends string>(
  comparisons: readonly Comparison[],
  combinations: readonly (readonly Attribute[])[],
): Partial<Record<Attribute, string>> | undefined {
  const given = new Map(comparisons.map(({ attribute, value }) => [attribute.toLowerCase(), value]))
  if (given.size !== comparisons.length) return undefined
  const taken = combinations.find(
    (combination) => combination.length === given.size && combination.every((name) => given.has(name.toLowerCase())),
  )
  if (!taken) return undefined
  const found: Partial<Record<Attribute, string>> = {}
  for (const name of taken) {
    const value = given.get(name.toLowerCase())
    if (value !== undefined) found[name] = value
  }
  return found
}
