import { Writable } from 'node:stream'
import type { Log } from '@gatehouse/application'
import { pino } from 'pino'

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly format: 'auto' | 'json' | 'text'
  /** Default: the process's stderr, because stdout is for data. */
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

/** Values of these names never reach a line, wherever they stand. */
const SECRET_NAMES = [
  'password',
  'token',
  'scimToken',
  'secret',
  'authorization',
  'cookie',
  'set-cookie',
  'databaseUrl',
]

export function createLog(options: LogOptions): Log {
  const stream = options.stream ?? process.stderr
  const isText = options.format === 'text' || (options.format === 'auto' && stream.isTTY === true)
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_NAMES.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
        censor: '[secret]',
      },
    },
    isText ? textLines(stream) : stream,
  )
  return {
    info: (message, values) => logger.info(readable(values), message),
    warn: (message, values) => logger.warn(readable(values), message),
    error: (message, values) => logger.error(readable(values), message),
  }
}

/** Errors in full, wherever they stand. */
function readable(values: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      value instanceof Error ? pino.stdSerializers.errWithCause(value) : value,
    ]),
  )
}

/** One line for people: time, level, message, then the values. */
function textLines(stream: NodeJS.WritableStream): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const { level, time, msg, ...values } = JSON.parse(chunk.toString('utf8')) as Record<string, unknown>
      const details = Object.entries(values).map(([key, value]) => ` ${key}=${show(value)}`)
      stream.write(`${String(time)} ${String(level).padEnd(5)} ${String(msg)}${details.join('')}\n`)
      done()
    },
  })
}

function show(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'stack' in value) return `\n  ${String(value.stack)}`
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /[\s"]/.test(text) && typeof value === 'string' ? JSON.stringify(text) : text
}
