import { createHash, createPrivateKey, generateKeyPair, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { Clock, SigningKeys } from '@gatehouse/application'
import { days, type Instant, minus } from '@gatehouse/domain'
import { sql, type Kysely } from 'kysely'
import type { Database } from '../engine/database.ts'
import type { Tables } from '../stores/schema.ts'
import { toTimestamp } from '../stores/values.ts'
import type { Place, SecretBox } from './secret-box.ts'

/** Verifiers keep a JWKS for hours, and tokens signed just before a rotation must still be accepted. */
const PUBLISHED_AFTER_ROTATION = days(1)
/** RS256 wants at least this many bits (RFC 7518, 3.3). */
const MODULUS_BITS = 2048

export interface PostgresSigningKeys extends SigningKeys {
  /** Signs with a new key from now on; the one before stays published for a day. */
  rotate(signal: AbortSignal): Promise<void>
}

interface ActiveKey {
  readonly kid: string
  readonly sealed: Buffer
}

export const signingKeyPlace = (kid: string): Place => ({ table: 'signing_key', row: kid })

/** RSA keys, encrypted in the database; the first is made on first use. */
export function createPostgresSigningKeys(
  database: Database<Tables>,
  box: SecretBox,
  clock: Pick<Clock, 'now'>,
): PostgresSigningKeys {
  const opened = new Map<string, KeyObject>()

  const requireActive = async (signal: AbortSignal): Promise<ActiveKey> => {
    signal.throwIfAborted()
    const known = await findActive(database.kysely)
    if (known) return known
    // Another replica may have been faster: then its key stays, and ours is thrown away.
    await insertKey(database.kysely, await makeKey(box), clock.now())
    const made = await findActive(database.kysely)
    if (!made) throw new Error('The signing key that was just made is not there.')
    return made
  }
  const privateKey = ({ kid, sealed }: ActiveKey): KeyObject => {
    const known = opened.get(kid)
    if (known) return known
    const der = box.open(sealed, signingKeyPlace(kid))
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    opened.clear() // only one signs at a time
    opened.set(kid, key)
    return key
  }

  return {
    async publicKeys(signal) {
      await requireActive(signal)
      const { rows } = await sql<{ public_key: Readonly<Record<string, unknown>> }>`
        select public_key from signing_key
        where retired_at is null or retired_at > ${publishedSince(clock.now())}
        order by retired_at desc nulls first
      `.execute(database.kysely)
      return rows.map((row) => row.public_key)
    },
    async sign(claims, signal) {
      const active = await requireActive(signal)
      const header = { alg: 'RS256', typ: 'JWT', kid: active.kid }
      const content = `${encode(header)}.${encode(claims)}`
      const signature = await signAsync('sha256', Buffer.from(content), privateKey(active))
      return `${content}.${signature.toString('base64url')}`
    },
    async rotate(signal) {
      const key = await makeKey(box)
      await database.transaction(async (transaction) => {
        const now = clock.now()
        await sql`delete from signing_key where retired_at <= ${publishedSince(now)}`.execute(transaction)
        await sql`update signing_key set retired_at = ${toTimestamp(now)} where retired_at is null`.execute(transaction)
        await insertKey(transaction, key, now)
      }, signal)
    },
  }
}

const signAsync = promisify<string, Buffer, KeyObject, Buffer>(sign)
const generateKeyPairAsync = promisify(generateKeyPair)
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const publishedSince = (now: Instant): string => toTimestamp(minus(now, PUBLISHED_AFTER_ROTATION))

const findActive = (kysely: Kysely<Tables>): Promise<ActiveKey | undefined> =>
  kysely.selectFrom('signing_key').select(['kid', 'sealed']).where('retired_at', 'is', null).executeTakeFirst()

interface NewKey extends ActiveKey {
  readonly publicKey: Readonly<Record<string, unknown>>
}

async function makeKey(box: SecretBox): Promise<NewKey> {
  const pair = await generateKeyPairAsync('rsa', { modulusLength: MODULUS_BITS })
  const { kty, n, e } = pair.publicKey.export({ format: 'jwk' })
  // The key's thumbprint (RFC 7638): required members in the order of their names.
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url')
  const der = pair.privateKey.export({ format: 'der', type: 'pkcs8' })
  return { kid, publicKey: { kty, n, e, kid, use: 'sig', alg: 'RS256' }, sealed: box.seal(der, signingKeyPlace(kid)) }
}

async function insertKey(kysely: Kysely<Tables>, key: NewKey, now: Instant): Promise<void> {
  await sql`
    insert into signing_key (kid, public_key, sealed, created_at)
    values (${key.kid}, ${JSON.stringify(key.publicKey)}::jsonb, ${key.sealed}, ${toTimestamp(now)})
    on conflict do nothing
  `.execute(kysely)
}
