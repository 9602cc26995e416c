import { type Kysely, sql } from 'kysely'
import type { Tables } from '../stores/schema.ts'
import type { Place, SecretBox } from './secret-box.ts'

/** Kinds of secrets that belong to one organization, or to the enrolment of one. */
export const SCIM_TOKEN = 'scim-token'
export const ENROLMENT_SCIM_TOKEN = 'enrolment-scim-token'

export const placeOf = (kind: string, subject: string): Place => ({ table: 'secret', row: `${kind}/${subject}` })

export async function readSecret(
  kysely: Kysely<Tables>,
  box: SecretBox,
  { kind, subject }: { kind: string; subject: string },
): Promise<Buffer | undefined> {
  const query = kysely.selectFrom('secret').select('sealed').where('kind', '=', kind).where('subject', '=', subject)
  const row = await query.executeTakeFirst()
  return row && box.open(row.sealed, placeOf(kind, subject))
}

export async function removeSecret(
  kysely: Kysely<Tables>,
  { kind, subject }: { kind: string; subject: string },
): Promise<void> {
  await kysely.deleteFrom('secret').where('kind', '=', kind).where('subject', '=', subject).execute()
}

export async function writeSecret(
  kysely: Kysely<Tables>,
  box: SecretBox,
  { kind, subject, secret }: { kind: string; subject: string; secret: Buffer },
): Promise<void> {
  await sql`
    insert into secret (kind, subject, sealed) values (${kind}, ${subject}, ${box.seal(secret, placeOf(kind, subject))})
    on conflict (kind, subject) do update set sealed = excluded.sealed, given_at = now()
  `.execute(kysely)
}
