import { writeSync } from 'node:fs'
import type { Config } from '../config.ts'
import { serve } from './serve.ts'

/** Ended by a signal, as shells count it. */
const SIGNALS = { SIGTERM: 143, SIGINT: 130 } as const

/** Serves until a signal says stop; a second one does not wait. Resolves once everything has ended. */
export async function runServer(
  config: Config,
  given: Pick<Parameters<typeof serve>[1], 'version' | 'log' | 'database' | 'key'>,
): Promise<void> {
  const { log } = given
  const stop = Promise.withResolvers<void>()
  let asked = false
  const listeners = Object.entries(SIGNALS).map(([signal, code]) => {
    const listener = (): void => {
      if (asked) process.exit(code)
      asked = true
      log.info('stopping', { signal })
      stop.resolve()
    }
    process.on(signal, listener)
    return { signal, listener }
  })
  try {
    const server = await serve(config, {
      ...given,
      tell: (text) => void writeSync(2, text),
      onFatal: (error) => {
        log.error('the database stopped', { error })
        process.exit(1)
      },
    })
    await stop.promise
    await server.stop()
  } finally {
    for (const { signal, listener } of listeners) process.off(signal, listener)
  }
}
