import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '../harness/server.ts'
import { type Bench, rounded } from './measurement.ts'

const TIMES = 3

/** From the start of the process to the first 200 of `/readyz`, in a new folder. */
export const readyNew: Bench = async () => {
  const seconds: number[] = []
  for (let time = 0; time < TIMES; time++) seconds.push(await inFolder(readyAfter))
  return [figure('ready-new', 5, seconds)]
}

/** The same in a folder that a server has used before. */
export const readyAgain: Bench = () =>
  inFolder(async (folder) => {
    await readyAfter(folder)
    const seconds: number[] = []
    for (let time = 0; time < TIMES; time++) seconds.push(await readyAfter(folder))
    return [figure('ready-again', 1.5, seconds)]
  })

function figure(name: string, limit: number, seconds: readonly number[]) {
  const sorted = seconds.map(rounded).toSorted((a, b) => a - b)
  const value = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const note = `embedded database, no organization; median of ${sorted.join(', ')}`
  return { name, value, unit: 's', better: 'lower', limit, note } as const
}

async function readyAfter(folder: string): Promise<number> {
  await using server = await startServer({ folder, bootstrapAdmin: 'owner@bench.example' })
  return server.readyAfterMs / 1000
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
