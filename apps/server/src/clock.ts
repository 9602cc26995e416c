import { readFileSync } from 'node:fs'
import type { Clock, Log } from '@gatehouse/application'
import {
  DomainError,
  type Duration,
  type Instant,
  instantFromMillis,
  milliseconds,
  parseDuration,
} from '@gatehouse/domain'

/** How often the offset file is looked at; a test that moves the clock waits about as long. */
const REREAD_MS = 100
/** Longer timers overflow in Node; one that wakes early looks at the clock and sleeps on. */
const LONGEST_TIMER_MS = 3_600_000

export interface ServerClock extends Clock {
  stop(): void
}

/** The system's clock; with a file, moved by the duration in it, and every waiter wakes when that jumps. */
export function createClock(options: { readonly offsetFile?: string | undefined; readonly log: Log }): ServerClock {
  const { offsetFile, log } = options
  let offset = offsetFile === undefined ? milliseconds(0) : readOffset(offsetFile)
  const waiting = new Set<() => void>()
  const now = (): Instant => instantFromMillis(Date.now() + offset)

  const watch =
    offsetFile === undefined
      ? undefined
      : setInterval(() => {
          const next = tryReadOffset(offsetFile, log)
          if (next === undefined || next === offset) return
          offset = next
          log.info('clock moved', { offsetMs: offset })
          for (const wake of waiting) wake()
        }, REREAD_MS)
  watch?.unref()

  return {
    now,
    stop: () => clearInterval(watch),
    waitUntil(instant, signal) {
      return new Promise((resolve, reject) => {
        let timer: NodeJS.Timeout | undefined
        const end = (): void => {
          clearTimeout(timer)
          waiting.delete(look)
          signal.removeEventListener('abort', abort)
        }
        const abort = (): void => {
          end()
          reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
        }
        const look = (): void => {
          clearTimeout(timer)
          const left = instant - now()
          if (left > 0) {
            timer = setTimeout(look, Math.min(left, LONGEST_TIMER_MS))
            return
          }
          end()
          resolve()
        }
        if (signal.aborted) return abort()
        waiting.add(look)
        signal.addEventListener('abort', abort, { once: true })
        look()
      })
    },
  }
}

/** Written by a program in the middle of a test, so half a file may be seen: then the clock stays until the next look. */
function tryReadOffset(file: string, log: Log): Duration | undefined {
  try {
    return readOffset(file)
  } catch {
    log.warn('clock offset file can not be read', { file })
    return undefined
  }
}

/** An empty or missing file means no offset; `-90m` moves back. @throws DomainError `invalid-value` */
function readOffset(file: string): Duration {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return milliseconds(0)
    throw error
  }
  if (text === '') return milliseconds(0)
  const back = text.startsWith('-')
  const duration = parseDuration(/^[+-]?\d+$/.test(text) ? `${text.replace(/^[+-]/, '')}ms` : text.replace(/^[+-]/, ''))
  if (!Number.isSafeInteger(duration))
    throw new DomainError({ code: 'invalid-value', text, expected: 'a duration such as 90m' })
  return milliseconds(duration * (back ? -1 : 1))
}
