import { DomainError, type OrganizationId } from '@gatehouse/domain'
import type { Commit, Ids, RecordChange, Store } from '@gatehouse/application'
import { sql, type Transaction } from 'kysely'
import type { Database } from '../engine/database.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { SCIM_TOKEN, writeSecret } from '../secrets/secret-rows.ts'
import { appendEvents } from './append-events.ts'
import { readJournal, writeJournal } from './journal.ts'
import { LEADER } from './leadership.ts'
import { lockingTransaction } from './locking-transaction.ts'
import { readMemory, writeMemory } from './memory.ts'
import { readCatalogue, readCatalogueVersion, readGroups, readHeld, readHoldings } from './catalogue.ts'
import { readMirror, writeMirror } from './mirror.ts'
import { explainRefusals } from './problems.ts'
import { lockProgress } from './progress.ts'
import { readChangedRecords } from './read-changed-records.ts'
import { readRecords } from './read-records.ts'
import type { Tables } from './schema.ts'
import { writeRecords } from './write-records.ts'

/** @param box seals tokens that come with organizations; who commits none does without */
export function createPostgresStore(database: Database<Tables>, ids: Ids, box?: SecretBox): Store {
  return {
    readRecords: (signal, since) =>
      database.snapshot(
        async (transaction) => (since && (await readChangedRecords(transaction, since))) ?? readRecords(transaction),
        signal,
      ),
    async recordsVersion(signal) {
      signal.throwIfAborted()
      return readVersion(database.kysely)
    },
    readCatalogue: (organization, signal) =>
      database.snapshot((transaction) => readCatalogue(transaction, organization), signal),
    async catalogueVersion(organization, signal) {
      signal.throwIfAborted()
      return readCatalogueVersion(database.kysely, organization)
    },
    readHeld: (organization, asked, signal) =>
      database.snapshot((transaction) => readHeld(transaction, organization, asked), signal),
    readHoldings: (organization, user, signal) =>
      database.snapshot((transaction) => readHoldings(transaction, organization, user), signal),
    readGroups: (organization, groups, signal) =>
      database.snapshot((transaction) => readGroups(transaction, organization, groups), signal),
    readMirror: (organization, signal) =>
      database.snapshot((transaction) => readMirror(transaction, organization), signal),
    readMemory: (organization, signal) =>
      database.snapshot((transaction) => readMemory(transaction, organization), signal),
    readJournal: (organization, signal) =>
      database.snapshot((transaction) => readJournal(transaction, organization), signal),
    commit: (commit, signal) =>
      explainRefusals(commit, () =>
        lockingTransaction(database, (transaction) => write(transaction, commit, { ids, box }), signal),
      ),
  }
}

/**
 * Locks are taken before what they guard is read, and always in this order, so commits never wait for one another in a
 * circle: the records' version, the lease, the organization's progress, the end of the audit log.
 */
async function write(
  transaction: Transaction<Tables>,
  commit: Commit,
  { ids, box }: { readonly ids: Ids; readonly box: SecretBox | undefined },
): Promise<{ version: number; auditSeq: number }> {
  const { records = [], mirror = [], memory = [], journal = [], events = [] } = commit
  await requireVersion(transaction, commit.expecting, records.length > 0)
  await requireFence(transaction, commit.fence)
  if (records.length > 0) await writeRecords(transaction, records)
  await sealTokens(transaction, records, box)
  if (mirror.length + memory.length + journal.length > 0) {
    const organization = organizationOf(commit)
    await lockProgress(transaction, organization)
    await writeMirror(transaction, organization, mirror)
    await writeMemory(transaction, organization, memory)
    await writeJournal(transaction, organization, journal)
  }
  const auditSeq = await appendEvents(transaction, events, ids)
  return { version: await readVersion(transaction), auditSeq }
}

async function sealTokens(
  transaction: Transaction<Tables>,
  records: readonly RecordChange[],
  box: SecretBox | undefined,
): Promise<void> {
  for (const change of records) {
    if (!('put' in change) || change.put !== 'organization' || change.scimToken === undefined) continue
    if (!box) throw new Error('A token takes a key to seal it with.')
    const secret = Buffer.from(change.scimToken, 'utf8')
    await writeSecret(transaction, box, { kind: SCIM_TOKEN, subject: change.organization.id, secret })
  }
}

async function requireVersion(
  transaction: Transaction<Tables>,
  expected: number | undefined,
  willChange: boolean,
): Promise<void> {
  if (expected === undefined && !willChange) return
  // Who only depends on the records lets others depend on them too, and keeps everybody from changing them meanwhile.
  const lock = willChange ? sql`for update` : sql`for share`
  const { rows } = await sql<{ version: string }>`select version from records_version ${lock}`.execute(transaction)
  if (expected !== undefined && Number(rows[0]?.version) !== expected)
    throw new DomainError({ code: 'stale', kind: 'records', name: String(expected) })
}

/** A holder that lost the lease must not write any more, however late it wakes up. */
async function requireFence(transaction: Transaction<Tables>, fence: number | undefined): Promise<void> {
  if (fence === undefined) return
  const { rows } = await sql`
    select from lease where name = ${LEADER} and token = ${fence} for share
  `.execute(transaction)
  if (rows.length === 0) throw new DomainError({ code: 'stale', kind: 'leadership', name: String(fence) })
}

async function readVersion(kysely: Database<Tables>['kysely']): Promise<number> {
  const { version } = await kysely.selectFrom('records_version').select('version').executeTakeFirstOrThrow()
  return Number(version)
}

function organizationOf({ organization }: Commit): OrganizationId {
  if (organization === undefined) throw new Error('A change of mirror, memory or journal names its organization.')
  return organization
}
