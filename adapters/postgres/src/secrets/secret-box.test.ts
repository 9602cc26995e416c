import { randomBytes } from 'node:crypto'
import { DomainError } from '@gatehouse/domain'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSecretBox } from './secret-box.ts'
import { createSecretKey, parseSecretKey } from './secret-key.ts'

const KEY = randomBytes(32)
const PLACE = { table: 'secret', row: 'scim-token/acme' }
const TOKEN = 'a token'
const secret = Buffer.from(TOKEN)

it('opens what it sealed, and nothing of it shows', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 3000 }), (bytes) => {
      const box = createSecretBox(KEY)
      const sealed = box.seal(Buffer.from(bytes), PLACE)
      expect(box.open(sealed, PLACE)).toEqual(Buffer.from(bytes))
      expect(sealed.includes(Buffer.from(bytes))).toBe(false)
    }),
  )
})

it('never seals the same secret twice to the same bytes', () => {
  const box = createSecretBox(KEY)
  expect(box.seal(secret, PLACE)).not.toEqual(box.seal(secret, PLACE))
})

it('does not open what was changed in any byte', () => {
  const box = createSecretBox(KEY)
  const sealed = box.seal(secret, PLACE)
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed)
    changed[index] = (changed[index] ?? 0) ^ 1
    expect(() => box.open(changed, PLACE)).toThrow(DomainError)
  }
  for (let length = 0; length < sealed.length; length++)
    expect(() => box.open(sealed.subarray(0, length), PLACE)).toThrow(DomainError)
})

it('does not open a secret in another row or table', () => {
  const box = createSecretBox(KEY)
  const sealed = box.seal(secret, PLACE)
  expect(() => box.open(sealed, { ...PLACE, row: 'scim-token/other' })).toThrow('moved from another row')
  expect(() => box.open(sealed, { ...PLACE, table: 'signing_key' })).toThrow('moved from another row')
})

it('says which key it has and which it needs', () => {
  const sealed = createSecretBox(KEY).seal(secret, PLACE)
  expect(() => createSecretBox(randomBytes(32)).open(sealed, PLACE)).toThrow(
    /encrypted under the key [0-9a-f]{16}, and the configured one is [0-9a-f]{16}/,
  )
})

it('opens what a former key sealed, and seals with the present one', () => {
  const former = createSecretBox(KEY)
  const present = createSecretBox(randomBytes(32), [KEY])
  const sealed = former.seal(secret, PLACE)
  expect(present.open(sealed, PLACE)).toEqual(secret)
  expect(present.isCurrent(sealed)).toBe(false)
  expect(() => former.open(present.seal(secret, PLACE), PLACE)).toThrow(DomainError)
})

it('reads a key as it makes it, and no other text', () => {
  expect(parseSecretKey(`${createSecretKey()}\n`)).toHaveLength(32)
  for (const text of ['', 'secret', '0'.repeat(63), 'g'.repeat(64), '0'.repeat(65)])
    expect(() => parseSecretKey(text)).toThrow('"[secret]" is not valid')
})
