import { randomUUID } from 'node:crypto'
import { newSecret } from '../sso-oidc/new-secret.ts'
import type { PortalSession } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'

/** A sign-in at the access portal, by whatever proof. */
export function startSession(
  world: World,
  { userId, expiresAt, tags }: Pick<PortalSession, 'userId' | 'expiresAt' | 'tags'>,
  now: number,
): PortalSession {
  const session: PortalSession = {
    id: randomUUID(),
    secret: newSecret(48),
    userId,
    startedAt: now,
    expiresAt,
    tags,
  }
  world.portalSessions.set(session.id, session)
  return session
}

/** A sign-in that has not ended, of a user who still may sign in. */
export function findLiveSession(world: World, id: string, now: number): PortalSession | undefined {
  const session = world.portalSessions.get(id)
  if (session === undefined || session.expiresAt <= now) return undefined
  return world.users.get(session.userId)?.active === true ? session : undefined
}

/** Access tokens go on until they expire, and can't be renewed. */
export function endSession(world: World, id: string): void {
  world.portalSessions.delete(id)
}
