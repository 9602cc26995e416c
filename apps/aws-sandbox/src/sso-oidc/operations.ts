import type { Operation } from '../world/operation.ts'
import { createToken } from './create-token.ts'
import { registerClient } from './register-client.ts'
import { startDeviceAuthorization } from './start-device-authorization.ts'

export const ssoOidcOperations: readonly Operation[] = [registerClient, startDeviceAuthorization, createToken]
