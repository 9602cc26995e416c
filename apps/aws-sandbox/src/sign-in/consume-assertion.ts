import { demand, SamlRefusal } from '../saml/saml-refusal.ts'
import type { TrustedAssertion } from '../saml/validate-response.ts'
import type { User } from '../world/records.ts'
import type { PortalSession } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'
import { startSession } from './sessions.ts'

/** Reported by users: a session that the identity provider sets no end to lasts this long, whatever is configured. */
const UNLIMITED_SESSION_MS = 8 * 3_600_000

export interface SignedIn {
  readonly session: PortalSession
  /** What the portal was asked for before it asked the identity provider; absent when it had not asked. */
  readonly returnTo?: string | undefined
}

/**
 * Signs somebody in by an assertion, which works once.
 * @throws SamlRefusal
 */
export function consumeAssertion(
  world: World,
  { assertion, relayState }: { readonly assertion: TrustedAssertion; readonly relayState: string },
  now: number,
): SignedIn {
  demandFirstUse(world, assertion, now)
  const returnTo = takeRequest(world, assertion, { relayState, now })
  const user = getUser(world, assertion.nameId)
  const { sessionNotOnOrAfter } = assertion
  const expiresAt =
    sessionNotOnOrAfter === undefined
      ? now + UNLIMITED_SESSION_MS
      : Math.min(now + world.knobs.portalSessionDuration, sessionNotOnOrAfter)
  return { session: startSession(world, { userId: user.id, expiresAt, tags: assertion.tags }, now), returnTo }
}

function demandFirstUse(world: World, { id, usableUntil }: TrustedAssertion, now: number) {
  demand(!world.usedAssertions.has(id), 'The assertion has been used before.')
  const old = [...world.usedAssertions.values()].filter(({ expiresAt }) => expiresAt <= now)
  for (const used of old) world.usedAssertions.delete(used.id)
  world.usedAssertions.set(id, { id, expiresAt: usableUntil })
}

function takeRequest(
  world: World,
  { inResponseTo }: TrustedAssertion,
  { relayState, now }: { readonly relayState: string; readonly now: number },
): string | undefined {
  if (inResponseTo === undefined) return undefined
  const request = world.authnRequests.get(inResponseTo)
  demand(request !== undefined, `Nobody asked with the request ${inResponseTo}, or it is answered already.`)
  world.authnRequests.delete(inResponseTo)
  demand(request.expiresAt > now, 'The request that is answered is too old.')
  demand(request.relayState === relayState, 'RelayState is not the one that came with the request.')
  return request.returnTo
}

/** Nobody is made by signing in, and names count to the letter. */
function getUser(world: World, nameId: string): User {
  const [user] = world.users.by('userName', nameId.toLowerCase())
  if (user === undefined) throw new SamlRefusal(`Nobody has the user name ${nameId}.`, 'Invalid MFA credentials')
  demand(user.userName === nameId, `The NameID ${nameId} is not to the letter the user name ${user.userName}.`)
  demand(user.active, `The user ${user.userName} is disabled.`)
  return user
}
