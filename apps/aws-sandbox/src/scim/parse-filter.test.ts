import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchFilter, parseFilter } from './parse-filter.ts'

const attributes = fc.constantFrom('userName', 'externalId', 'id', 'groups.value', 'members.value', 'manager')
const comparisons = fc.array(fc.record({ attribute: attributes, value: fc.string() }), { minLength: 1, maxLength: 4 })

describe('the filter of a list request', () => {
  it('is read back as it was written, whatever its values hold', () => {
    fc.assert(
      fc.property(comparisons, fc.constantFrom('eq', 'EQ'), fc.constantFrom(' and ', '  AND '), (written, eq, and) => {
        const text = written.map(({ attribute, value }) => `${attribute} ${eq} ${JSON.stringify(value)}`).join(and)
        expect(parseFilter(text)).toEqual(written)
      }),
    )
  })

  it('is refused and never crashes when it is garbage', () => {
    const pieces = fc.constantFrom(
      'userName',
      ' eq ',
      ' and ',
      ' or ',
      ' co ',
      '"',
      '\\',
      '"a"',
      '(',
      ')',
      '[',
      ' ',
      '\u0000',
    )
    const garbage = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(garbage, (text) => {
        const parsed = parseFilter(text)
        if (parsed) expect(text.toLowerCase().split(' eq ').length).toBeGreaterThan(parsed.length)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    'userName co "ana"',
    'userName eq "ana" or userName eq "boris"',
    'not (userName eq "ana")',
    '(userName eq "ana")',
    'emails[type eq "work"]',
    'userName eq ana',
    "userName eq 'ana'",
    'userName eq "ana" and',
    'userName eq "ana',
    'active eq true',
    'a.b.c eq "x"',
    '',
  ])('takes only eq and and, so it refuses (D3-out-1): %s', (text) => {
    expect(parseFilter(text)).toBeUndefined()
  })

  it('counts only in the combinations that the operation lists, in any order', () => {
    const combinations = [['userName'], ['id', 'manager']] as const
    expect(matchFilter(parseFilter('manager eq "m" and ID eq "u"') ?? [], combinations)).toEqual({
      id: 'u',
      manager: 'm',
    })
    expect(matchFilter(parseFilter('userName eq "a" and id eq "u"') ?? [], combinations)).toBeUndefined()
    expect(matchFilter(parseFilter('userName eq "a" and userName eq "b"') ?? [], combinations)).toBeUndefined()
  })
})
