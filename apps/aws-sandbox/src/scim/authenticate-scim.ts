import { AwsError } from '../http/aws-error.ts'
import type { World } from '../world/world.ts'
import { unauthorized } from './scim-error.ts'

/** A wrong tenant is refused like a wrong token. @throws AwsError 401, or 403 when the directory takes no SCIM */
export function authenticateScim(world: World, authorization: string | undefined, params: unknown) {
  const [, secret] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? []
  const token = [...world.scimTokens.values()].find((known) => known.secret === secret)
  if (token === undefined || token.expiresAt <= world.clock.now()) throw unauthorized()
  if (Object(params).tenantId !== world.home().scimTenantId) throw unauthorized()
  if (world.home().identitySource.kind !== 'external') {
    const detail = 'Automatic provisioning needs an external identity provider.'
    throw new AwsError('AccessDeniedException', detail, { status: 403 })
  }
}
