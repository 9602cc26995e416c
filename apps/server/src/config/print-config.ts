import { type Duration, formatDuration } from '@gatehouse/domain'
import { stringify } from 'yaml'
import type { Config } from '../config.ts'

/** The settings in force as a file that could be given with `--config`, but for secrets. */
export function printConfig(config: Config): string {
  const { sessions } = config
  const shown = {
    ...config,
    databaseUrl: config.databaseUrl?.toString(),
    sessions: { lifetime: text(sessions.lifetime), idleTimeout: text(sessions.idleTimeout) },
  }
  return stringify(shown, { keepUndefined: false })
}

const text = (duration: Duration): string => formatDuration(duration)
