import { NodeFS } from '@electric-sql/pglite/nodefs'
import type { Disk } from './disk.ts'

/** The part of Emscripten's module that file systems here change; PGlite's own types leave it out. */
export interface EmscriptenModule {
  readonly NODEFS: {
    readonly stream_ops: StreamOperations
    readonly node_ops: NameOperations
    /** The host's path of a file or folder. */
    realPath(node: unknown): string
  }
}
interface StreamOperations {
  fsync?: (stream: FileStream) => number
  write: (stream: FileStream, buffer: unknown, offset: number, length: number, position: number) => number
  setattr: (stream: FileStream, attributes: Attributes) => void
}
interface NameOperations {
  setattr: (node: unknown, attributes: Attributes) => void
  mknod: (folder: unknown, name: string, mode: number, device: number) => unknown
  rename: (node: unknown, folder: unknown, name: string) => void
  unlink: (folder: unknown, name: string) => void
  rmdir: (folder: unknown, name: string) => void
}
interface Attributes {
  readonly size?: number
}
/** An open file; `nfd` is the host's descriptor. */
interface FileStream {
  readonly nfd: number
  readonly node: unknown
}

/** Ends the engine. It may return, but nothing is answered after it. */
export type EngineFailure = (reason: string, cause?: unknown) => void

/**
 * PGlite's folder on the host, with flushes that reach the disk. As shipped (0.5.16), NodeFS has no `fsync` operation,
 * and Emscripten takes a missing one for success: PostgreSQL believes it wrote ahead while nothing left the page cache.
 */
export class DurableFileSystem extends NodeFS {
  readonly #disk: Disk
  readonly #fail: EngineFailure

  constructor(folder: string, disk: Disk, fail: EngineFailure) {
    super(folder)
    this.#disk = disk
    this.#fail = fail
  }

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const result = await super.init(...args)
    const preRun = (result.emscriptenOpts.preRun ??= [])
    // NODEFS is declared without its operations, so the hook's parameter is our description of them.
    const hooks = preRun as unknown as ((module: EmscriptenModule) => void)[]
    hooks.push((module) => this.installHooks(module))
    return result
  }

  protected installHooks({ NODEFS }: EmscriptenModule): void {
    NODEFS.stream_ops.fsync = (stream) => {
      const path = NODEFS.realPath(stream.node)
      try {
        this.#disk.flushFile(path, stream.nfd)
      } catch (error) {
        // The kernel may have dropped the pages it could not write, so a later flush would lie. Only a restart, which
        // reads the disk again, tells what was kept.
        this.#fail(`flushing ${path} failed`, error)
      }
      return 0
    }
  }
}
