import { createHash } from 'node:crypto'

/** Letters that nobody takes for another and that spell no word (RFC 8628, 6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
const LENGTH = 8
const CODE = new RegExp(`^[${LETTERS}]{${LENGTH}}$`)

/** Eight letters that follow from a secret, such as `BCDF-GHJK`: 34 bits, for ten minutes and few guesses. */
export function userCodeFrom(secret: string): string {
  const base = BigInt(LETTERS.length)
  let rest = BigInt(`0x${createHash('sha256').update(`user code ${secret}`).digest('hex')}`)
  let code = ''
  for (let i = 0; i < LENGTH; i++) {
    code += LETTERS[Number(rest % base)] ?? ''
    rest /= base
  }
  return formatUserCode(code)
}

/** What somebody typed, in any case and with any dashes and blanks; `undefined` when it can be no code. */
export function parseUserCode(typed: string): string | undefined {
  const letters = typed.toUpperCase().replaceAll(/[\s\p{Pd}]/gu, '')
  return CODE.test(letters) ? formatUserCode(letters) : undefined
}

const formatUserCode = (letters: string): string => `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`
