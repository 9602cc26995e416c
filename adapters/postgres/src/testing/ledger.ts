import { sql } from 'kysely'
import type { Database } from '../engine/database.ts'

/** Three tables that a transaction changes together, so that half of one shows. */
export interface LedgerTables {
  ledger: { id: number; note: string }
  entry: { id: number; ledger: number; amount: number }
  balance: { id: number; total: number }
}

export async function createLedger(database: Database<LedgerTables>): Promise<void> {
  await sql`
    create table if not exists ledger (id int primary key, note text not null);
    create table if not exists entry (id int primary key, ledger int not null references ledger, amount int not null);
    create table if not exists balance (id int primary key, total int not null);
    insert into balance values (1, 0) on conflict do nothing;
  `.execute(database.kysely)
}

/** Adds one ledger with two entries and the new balance, all or nothing. */
export async function addLedger(database: Database<LedgerTables>, id: number): Promise<void> {
  await database.transaction(async (transaction) => {
    // Some do not fit in a page of the log, so that torn writes have something to tear.
    await transaction
      .insertInto('ledger')
      .values({ id, note: 'x'.repeat((id % 7) * 1500) })
      .execute()
    const entries = [
      { id: id * 2, ledger: id, amount: id },
      { id: id * 2 + 1, ledger: id, amount: 1 },
    ]
    await transaction.insertInto('entry').values(entries).execute()
    await transaction
      .updateTable('balance')
      .set((eb) => ({ total: eb('total', '+', id + 1) }))
      .execute()
  })
}

/** The number of the last ledger; they begin with 1 and have no gaps. */
export async function lastLedger(database: Database<LedgerTables>): Promise<number> {
  const { last } = await database.kysely
    .selectFrom('ledger')
    .select((eb) => eb.fn.coalesce(eb.fn.max('id'), eb.lit(0)).as('last'))
    .executeTakeFirstOrThrow()
  return last
}

export type Verdict = { state: 'intact' } | { state: 'damaged'; because: string }

/** Checks that the ledgers 1 to `confirmed` are all there, and nothing is by halves. */
export async function examineLedgers(database: Database<LedgerTables>, confirmed: number): Promise<Verdict> {
  await createLedger(database) // the power may have gone before the first time
  const { rows } = await sql<{
    ledgers: number
    last: number
    entries: number
    sum: number
    total: number
    read: number
  }>`
    select (select count(*)::int from ledger) as ledgers,
           (select coalesce(max(id), 0) from ledger) as last,
           (select count(*)::int from entry) as entries,
           (select coalesce(sum(amount), 0)::int from entry) as sum,
           (select total from balance) as total,
           (select coalesce(sum(length(note)), 0)::int from ledger) as read
  `.execute(database.kysely)
  const [found] = rows
  if (!found) return { state: 'damaged', because: 'no answer' }
  const isWhole = found.ledgers === found.last && found.entries === found.ledgers * 2 && found.sum === found.total
  // One more than confirmed may be there: its confirmation was on its way.
  if (isWhole && (found.ledgers === confirmed || found.ledgers === confirmed + 1)) {
    await addLedger(database, found.last + 1) // it also has to go on
    return { state: 'intact' }
  }
  return { state: 'damaged', because: `${confirmed} were confirmed, found ${JSON.stringify(found)}` }
}
