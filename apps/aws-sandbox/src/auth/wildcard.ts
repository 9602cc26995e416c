/**
 * Whether a policy pattern covers the whole text. `*` stands for any run of characters, `?` for exactly one; nothing
 * else is special (IAM User Guide, "IAM JSON policy elements: Resource"). Runs in time pattern × text, so that no
 * pattern of a test can hang the sandbox.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  return matchesTokens(parsePattern(pattern), text)
}

/** As {@link matchesWildcard}, whatever the case of ASCII letters: IAM compares action names so. */
export function matchesWildcardIgnoringCase(pattern: string, text: string): boolean {
  return matchesWildcard(pattern.toLowerCase(), text.toLowerCase())
}

const ANY_RUN = Symbol('*')
const ANY_ONE = Symbol('?')
/** One character to be found as it is, or one of the two wildcards. */
export type PatternToken = string | typeof ANY_RUN | typeof ANY_ONE

export function parsePattern(pattern: string): PatternToken[] {
  return Array.from(pattern, (character) => {
    if (character === '*') return ANY_RUN
    return character === '?' ? ANY_ONE : character
  })
}

/** The text as a pattern that matches only itself: what a policy variable stands for is never a wildcard. */
export function literalPattern(text: string): PatternToken[] {
  return Array.from(text)
}

export function matchesTokens(pattern: readonly PatternToken[], text: string): boolean {
  const characters = Array.from(text)
  let position = 0
  let token = 0
  // The last `*` seen, and where in the text we then were: the only place worth going back to.
  let lastRun: { token: number; position: number } | undefined
  while (position < characters.length) {
    const expected = pattern[token]
    if (expected === ANY_RUN) {
      lastRun = { token, position }
      token += 1
    } else if (expected !== undefined && (expected === ANY_ONE || expected === characters[position])) {
      token += 1
      position += 1
    } else if (lastRun) {
      lastRun.position += 1
      position = lastRun.position
      token = lastRun.token + 1
    } else {
      return false
    }
  }
  return pattern.slice(token).every((rest) => rest === ANY_RUN)
}
