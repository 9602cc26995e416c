import type { Database } from '../engine/database.ts'
import type { Tables } from '../stores/schema.ts'
import type { SecretBox } from './secret-box.ts'
import { placeOf } from './secret-rows.ts'
import { samlKeyPlace } from './saml-keys.ts'
import { signingKeyPlace } from './signing-keys.ts'

/**
 * Seals again, under the box's present key, what is sealed under a former one. Returns how many secrets that were.
 * Until every replica has the new key, all of them need both.
 */
export function rotateSecretKey(database: Database<Tables>, box: SecretBox, signal: AbortSignal): Promise<number> {
  return database.transaction(async (transaction) => {
    let count = 0
    for (const { kind, subject, sealed } of await transaction.selectFrom('secret').selectAll().execute()) {
      if (box.isCurrent(sealed)) continue
      const place = placeOf(kind, subject)
      const resealed = box.seal(box.open(sealed, place), place)
      const update = transaction.updateTable('secret').set({ sealed: resealed })
      await update.where('kind', '=', kind).where('subject', '=', subject).execute()
      count++
    }
    for (const { kid, sealed } of await transaction.selectFrom('signing_key').select(['kid', 'sealed']).execute()) {
      if (box.isCurrent(sealed)) continue
      const resealed = box.seal(box.open(sealed, signingKeyPlace(kid)), signingKeyPlace(kid))
      await transaction.updateTable('signing_key').set({ sealed: resealed }).where('kid', '=', kid).execute()
      count++
    }
    for (const { fingerprint, sealed } of await transaction.selectFrom('saml_key').selectAll().execute()) {
      if (box.isCurrent(sealed)) continue
      const place = samlKeyPlace(fingerprint)
      const resealed = box.seal(box.open(sealed, place), place)
      await transaction
        .updateTable('saml_key')
        .set({ sealed: resealed })
        .where('fingerprint', '=', fingerprint)
        .execute()
      count++
    }
    return count
  }, signal)
}
