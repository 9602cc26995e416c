import { join } from 'node:path'
import { DurableFileSystem, type EmscriptenModule, type EngineFailure } from '../engine/durable-file-system.ts'
import type { RecordingDisk } from './recording-disk.ts'

/**
 * The engine's file system, which also tells a `RecordingDisk` what PGlite does to the files. Without `flushes` it
 * is PGlite's own as shipped, where a flush does nothing.
 */
export class RecordingFileSystem extends DurableFileSystem {
  readonly #recording: RecordingDisk
  readonly #flushes: boolean

  constructor(folder: string, recording: RecordingDisk, fail: EngineFailure, { flushes }: { flushes: boolean }) {
    super(folder, recording, fail)
    this.#recording = recording
    this.#flushes = flushes
  }

  protected override installHooks(module: EmscriptenModule): void {
    if (this.#flushes) super.installHooks(module)
    const { NODEFS } = module
    const { node_ops: names, stream_ops: streams } = NODEFS
    const recording = this.#recording
    const at = (folder: unknown, name: string): string => join(NODEFS.realPath(folder), name)

    names.mknod = after(names.mknod, (_result, folder, name) => recording.created(at(folder, name)))
    names.unlink = after(names.unlink, (_result, folder, name) => recording.removed(at(folder, name)))
    names.rmdir = after(names.rmdir, (_result, folder, name) => recording.removed(at(folder, name)))
    const rename = names.rename
    names.rename = (node, folder, name) => {
      const from = NODEFS.realPath(node)
      rename(node, folder, name)
      recording.renamed(from, at(folder, name))
    }
    names.setattr = after(names.setattr, (_result, node, { size }) => {
      if (size !== undefined) recording.resized(NODEFS.realPath(node), size)
    })
    streams.setattr = after(streams.setattr, (_result, { node }, { size }) => {
      if (size !== undefined) recording.resized(NODEFS.realPath(node), size)
    })
    streams.write = after(streams.write, (written, stream, _buffer, _offset, _length, position) =>
      recording.wrote(NODEFS.realPath(stream.node), position, written),
    )
  }
}

function after<Args extends unknown[], Result>(
  operation: (...args: Args) => Result,
  tell: (result: Result, ...args: Args) => void,
): (...args: Args) => Result {
  return (...args) => {
    const result = operation(...args)
    tell(result, ...args)
    return result
  }
}
