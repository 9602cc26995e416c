import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { nodeDisk, type Disk } from '../engine/disk.ts'

/** What a disk writes as a whole at least; PostgreSQL's pages of 8 kB can be torn in the middle. */
const SECTOR = 4096

interface RecordedFile {
  readonly kind: 'file'
  readonly inode: number
  /** What was flushed. */
  readonly sectors: Map<number, Buffer>
  size: number
  /** Written since. */
  readonly dirty: Set<number>
}
interface RecordedFolder {
  readonly kind: 'folder'
  /** Names that were flushed, and those there are. */
  kept: Map<string, Recorded>
  readonly current: Map<string, Recorded>
}
type Recorded = RecordedFile | RecordedFolder

/** Decides what reaches the disk although nobody flushed it: a power loss promises neither its survival nor its loss. */
export type Survives = () => boolean

/**
 * A disk that works like any other and remembers what was flushed, to say at any moment what a power loss would leave.
 * Flushing a file keeps its content, and its name if it had none yet; names apart from that are kept by flushing their
 * folder. That is what ext4, XFS and btrfs promise at least; PostgreSQL relies on the second part for new tables.
 */
export class RecordingDisk implements Disk {
  readonly #path: string
  readonly #root: RecordedFolder = newFolder()
  /** Called after each change and before each flush, so that the power can go at exactly that moment. */
  atEachMoment: () => void = () => {}

  /** `path` may hold files already; they count as flushed. */
  constructor(path: string) {
    this.#path = path
    this.#adopt(path, this.#root)
  }

  /** Writes to `target` what would be found after a power loss now. */
  cutPower(target: string, survives: Survives): void {
    writeRemains(this.#root, this.#path, target, survives)
  }

  makeFolder(path: string): void {
    nodeDisk.makeFolder(path)
    this.created(path)
  }

  writeFile(path: string, content: Uint8Array): void {
    nodeDisk.writeFile(path, content)
    this.created(path)
    this.wrote(path, 0, content.length)
  }

  rename(from: string, to: string): void {
    nodeDisk.rename(from, to)
    this.renamed(from, to)
  }

  removeTree(path: string): void {
    nodeDisk.removeTree(path)
    this.removed(path)
  }

  flushFile(path: string, descriptor: number): void {
    this.atEachMoment()
    const file = this.#find(path)
    // Not found: the file was removed while open. A flush of it keeps nothing that a name leads to.
    if (file?.kind !== 'file' || fstatSync(descriptor).ino !== file.inode) return
    keepContent(file, path)
    this.#keepFirstName(path, file)
  }

  flushFolder(path: string): void {
    this.atEachMoment()
    const folder = this.#find(path)
    if (folder?.kind === 'folder') folder.kept = new Map(folder.current)
  }

  async flushTree(path: string): Promise<void> {
    for (const name of readdirSync(path)) {
      const inner = join(path, name)
      if (this.#find(inner)?.kind === 'folder') await this.flushTree(inner)
      else withDescriptor(inner, (descriptor) => this.flushFile(inner, descriptor))
    }
    this.flushFolder(path)
  }

  created(path: string): void {
    const { ino, isFile } = describe(path)
    const node: Recorded = isFile ? newFile(ino) : newFolder()
    this.#folderOf(path)?.current.set(nameOf(path), node)
    this.atEachMoment()
  }

  renamed(from: string, to: string): void {
    const node = this.#find(from)
    if (!node) throw new Error(`${from} was renamed but never made`)
    this.#folderOf(from)?.current.delete(nameOf(from))
    this.#folderOf(to)?.current.set(nameOf(to), node)
    this.atEachMoment()
  }

  removed(path: string): void {
    this.#folderOf(path)?.current.delete(nameOf(path))
    this.atEachMoment()
  }

  wrote(path: string, offset: number, length: number): void {
    const file = this.#find(path)
    if (file?.kind !== 'file') return
    const end = Math.ceil((offset + length) / SECTOR)
    for (let sector = Math.floor(offset / SECTOR); sector < end; sector++) file.dirty.add(sector)
    this.atEachMoment()
  }

  resized(path: string, size: number): void {
    const file = this.#find(path)
    if (file?.kind !== 'file') return
    for (const sector of file.sectors.keys()) if ((sector + 1) * SECTOR > size) file.dirty.add(sector)
    this.atEachMoment()
  }

  #adopt(path: string, folder: RecordedFolder): void {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inner = join(path, entry.name)
      const node = entry.isDirectory() ? newFolder() : newFile(statSync(inner).ino)
      folder.current.set(entry.name, node)
      if (node.kind === 'folder') this.#adopt(inner, node)
      else keepWhole(node, inner)
    }
    folder.kept = new Map(folder.current)
  }

