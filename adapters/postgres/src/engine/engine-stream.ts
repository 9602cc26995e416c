import { Duplex } from 'node:stream'
import type { EngineLink } from './engine-link.ts'

/**
 * The socket that `pg` believes it talks through. With it the ordinary client, its pool and its type parsers serve the
 * embedded database too, and both kinds of database answer alike to the byte.
 */
export class EngineStream extends Duplex {
  readonly #link: EngineLink

  constructor(link: EngineLink) {
    super()
    this.#link = link
    link.onFatal((error) => this.destroy(error))
  }

  connect(): this {
    queueMicrotask(() => this.emit('connect'))
    return this
  }

  /** `pg` corks the messages of one query, so a query is one round trip. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send(chunk, done)
  }

  override _read(): void {}

  override _final(done: () => void): void {
    this.push(null)
    done()
  }

  /** The engine has one session for all connections, so each must leave it as a new connection would find it. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const reset = [this.#link.exec(simpleQuery('rollback')), this.#link.exec(simpleQuery('discard all'))]
    Promise.allSettled(reset).then(
      () => done(error),
      () => done(error),
    )
  }

  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}

  #send(message: Buffer, done: (error?: Error | null) => void): void {
    this.#link.exec(message).then(
      (answer) => {
        this.push(answer)
        done()
      },
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    )
  }
}

/** A `Query` message (PostgreSQL documentation, "Message Formats"). */
function simpleQuery(sql: string): Uint8Array {
  const text = Buffer.from(`${sql}\0`)
  const head = Buffer.alloc(5)
  head.write('Q')
  head.writeInt32BE(text.length + 4, 1)
  return Buffer.concat([head, text])
}
