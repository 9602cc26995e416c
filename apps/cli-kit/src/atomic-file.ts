import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/**
 * Replaces a file so that a reader, or a crash, finds the old text or the new one and nothing between. An existing
 * file keeps its mode and owner. `path` must not be a link: the link would be replaced.
 */
export function writeFileAtomically(path: string, bytes: Uint8Array, newMode: number): void {
  const before = statSync(path, { throwIfNoEntry: false })
  // A process killed here leaves its draft behind, and in a container the next one has the same number.
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`
  try {
    const file = openSync(draft, 'wx', 0o600)
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
      if (before && (before.uid !== process.geteuid?.() || before.gid !== process.getegid?.()))
        keepOwner(file, before.uid, before.gid)
      fchmodSync(file, before ? before.mode & 0o7777 : newMode)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
  flushFolder(dirname(path))
}

function keepOwner(file: number, user: number, group: number): void {
  try {
    fchownSync(file, user, group)
  } catch {
    // Only the administrator of the machine may give a file away; for everybody else it is then their own.
  }
}

/** A rename survives a power loss once its folder is on the disk; some systems can't flush a folder. */
function flushFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r')
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch {
    // Then the file system decides by itself, as for any other program.
  }
}
