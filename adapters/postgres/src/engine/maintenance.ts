import type pg from 'pg'

const CHECKPOINT_EVERY_MS = 10_000
const VACUUM_EVERY_MS = 3 * 60_000

/**
 * Does what PostgreSQL's background processes do on a server; PGlite has none. Without checkpoints the log grows without
 * end and so does the time to recover; without vacuum the tables do. Nothing runs while nothing is written.
 */
export function startMaintenance(pool: pg.Pool): { stop(): void } {
  const checkpoint = repeat(CHECKPOINT_EVERY_MS, whenWritten(pool, 'checkpoint'))
  const vacuum = repeat(VACUUM_EVERY_MS, whenWritten(pool, 'vacuum (analyze)'))
  return {
    stop() {
      clearInterval(checkpoint)
      clearInterval(vacuum)
    },
  }
}

function repeat(everyMs: number, task: () => Promise<void>): NodeJS.Timeout {
  let running = false
  const timer = setInterval(() => {
    if (running) return
    running = true
    task()
      .catch(() => {}) // the next turn tries again; a disk that fails is reported by the engine itself
      .finally(() => (running = false))
  }, everyMs)
  return timer.unref()
}

/** A task that runs a command if the log has grown since the command last ran. */
function whenWritten(pool: pg.Pool, command: string): () => Promise<void> {
  let positionAfter = ''
  return async () => {
    if ((await logPosition(pool)) === positionAfter) return
    await pool.query(command)
    positionAfter = await logPosition(pool)
  }
}

async function logPosition(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ position: string }>('select pg_current_wal_insert_lsn()::text as position')
  return rows[0]?.position ?? ''
}
