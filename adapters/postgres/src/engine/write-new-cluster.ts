import { PGlite } from '@electric-sql/pglite'
import type { Disk } from './disk.ts'
import { memoryStartParameters } from './start-parameters.ts'

/** The part of Emscripten's file system that reading a tree needs. */
interface MemoryTree {
  readdir(path: string): string[]
  stat(path: string): { mode: number }
  isDir(mode: number): boolean
  readFile(path: string, options: { encoding: 'binary' }): Uint8Array
}

/**
 * Makes a database cluster in `folder`, on the disk when this returns. It is made in memory and written in one go: initdb works through ten thousand
 * small reads and writes, which take several times as long through the host's file system.
 */
export async function writeNewCluster(folder: string, disk: Disk): Promise<void> {
  const lite = await PGlite.create({ startParams: memoryStartParameters })
  const tree: MemoryTree = lite.Module.FS
  await lite.close() // so that the files are those of a database that was shut down
  copyTree(tree, PGlite.paths.PGDATA, folder, disk)
  await disk.flushTree(folder)
}

function copyTree(tree: MemoryTree, from: string, to: string, disk: Disk): void {
  disk.makeFolder(to)
  for (const name of tree.readdir(from)) {
    if (name === '.' || name === '..') continue
    const source = `${from}/${name}`
    const target = `${to}/${name}`
    if (tree.isDir(tree.stat(source).mode)) copyTree(tree, source, target, disk)
    else disk.writeFile(target, tree.readFile(source, { encoding: 'binary' }))
  }
}
