import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ControlClient } from './control-client.ts'
import { waitFor } from './wait-for.ts'

/** The clock of a server and a sandbox that were started with `file` as their `--clock-offset-file`. */
export interface MovedClock {
  readonly file: string
  now(): number
  /** Moves the clock and resolves once the sandbox has seen it; the server looks as often. */
  advance(ms: number, control?: ControlClient): Promise<void>
}

/** Both read the file every 100 ms; this is one look with room for a busy machine. */
const SEEN_WITHIN_MS = 5_000

export function createMovedClock(folder: string): MovedClock {
  const file = join(folder, 'clock-offset')
  let offset = 0
  const write = (): void => {
    // By rename, so that nobody reads half a number.
    writeFileSync(`${file}.new`, String(offset))
    renameSync(`${file}.new`, file)
  }
  write()
  const now = (): number => Date.now() + offset
  return {
    file,
    now,
    async advance(ms, control) {
      offset += ms
      write()
      if (!control) return
      await waitFor(
        'the sandbox to see the moved clock',
        async () => (Math.abs((await control.health()).now - now()) < 1_000 ? true : undefined),
        { withinMs: SEEN_WITHIN_MS, everyMs: 20 },
      )
    },
  }
}
