import { randomBytes } from 'node:crypto'
import { DomainError } from '@gatehouse/domain'

/** AES-256 wants 256 bits. */
const KEY_BYTES = 32

/** A new secret key as it is kept in a file: 64 hexadecimal digits. */
export const createSecretKey = (): string => randomBytes(KEY_BYTES).toString('hex')

/** @throws DomainError `invalid-value`, without the text, unless it is 64 hexadecimal digits; blanks around it are ignored. */
export function parseSecretKey(text: string): Buffer {
  const digits = text.trim()
  if (!/^[0-9a-f]{64}$/i.test(digits))
    throw new DomainError({
      code: 'invalid-value',
      field: 'secret key',
      text: '[secret]',
      expected: '64 hexadecimal digits, as "gatehouse keys init" makes them',
    })
  return Buffer.from(digits, 'hex')
}
