import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesWildcard, matchesWildcardIgnoringCase } from './wildcard.ts'

/** The same question put to a regular expression: slower on bad patterns, but somebody else's code. */
function matchesByRegExp(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}/]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'su').test(text)
}

const patterns = fc.string({ unit: fc.constantFrom('a', 'b', ':', '.', '*', '?', '😀'), maxLength: 12 })
const texts = fc.string({ unit: fc.constantFrom('a', 'b', ':', '.', '*', '?', '😀'), maxLength: 14 })

describe('wildcards of a policy', () => {
  it('match exactly what the equivalent regular expression matches', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        expect(matchesWildcard(pattern, text)).toBe(matchesByRegExp(pattern, text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('match every text when a text has some of its pieces replaced by a star', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.boolean())), (pieces) => {
        const text = pieces.map(([piece]) => piece).join('')
        const pattern = pieces.map(([piece, hidden]) => (hidden ? '*' : piece)).join('')
        expect(matchesWildcard(pattern, text)).toBe(true)
      }),
    )
  })

  it('take linear time on the patterns that make regular expressions hang', () => {
    expect(matchesWildcard('*a'.repeat(200) + 'b', 'a'.repeat(5_000))).toBe(false)
  })

  it('compare action names whatever their case, and resources exactly', () => {
    expect(matchesWildcardIgnoringCase('SSO:list*', 'sso:ListPermissionSets')).toBe(true)
    expect(matchesWildcard('arn:aws:sso:::instance/*', 'arn:aws:SSO:::instance/x')).toBe(false)
  })
})
