import { randomBytes, randomInt, randomUUID } from 'node:crypto'

const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Ids of what is made while the sandbox runs; what seeds make is drawn from their seed. */
export const randomHex = (length: number) =>
  randomBytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length)

export const randomLower = (length: number) =>
  Array.from({ length }, () => LOWER.charAt(randomInt(LOWER.length))).join('')

export const randomDigits = (length: number) =>
  Array.from({ length }, (_, place) => randomInt(place === 0 ? 1 : 0, 10)).join('')

/** Users, groups and memberships of the Identity Store; the older form carries the store's id in front. */
export const newDirectoryId = () => randomUUID()
