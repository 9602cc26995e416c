import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { DomainError } from '@gatehouse/domain'

/** Encrypts what the database must not be able to tell. See docs/decisions/0003-secrets-at-rest.md. */
export interface SecretBox {
  seal(secret: Buffer, place: Place): Buffer
  /** @throws DomainError `refused` when it was sealed under another key, for another place, or was changed since */
  open(sealed: Buffer, place: Place): Buffer
  /** Says whether it is sealed under the present key; otherwise seal it again. */
  isCurrent(sealed: Buffer): boolean
}

/** The row that a secret belongs to: moved to another one, it does not open. */
export interface Place {
  readonly table: string
  readonly row: string
}

const FORMAT = 1
const KEY_ID_BYTES = 8
/** GCM's own sizes (NIST SP 800-38D, 5.2.1 and 8.2.2): a random nonce is safe for 2^32 secrets under one key. */
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES

/** Seals under `key`; opens what was sealed under it or under one of `formerKeys`. Keys have 32 bytes. */
export function createSecretBox(key: Buffer, formerKeys: readonly Buffer[] = []): SecretBox {
  const keyById = new Map([...formerKeys, key].map((known) => [idOf(known).toString('hex'), known]))
  const keyId = idOf(key)
  return {
    seal(secret, place) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(place))
      const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()])
      return Buffer.concat([Buffer.of(FORMAT), keyId, nonce, cipher.getAuthTag(), ciphertext])
    },
    open(sealed, place) {
      const id = keyIdOf(sealed).toString('hex')
      const known = sealed.length >= HEADER_BYTES && sealed[0] === FORMAT ? keyById.get(id) : undefined
      if (!known) throw new DomainError(wrongKey(id, [...keyById.keys()]))
      const nonce = sealed.subarray(1 + KEY_ID_BYTES, 1 + KEY_ID_BYTES + NONCE_BYTES)
      const tag = sealed.subarray(HEADER_BYTES - TAG_BYTES, HEADER_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', known, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(boundTo(place)).setAuthTag(tag)
      try {
        return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()])
      } catch (cause) {
        throw new DomainError(changed(place), { cause })
      }
    },
    isCurrent: (sealed) => keyIdOf(sealed).equals(keyId),
  }
}

const keyIdOf = (sealed: Buffer): Buffer => sealed.subarray(1, 1 + KEY_ID_BYTES)

/** Names a key without telling anything of it that helps to guess 256 random bits. */
const idOf = (key: Buffer): Buffer =>
  createHash('sha256').update('gatehouse secret key id\n').update(key).digest().subarray(0, KEY_ID_BYTES)

const boundTo = ({ table, row }: Place): Buffer => Buffer.from(JSON.stringify(['gatehouse', FORMAT, table, row]))

const wrongKey = (id: string, known: readonly string[]) =>
  ({
    code: 'refused',
    message: `The database's secrets are encrypted under the key ${id}, and the configured one is ${known.join(' or ')}.`,
    remedy: 'Configure the secret key that this database was first started with.',
  }) as const

const changed = ({ table, row }: Place) =>
  ({
    code: 'refused',
    message: `The secret in ${table} "${row}" does not open: it was changed, or moved from another row.`,
    remedy: 'Set this secret again, and find out who wrote to the database.',
  }) as const
