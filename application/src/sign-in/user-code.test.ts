import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseUserCode, userCodeFrom } from './user-code.ts'

it('makes codes of eight letters in two groups, none of them a vowel', () => {
  fc.assert(
    fc.property(fc.string(), (secret) => {
      expect(userCodeFrom(secret)).toMatch(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/)
    }),
  )
})
it('reads a code however it is typed', () => {
  const separators = fc.constantFrom('', '-', ' ', ' – ', '\t')
  fc.assert(
    fc.property(fc.string(), separators, separators, (secret, between, around) => {
      const code = userCodeFrom(secret)
      expect(parseUserCode(around + code.replace('-', between).toLowerCase() + around)).toBe(code)
    }),
  )
})
it('takes nothing else for a code', () => {
  for (const typed of ['', 'BCDF', 'BCDF-GHJKL', 'ABCD-EFGH', '<script>', 'BCDF_GHJK'])
    expect(parseUserCode(typed)).toBeUndefined()
})
