import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { CertificateTimes, Ids, MadeCertificate, SamlCertificate, SamlKey, SamlKeys } from '@gatehouse/application'
import { type AuditEvent, DomainError } from '@gatehouse/domain'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../engine/database.ts'
import { appendEvents } from '../stores/append-events.ts'
import { lockingTransaction } from '../stores/locking-transaction.ts'
import type { Tables } from '../stores/schema.ts'
import { toInstant, toTimestamp } from '../stores/values.ts'
import type { Place, SecretBox } from './secret-box.ts'

export const samlKeyPlace = (fingerprint: string): Place => ({ table: 'saml_key', row: fingerprint })

/** RSA keys, encrypted in the database, each with its certificate. */
export function createPostgresSamlKeys(database: Database<Tables>, box: SecretBox, ids: Ids): SamlKeys {
  let opened: (SamlKey & { readonly fingerprint: string }) | undefined
  const change = (
    events: readonly AuditEvent[],
    signal: AbortSignal,
    work: (transaction: Transaction<Tables>) => Promise<boolean>,
  ): Promise<void> =>
    lockingTransaction(
      database,
      async (transaction) => {
        // Replicas that change keys at the same time take turns; reading them goes on.
        await sql`lock table saml_key in exclusive mode`.execute(transaction)
        if (await work(transaction)) await appendEvents(transaction, events, ids)
      },
      signal,
    )
  const insert = async (
    transaction: Kysely<Tables>,
    { fingerprint, pem, privateKey }: MadeCertificate,
    { createdAt, expiresAt }: CertificateTimes,
    isActive: boolean,
  ): Promise<boolean> => {
    const sealed = box.seal(privateKey, samlKeyPlace(fingerprint))
    // Of two first ones that are made at the same time the index keeps the second out.
    const { rows } = await sql`
      insert into saml_key (fingerprint, certificate, sealed, is_active, created_at, expires_at)
      values (${fingerprint}, ${pem}, ${sealed}, ${isActive}, ${toTimestamp(createdAt)}, ${toTimestamp(expiresAt)})
      on conflict do nothing
      returning fingerprint
    `.execute(transaction)
    return rows.length > 0
  }

  return {
    async certificates(signal) {
      signal.throwIfAborted()
      const rows = await database.kysely
        .selectFrom('saml_key')
        .select(['fingerprint', 'certificate', 'is_active', 'created_at', 'expires_at'])
        .orderBy('is_active', 'desc')
        .orderBy('created_at', 'desc')
        .execute()
      return rows.map((row): SamlCertificate => ({
        fingerprint: row.fingerprint,
        pem: row.certificate,
        isActive: row.is_active,
        createdAt: toInstant(row.created_at),
        expiresAt: toInstant(row.expires_at),
      }))
    },
    async signingKey(signal) {
      signal.throwIfAborted()
      const active = await database.kysely
        .selectFrom('saml_key')
        .select(['fingerprint', 'certificate', 'sealed'])
        .where('is_active', '=', true)
        .executeTakeFirst()
      if (!active) return undefined
      if (opened?.fingerprint === active.fingerprint) return opened
      const { fingerprint, certificate, sealed } = active
      opened = {
        fingerprint,
        privateKey: createPrivateKey({
          key: box.open(sealed, samlKeyPlace(fingerprint)),
          format: 'der',
          type: 'pkcs8',
        }),
        certificate: new X509Certificate(certificate).raw.toString('base64'),
      }
      return opened
    },
    addFirst: (made, times, events, signal) =>
      change(events, signal, async (transaction) => {
        const known = await transaction.selectFrom('saml_key').select('fingerprint').executeTakeFirst()
        return known === undefined && insert(transaction, made, times, true)
      }),
    add: (made, times, events, signal) =>
      change(events, signal, (transaction) => insert(transaction, made, times, false)),
    activate: (fingerprint, events, signal) =>
      change(events, signal, async (transaction) => {
        if (await isActiveNow(transaction, fingerprint)) return false
        await transaction.updateTable('saml_key').set({ is_active: false }).where('is_active', '=', true).execute()
        await transaction
          .updateTable('saml_key')
          .set({ is_active: true })
          .where('fingerprint', '=', fingerprint)
          .execute()
        return true
      }),
    remove: (fingerprint, events, signal) =>
      change(events, signal, async (transaction) => {
        if (await isActiveNow(transaction, fingerprint)) throw signsNow()
        await transaction.deleteFrom('saml_key').where('fingerprint', '=', fingerprint).execute()
        return true
      }),
  }
}

/** Asked under the lock: another replica may have been faster. @throws DomainError `not-found` */
async function isActiveNow(transaction: Transaction<Tables>, fingerprint: string): Promise<boolean> {
  const row = await transaction
    .selectFrom('saml_key')
    .select('is_active')
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst()
  if (!row) throw new DomainError({ code: 'not-found', kind: 'certificate', name: fingerprint })
  return row.is_active
}

const signsNow = (): DomainError =>
  new DomainError({
    code: 'conflict',
    message: 'This certificate signs now.',
    remedy: 'Activate another one first.',
  })
