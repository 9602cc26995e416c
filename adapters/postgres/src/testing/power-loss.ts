// Cuts the power for real, as far as a program can: a writer commits to a file system on a loop device; it is stopped in
// the middle, and the device's backing file is copied. What was not flushed is in the page cache only, so the copy holds
// what a disk would after a power loss. Run by `npm run test:power [TRIALS]`; needs root on Linux.
import { execFileSync } from 'node:child_process'
import { constants, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEmbeddedDatabase } from '../engine/open-embedded-database.ts'
import { addLedger, examineLedgers, lastLedger, type LedgerTables, type Verdict } from './ledger.ts'
import { startLedgerWriter } from './start-ledger-writer.ts'

const DEFAULT_TRIALS = 12
const IMAGE_SIZE = '384M'
/** Every third trial begins with an empty file system, so that it also shows what creating a folder leaves. */
const NEW_FOLDER_EVERY = 3

const trials = Number(process.argv[2] ?? DEFAULT_TRIALS)
const missing = findMissing()
if (missing === undefined) process.exitCode = await runTrials(trials)
else console.log(`not run: ${missing}`)

function findMissing(): string | undefined {
  if (process.platform !== 'linux') return 'loop devices are a feature of Linux'
  if (process.getuid?.() !== 0) return 'mounting a file system needs root'
  for (const tool of ['mkfs.ext4', 'losetup', 'mount', 'umount']) {
    if (!answers('sh', ['-c', `command -v ${tool}`])) return `${tool} is not installed`
  }
  const probe = mkdtempSync(join(tmpdir(), 'gatehouse-power-probe-'))
  try {
    makeImage(join(probe, 'image'), '8M')
    mount(join(probe, 'image'), join(probe, 'mounted'))
    unmount(join(probe, 'mounted'))
    return undefined
  } catch (error) {
    return `a file system on a loop device cannot be mounted here (${String(error).trim().split('\n').at(-1)})`
  } finally {
    rmSync(probe, { recursive: true, force: true })
  }
}

async function runTrials(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-power-loss-'))
  let failed = 0
  try {
    const image = join(folder, 'image')
    for (let trial = 1; trial <= count; trial++) {
      if (trial % NEW_FOLDER_EVERY === 1) makeImage(image, IMAGE_SIZE)
      const { confirmed, recoveryMs, verdict } = await cutPower(folder, image)
      const result = verdict.state === 'intact' ? 'intact' : `DAMAGED: ${verdict.because}`
      console.log(`trial ${trial}: ${confirmed} confirmed, opened in ${(recoveryMs / 1000).toFixed(1)} s, ${result}`)
      if (verdict.state !== 'intact') failed++
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  console.log(`${count - failed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

interface Trial {
  readonly confirmed: number
  readonly recoveryMs: number
  readonly verdict: Verdict
}

/** One power loss. The image is afterwards what it left, for the next trial to go on with. */
async function cutPower(folder: string, image: string): Promise<Trial> {
  const copy = join(folder, 'copy')
  const mounted = join(folder, 'mounted')
  mount(image, mounted)
  const writer = startLedgerWriter(join(mounted, 'data'))
  let confirmed: number
  try {
    await writer.reached(0)
    await writer.reached(writer.confirmed() + 1)
    await sleep(Math.random() * 3_000) // the moment is the trial's chance, not something to wait for
    writer.process.kill('SIGSTOP')
    copyFileSync(image, copy, constants.COPYFILE_FICLONE)
    await sleep(100) // its last confirmations are in the pipe
    confirmed = writer.confirmed()
  } finally {
    await writer.kill()
    unmount(mounted)
  }
  copyFileSync(copy, image, constants.COPYFILE_FICLONE)
  mount(image, mounted)
  try {
    const begin = performance.now()
    const { verdict, openedAt } = await examineFolder(join(mounted, 'data'), confirmed)
    return { confirmed, recoveryMs: openedAt - begin, verdict }
  } finally {
    unmount(mounted)
  }
}

async function examineFolder(dataDir: string, confirmed: number): Promise<{ verdict: Verdict; openedAt: number }> {
  try {
    await using database = await openEmbeddedDatabase<LedgerTables>({ dataDir })
    const openedAt = performance.now()
    const verdict = await examineLedgers(database, confirmed)
    await addLedger(database, (await lastLedger(database)) + 1)
    return { verdict, openedAt }
  } catch (error) {
    return { verdict: { state: 'damaged', because: String(error) }, openedAt: performance.now() }
  }
}

function makeImage(image: string, size: string): void {
  rmSync(image, { force: true })
  run('truncate', ['--size', size, image])
  run('mkfs.ext4', ['-q', '-F', image])
}

function mount(image: string, at: string): void {
  mkdirSync(at, { recursive: true })
  run('mount', ['-o', 'loop', image, at])
}

function unmount(at: string): void {
  run('umount', [at])
}

function run(command: string, args: string[]): void {
  execFileSync(command, args, { stdio: 'pipe' })
}

function answers(command: string, args: string[]): boolean {
  try {
    run(command, args)
    return true
  } catch {
    return false
  }
}
