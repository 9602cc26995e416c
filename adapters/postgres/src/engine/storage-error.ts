/** What can stop the storage engine. Everything else is PostgreSQL's own error, as `pg` reports it. */
export type StorageProblem =
  | { code: 'folder-in-use'; folder: string }
  | { code: 'engine-stopped'; folder: string; reason: string }
  | { code: 'server-unusable'; reason: string }
  | { code: 'database-inside-transaction' }
  | { code: 'newer-database'; migrations: readonly string[] }
  | { code: 'migration-changed'; migration: string }
  | { code: 'migration-failed'; migration: string; reason: string }
  | { code: 'bad-migration-folder'; folder: string; reason: string }

export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly problem: StorageProblem

  constructor(problem: StorageProblem, options?: ErrorOptions) {
    const { message, remedy } = explainStorageProblem(problem)
    super(`${message} ${remedy}`, options)
    this.problem = problem
  }
}

/** What happened, and what the operator can do about it. */
export function explainStorageProblem(problem: StorageProblem): { message: string; remedy: string } {
  switch (problem.code) {
    case 'folder-in-use':
      return {
        message: `The data folder ${problem.folder} is in use by another process.`,
        remedy: 'Stop the other process, or choose another folder; a folder has one owner at a time.',
      }
    case 'engine-stopped':
      return {
        message: `The embedded database in ${problem.folder} stopped: ${problem.reason}`,
        remedy: 'Check the disk and restart the server. What was confirmed before is on the disk.',
      }
    case 'server-unusable':
      return {
        message: `The PostgreSQL server of databaseUrl can't be used: ${problem.reason}.`,
        remedy: 'Check that address, whether the server runs, and whether it lets this user in.',
      }
    case 'database-inside-transaction':
      return {
        message: 'The database was used from inside a transaction, but not through that transaction.',
        remedy: 'This is a bug in Gatehouse: the code has to use the transaction it was given.',
      }
    case 'newer-database':
      return {
        message: `The database was written by a newer version: it holds ${problem.migrations.join(', ')}.`,
        remedy: 'Start that version or a later one. An older version does not know what the newer one stored.',
      }
    case 'migration-changed':
      return {
        message: `The migration ${problem.migration} is not the one that this database ran.`,
        remedy: 'Restore the file as it was released. A change to the schema is a new migration.',
      }
    case 'migration-failed':
      return {
        message: `The migration ${problem.migration} failed and was undone: ${problem.reason}.`,
        remedy: 'The database is as it was before this migration. Report this with the message above.',
      }
    case 'bad-migration-folder':
      return {
        message: `The migrations in ${problem.folder} cannot be used: ${problem.reason}.`,
        remedy: 'Name them 0001-what-it-does.sql, 0002-…, each number once.',
      }
  }
}