  #keepFirstName(path: string, file: RecordedFile): void {
    const folder = this.#folderOf(path)
    if (folder && ![...folder.kept.values()].includes(file)) folder.kept.set(nameOf(path), file)
  }

  #folderOf(path: string): RecordedFolder | undefined {
    const folder = this.#find(dirname(path))
    return folder?.kind === 'folder' ? folder : undefined
  }

  #find(path: string): Recorded | undefined {
    const names = relative(this.#path, path).split(sep)
    if (names[0] === '..') return undefined
    let node: Recorded | undefined = this.#root
    for (const name of names) {
      if (name === '') continue
      node = node?.kind === 'folder' ? node.current.get(name) : undefined
    }
    return node
  }
}

function keepContent(file: RecordedFile, path: string): void {
  withDescriptor(path, (descriptor) => {
    file.size = fstatSync(descriptor).size
    for (const sector of file.dirty) file.sectors.set(sector, readSector(descriptor, sector))
  })
  file.dirty.clear()
  const end = Math.ceil(file.size / SECTOR)
  if (file.sectors.size > end) for (const sector of file.sectors.keys()) if (sector >= end) file.sectors.delete(sector)
}

function keepWhole(file: RecordedFile, path: string): void {
  const sectors = Math.ceil(statSync(path).size / SECTOR)
  for (let sector = 0; sector < sectors; sector++) file.dirty.add(sector)
  keepContent(file, path)
}

/** `path` is where the folder is now, or undefined when it is gone and only flushed things can be left. */
function writeRemains(folder: RecordedFolder, path: string | undefined, target: string, survives: Survives): void {
  mkdirSync(target, { recursive: true })
  const names = survives() ? folder.current : folder.kept
  const nowNamed = new Map([...folder.current].map(([name, node]) => [node, name]))
  for (const [name, node] of names) {
    const nameNow = nowNamed.get(node)
    const pathNow = path !== undefined && nameNow !== undefined ? join(path, nameNow) : undefined
    if (node.kind === 'folder') writeRemains(node, pathNow, join(target, name), survives)
    else writeFileSync(join(target, name), remainsOf(node, pathNow, survives))
  }
}

function remainsOf(file: RecordedFile, path: string | undefined, survives: Survives): Buffer {
  const changed = path !== undefined && (file.dirty.size > 0 || statSync(path).size !== file.size)
  const size = changed && survives() ? statSync(path).size : file.size
  const content = Buffer.alloc(size)
  for (const [sector, bytes] of file.sectors)
    content.set(bytes.subarray(0, Math.max(0, size - sector * SECTOR)), Math.min(size, sector * SECTOR))
  if (!changed) return content
  withDescriptor(path, (descriptor) => {
    for (const sector of file.dirty) {
      if (sector * SECTOR >= size || !survives()) continue
      content.set(readSector(descriptor, sector).subarray(0, size - sector * SECTOR), sector * SECTOR)
    }
  })
  return content
}

function readSector(descriptor: number, sector: number): Buffer {
  const bytes = Buffer.alloc(SECTOR)
  const length = readSync(descriptor, bytes, 0, SECTOR, sector * SECTOR)
  return bytes.subarray(0, length)
}

function withDescriptor(path: string, use: (descriptor: number) => void): void {
  const descriptor = openSync(path, 'r')
  try {
    use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function describe(path: string): { ino: number; isFile: boolean } {
  const stats = statSync(path)
  return { ino: stats.ino, isFile: stats.isFile() }
}

function newFile(inode: number): RecordedFile {
  return { kind: 'file', inode, sectors: new Map(), size: 0, dirty: new Set() }
}

function newFolder(): RecordedFolder {
  return { kind: 'folder', kept: new Map(), current: new Map() }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(sep) + 1)
}
