import type { Config } from '../config.ts'
import type { ServerPorts } from '../ports.ts'
import { auditHandlers } from './audit-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { notYet } from './not-yet.ts'
import { signInHandlers } from './sign-in-handlers.ts'
import type { Throttle } from './throttle.ts'

export interface HandlerPorts extends ServerPorts {
  readonly throttle: Throttle
}

/** One handler per endpoint, feature by feature. */
export function createHandlers(ports: HandlerPorts, config: Config): ServerHandlers {
  return {
    ...notYet(),
    ...signInHandlers(ports, config),
    ...auditHandlers(ports),
  }
}
