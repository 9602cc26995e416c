import { AwsError } from '../http/aws-error.ts'
import { ACCOUNT_ACCESS } from '../sso-oidc/grant-types.ts'
import type { User } from '../world/records.ts'
import type { OidcToken } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'

/** Until when a running session serves somebody who was disabled (IAM Identity Center User Guide, "Authentication"). */
const DISABLED_USER_GRACE_MS = 3_600_000

export interface Bearer {
  readonly user: User
  readonly token: OidcToken
}

/** @throws AwsError UnauthorizedException for a token that is unknown, expired, of another Region or of nobody */
export function getBearer(
  world: World,
  { accessToken, region }: { readonly accessToken?: string | undefined; readonly region?: string | undefined },
  now: number,
): Bearer {
  const token = world.accessTokens.get(accessToken ?? '')
  if (token === undefined || token.expiresAt <= now) throw unauthorized()
  if (region !== undefined && region !== world.home().region) throw unauthorized()
  // A registration without scopes is one of the old kind, which could do nothing else.
  if (token.scopes.length > 0 && !token.scopes.includes(ACCOUNT_ACCESS)) throw unauthorized()
  const user = world.users.get(token.userId)
  if (user === undefined) throw unauthorized()
  if (!user.active && user.updatedAt + DISABLED_USER_GRACE_MS <= now) throw unauthorized()
  return { user, token }
}

/** Whose token a call carries, whether or not it still works. */
export function findHolder(world: World, input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('accessToken' in input)) return undefined
  const userId = world.accessTokens.get(String(input.accessToken))?.userId
  return userId === undefined ? undefined : world.users.get(userId)?.userName
}

function unauthorized(): AwsError {
  return new AwsError('UnauthorizedException', 'Session token not found or invalid', { status: 401 })
}
