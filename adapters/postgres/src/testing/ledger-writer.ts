// A process that writes ledgers to the data folder given as argument and prints the number of each once it is confirmed,
// until somebody ends it. With "hold" it only opens the folder and keeps it.
import { openEmbeddedDatabase } from '../engine/open-embedded-database.ts'
import { StorageError } from '../engine/storage-error.ts'
import { addLedger, createLedger, lastLedger, type LedgerTables } from './ledger.ts'

const [, , dataDir, mode] = process.argv
if (dataDir === undefined) throw new Error('Usage: ledger-writer.ts FOLDER [hold]')
try {
  const database = await openEmbeddedDatabase<LedgerTables>({ dataDir })
  await createLedger(database)
  let last = await lastLedger(database)
  process.stdout.write(`${last}\n`)
  while (mode !== 'hold') {
    await addLedger(database, ++last)
    process.stdout.write(`${last}\n`)
  }
} catch (error) {
  process.stderr.write(
    error instanceof StorageError ? `${error.problem.code}: ${error.message}\n` : `${String(error)}\n`,
  )
  process.exit(1)
}
