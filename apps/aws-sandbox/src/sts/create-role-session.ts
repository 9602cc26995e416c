import { randomBytes } from 'node:crypto'
import { createSecretKey, createUniqueId } from '../iam/unique-id.ts'
import type { IamRole, Session, Tags } from '../world/records.ts'
import type { World } from '../world/world.ts'

export interface SessionRequest {
  readonly role: IamRole
  readonly sessionName: string
  readonly durationSeconds: number
  /** Session policies: they can only narrow what the role allows. */
  readonly policies: readonly string[]
  readonly policyArns: readonly string[]
  readonly tags: Tags
}

/** An expired session is remembered this long, so that its bearer hears "expired" rather than "invalid". */
const REMEMBER_EXPIRED = 24 * 3_600_000

/** Temporary credentials of a role. They live on the sandbox's clock and can't be called back, as in AWS. */
export function createRoleSession(world: World, request: SessionRequest, now: number): Session {
  forgetOldSessions(world, now)
  const session: Session = {
    accessKeyId: createUniqueId('ASIA', 16),
    secret: createSecretKey(),
    token: `IQoJ${randomBytes(240).toString('base64')}`,
    accountId: request.role.accountId,
    roleName: request.role.name,
    sessionName: request.sessionName,
    policies: request.policies,
    policyArns: request.policyArns,
    tags: request.tags,
    createdAt: now,
    expiresAt: now + request.durationSeconds * 1_000,
  }
  world.sessions.set(session.accessKeyId, session)
  return session
}

/** `Credentials` and `AssumedRoleUser`, as all operations of the AssumeRole family answer. */
export function presentRoleSession(session: Session, role: IamRole): object {
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secret,
      SessionToken: session.token,
      Expiration: new Date(session.expiresAt),
    },
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${session.sessionName}`,
      Arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${session.sessionName}`,
    },
  }
}

function forgetOldSessions(world: World, now: number): void {
  const old = [...world.sessions.values()].filter(({ expiresAt }) => expiresAt + REMEMBER_EXPIRED < now)
  for (const { accessKeyId } of old) world.sessions.delete(accessKeyId)
}
