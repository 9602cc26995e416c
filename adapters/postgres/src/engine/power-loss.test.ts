import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addLedger, createLedger, type LedgerTables } from '../testing/ledger.ts'
import { examine, openRecorded } from '../testing/power-loss-trial.ts'
import { RecordingDisk, type Survives } from '../testing/recording-disk.ts'
import { compileSmall } from './compile-small.ts'
import type { Database } from './database.ts'
import { ensureCluster } from './open-data-folder.ts'
import { writeNewCluster } from './write-new-cluster.ts'

/** Enough for checkpoints, a vacuum and a new table in the middle. */
const LEDGERS = 120
/** A run has at least this many moments: changes and flushes of files. */
const MOMENTS = 500

/** Each cut copies, recovers and reads a whole database. */
const SLOW = { timeout: 120_000 }

interface Cut {
  readonly folder: string
  readonly confirmed: number
}

describe('a power loss', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'gatehouse-power-'))
  let folders = 0
  const newFolder = (): string => join(temporary, `folder-${++folders}`)
  const created = newFolder()
  const copies = newFolder()
  const cutsWhileCreating: Cut[] = []
  let recordingOfCreated: RecordingDisk

  beforeAll(async () => {
    compileSmall()
    mkdirSync(created)
    recordingOfCreated = new RecordingDisk(created)
    cutsWhileCreating.push(
      ...(await cutDuring(recordingOfCreated, [1, 2, 300, 1200, 2000, 2500, 2900], nothing, async () => {
        await ensureCluster(created, recordingOfCreated, (folder) => writeNewCluster(folder, recordingOfCreated))
      })),
    )
    cpSync(created, copies, { recursive: true })
  })
  afterAll(() => rmSync(temporary, { recursive: true, force: true }))

  /** Cuts the power at each of the given moments of `work`, which reports what is confirmed. */
  async function cutDuring(
    recording: RecordingDisk,
    moments: readonly number[],
    survives: Survives,
    work: (confirm: (id: number) => void) => Promise<void>,
  ): Promise<Cut[]> {
    const cuts: Cut[] = []
    let confirmed = 0
    let count = 0
    recording.atEachMoment = () => {
      if (!moments.includes(++count)) return
      const folder = newFolder()
      recording.cutPower(folder, survives)
      cuts.push({ folder, confirmed })
    }
    await work((id) => (confirmed = id))
    expect(cuts.length, `cuts in ${count} moments`).toBe(moments.length)
    return cuts
  }

  async function writeLedgers(database: Database<LedgerTables>, confirm: (id: number) => void): Promise<void> {
    await createLedger(database)
    for (let id = 1; id <= LEDGERS; id++) {
      await addLedger(database, id)
      confirm(id)
      if (id === 40) await sql`checkpoint`.execute(database.kysely)
      if (id === 60) await sql`create table later as select * from ledger`.execute(database.kysely)
      if (id === 80) await sql`vacuum full ledger`.execute(database.kysely)
      if (id === 100) await sql`checkpoint`.execute(database.kysely)
    }
  }

  async function cutWhileWriting(
    moments: readonly number[],
    survives: Survives,
    { flushes }: { flushes: boolean },
  ): Promise<Cut[]> {
    const dataDir = newFolder()
    cpSync(copies, dataDir, { recursive: true })
    const recording = new RecordingDisk(dataDir)
    return cutDuring(recording, moments, survives, async (confirm) => {
      await using database = await openRecorded(dataDir, recording, { flushes })
      await writeLedgers(database, confirm)
    })
  }

  it('keeps every confirmed transaction and leaves none by halves', SLOW, async () => {
    const moments = fc.uniqueArray(fc.integer({ min: 1, max: MOMENTS }), { minLength: 5, maxLength: 5 })
    const survival = fc.oneof(fc.constant(0), fc.integer({ min: 1 })) // 0: nothing that was not flushed
    await fc.assert(
      fc.asyncProperty(moments, survival, async (moments, seed) => {
        const survives = seed === 0 ? nothing : atRandom(seed)
        for (const { folder, confirmed } of await cutWhileWriting(moments, survives, { flushes: true })) {
          expect(await examine(folder, confirmed)).toEqual({ state: 'intact' })
          rmSync(folder, { recursive: true })
        }
      }),
      { numRuns: 3, endOnFailure: true },
    )
  })

  it('while a folder is created leaves a whole database or none', async () => {
    const verdicts = []
    for (const { folder } of cutsWhileCreating) verdicts.push((await examine(folder, 0)).state)
    expect(new Set(verdicts)).toEqual(new Set(['never created']))
    const whole = newFolder()
    recordingOfCreated.cutPower(whole, nothing)
    expect(await examine(whole, 0)).toEqual({ state: 'intact' })
  })

  it('keeps what was confirmed on a folder created moments before', async () => {
    const cuts = await cutDuring(recordingOfCreated, [30, 90, 200, 400], nothing, async (confirm) => {
      await using database = await openRecorded(created, recordingOfCreated, { flushes: true })
      await writeLedgers(database, confirm)
    })
    for (const { folder, confirmed } of cuts) expect(await examine(folder, confirmed)).toEqual({ state: 'intact' })
  })

  it('loses confirmed transactions with the settings that PGlite ships', async () => {
    const cuts = await cutWhileWriting([200, 250], nothing, { flushes: false })
    for (const { folder, confirmed } of cuts)
      expect(await examine(folder, confirmed)).toMatchObject({ state: 'damaged' })
  })
})

const nothing: Survives = () => false

/** The same choices for the same seed (a linear congruential generator, Knuth's MMIX). */
function atRandom(seed: number): Survives {
  let state = BigInt(seed)
  return () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n)
    return state >> 63n === 1n
  }
}
