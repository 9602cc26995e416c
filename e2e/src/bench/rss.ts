import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { startGoverned } from './governed.ts'
import { type Bench, type BenchOptions, type Measurement, rounded } from './measurement.ts'
import { startPostgres } from './postgres.ts'

const AFTER_MS = 30_000

/** Memory of the server process with `acme` adopted, on the embedded database. */
export const rss: Bench = async (options) => [
  await measure(options, { name: 'rss', limit: 350, database: 'embedded database' }),
]

/** The same on a PostgreSQL server. */
export const rssPostgres: Bench = async (options) => {
  await using postgres = await startPostgres()
  const database = `PostgreSQL ${postgres.version}`
  return [await measure(options, { name: 'rss-postgres', limit: 170, database, databaseUrl: postgres.url })]
}

interface Measured {
  readonly name: string
  readonly limit: number
  readonly database: string
  readonly databaseUrl?: string
}

/** Of the process that adopted and of one that found everything adopted, the larger one counts. */
async function measure({ say }: BenchOptions, { name, limit, database, ...on }: Measured): Promise<Measurement> {
  await using world = await startGoverned({ seed: 'acme', pace: 'demo', ...on })
  say(`adopted; looking in ${AFTER_MS / 1000} s`)
  await sleep(AFTER_MS)
  const first = memoryOf(world.server.program.pid)
  const again = await world.restart()
  say(`started again; looking in ${AFTER_MS / 1000} s`)
  await sleep(AFTER_MS)
  const second = memoryOf(again.program.pid)
  return {
    name,
    value: rounded(Math.max(first.now, second.now)),
    unit: 'MB',
    better: 'lower',
    limit,
    note: `${database}, acme; the process that adopted ${first.now} (peak ${first.peak}), started again ${second.now} (peak ${second.peak})`,
  }
}

/** In MB of a million bytes; /proc counts in units of 1024 (proc(5), "/proc/pid/status"). */
function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (field: string): number => {
    const kilobytes = new RegExp(String.raw`^${field}:\s+(\d+) kB$`, 'm').exec(status)?.[1]
    return Math.round((Number(kilobytes) * 1024) / 1e5) / 10
  }
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') }
}
