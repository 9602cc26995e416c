import { PGlite } from '@electric-sql/pglite'

const WITHOUT_FLUSHES = '-F'

/**
 * PostgreSQL's settings inside the server's process. `wal_sync_method=fsync` because `fdatasync`, the default, is a stub
 * in PGlite's WebAssembly glue, while `fsync` reaches the file system. Buffers and log are sized for a server that has
 * 350 MB in all; the log limit only holds because we order checkpoints (see maintenance.ts).
 */
const SETTINGS = [
  'wal_sync_method=fsync',
  'shared_buffers=32MB',
  'min_wal_size=32MB',
  'max_wal_size=64MB',
  'timezone=UTC',
]

export const durableStartParameters: string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== WITHOUT_FLUSHES),
  ...SETTINGS.flatMap((setting) => ['-c', setting]),
]

/** For a database that ends with its process: there is nothing to flush to. */
export const memoryStartParameters: string[] = [
  ...durableStartParameters.slice(0, 1),
  WITHOUT_FLUSHES,
  ...durableStartParameters.slice(1),
]
