import type { UserName } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'

const MAX_LENGTH = 254
/** What the server calls itself where it stands beside users. */
const RESERVED: ReadonlySet<string> = new Set(['system'])

/**
 * An e-mail address by default, because AWS wants one; any other name without blanks is for local work.
 * @throws DomainError `invalid-value`
 */
export function parseUserName(text: string): UserName {
  const fits = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}!#$%&'+\-.=?@^_{|}~]*$/u.test(text)
  if (!fits || text.length > MAX_LENGTH || text !== text.normalize('NFC') || RESERVED.has(text.toLowerCase()))
    throw new DomainError({ code: 'invalid-value', text, expected: 'a user name, by default an e-mail address' })
  return text as UserName
}
