import type { AwsError } from '../http/aws-error.ts'
import { findLiveSession } from '../sign-in/sessions.ts'
import type { DeviceAuthorization, OidcClient, PortalSession } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'
import { oidcError } from './oidc-error.ts'

/** RFC 8628, 3.5: every slow_down adds this many seconds to the interval. */
const SLOW_DOWN_SECONDS = 5

type Poll = { readonly session: PortalSession } | { readonly refusal: AwsError }

/** A device asks whether its code was confirmed. A code that was is spent by the asking. */
export function pollDevice(world: World, client: OidcClient, deviceCode: string, now: number): Poll {
  const authorization = world.deviceAuthorizations.get(deviceCode)
  if (authorization?.clientId !== client.id) return { refusal: oidcError('InvalidGrantException') }
  if (authorization.state === 'spent') return { refusal: oidcError('InvalidGrantException') }
  if (authorization.expiresAt <= now) return { refusal: oidcError('ExpiredTokenException') }
  switch (authorization.state) {
    case 'denied':
      return { refusal: oidcError('AccessDeniedException') }
    case 'pending':
      return { refusal: wait(world, authorization, now) }
    case 'approved': {
      world.deviceAuthorizations.set(deviceCode, { ...authorization, state: 'spent' })
      const session = findLiveSession(world, authorization.sessionId ?? '', now)
      return session === undefined ? { refusal: oidcError('InvalidGrantException') } : { session }
    }
  }
}

/** The AWS CLI asks twice before it waits for the first time, so a few polls may come at once. */
function wait(world: World, authorization: DeviceAuthorization, now: number): AwsError {
  const { interval, polls, deviceCode } = authorization
  const earned = (now - polls.at) / (interval * 1_000)
  const left = Math.min(world.knobs.devicePollBurst, polls.left + Math.max(earned, 0))
  const isHasty = left < 1
  world.deviceAuthorizations.set(deviceCode, {
    ...authorization,
    interval: isHasty ? interval + SLOW_DOWN_SECONDS : interval,
    polls: { left: isHasty ? left : left - 1, at: now },
  })
  return oidcError(isHasty ? 'SlowDownException' : 'AuthorizationPendingException')
}
