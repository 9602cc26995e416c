import { closeSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What the engine asks of a disk apart from PGlite's own reads and writes: above all, to keep things. The power-loss
 * tests put a disk here that records what it was asked to keep.
 */
export interface Disk {
  makeFolder(path: string): void
  writeFile(path: string, content: Uint8Array): void
  rename(from: string, to: string): void
  removeTree(path: string): void
  /** Returns when the file's content survives a power loss. */
  flushFile(path: string, descriptor: number): void
  /** Returns when the names in the folder survive a power loss. */
  flushFolder(path: string): void
  flushTree(path: string): Promise<void>
}

/** As many as libuv has threads for: the flushes of one moment share one journal commit. */
const FLUSHES_AT_ONCE = 4

export const nodeDisk: Disk = {
  makeFolder: (path) => void mkdirSync(path, { recursive: true, mode: 0o700 }),
  writeFile: (path, content) => writeFileSync(path, content, { mode: 0o600 }),
  rename: renameSync,
  removeTree: (path) => rmSync(path, { recursive: true, force: true }),
  // fdatasync also keeps the size, which is all the metadata that reading the content again needs.
  flushFile: (_path, descriptor) => fdatasyncSync(descriptor),
  flushFolder(path) {
    const descriptor = openSync(path, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  },
  async flushTree(path) {
    const entries = await readdir(path, { recursive: true, withFileTypes: true })
    const paths = [path, ...entries.map((entry) => join(entry.parentPath, entry.name))]
    await Promise.all(Array.from({ length: FLUSHES_AT_ONCE }, () => flushAll(paths)))
  },
}

/** Takes paths off the list until none are left; several run side by side on one list. */
async function flushAll(paths: string[]): Promise<void> {
  for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
    await using handle = await open(path, 'r')
    await handle.sync()
  }
}
