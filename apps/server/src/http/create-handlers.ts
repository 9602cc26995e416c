import type { Config } from '../config.ts'
import type { ServerPorts } from '../ports.ts'
import { accessListHandlers } from './access-list-handlers.ts'
import { accessRequestHandlers } from './access-request-handlers.ts'
import { adoptedHandlers } from './adopted-handlers.ts'
import { auditHandlers } from './audit-handlers.ts'
import { bundleHandlers } from './bundle-handlers.ts'
import { deviceCodeHandlers } from './device-code-handlers.ts'
import { documentHandlers } from './document-handlers.ts'
import { engineHandlers } from './engine-handlers.ts'
import { enrolmentHandlers } from './enrolment-handlers.ts'
import { explainHandlers } from './explain-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { organizationLifeHandlers } from './organization-life-handlers.ts'
import { organizationHandlers } from './organization-handlers.ts'
import { ownAccountHandlers } from './own-account-handlers.ts'
import { previewHandlers } from './preview-handlers.ts'
import { resourceHandlers } from './resource-handlers.ts'
import { reviewDraftHandlers } from './review-draft-handlers.ts'
import { samlHandlers } from './saml-handlers.ts'
import { signInHandlers } from './sign-in-handlers.ts'
import { taskHandlers } from './task-handlers.ts'
import type { Throttle } from './throttle.ts'
import { userHandlers } from './user-handlers.ts'

export interface HandlerPorts extends ServerPorts {
  readonly throttle: Throttle
}

/** One handler per endpoint, feature by feature. */
export function createHandlers(ports: HandlerPorts, config: Config): ServerHandlers {
  return {
    ...signInHandlers(ports, config),
    ...ownAccountHandlers(ports, config),
    ...deviceCodeHandlers(ports, config),
    ...documentHandlers(ports, config),
    ...explainHandlers(ports),
    ...userHandlers(ports, config),
    ...accessListHandlers(ports),
    ...reviewDraftHandlers(ports),
    ...accessRequestHandlers(ports, config),
    ...resourceHandlers(ports, config),
    ...bundleHandlers(ports, config),
    ...auditHandlers(ports, config),
    ...taskHandlers(ports),
    ...organizationHandlers(ports, config),
    ...enrolmentHandlers(ports, config),
    ...previewHandlers(ports, config),
    ...organizationLifeHandlers(ports, config),
    ...samlHandlers(ports, config),
    ...engineHandlers(ports),
    ...adoptedHandlers(ports),
  }
}
