import { fileURLToPath } from 'node:url'

/** Where the migrations that make `Tables` lie, for `migrate`. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url))
