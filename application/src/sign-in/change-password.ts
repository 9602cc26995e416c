import { auditEvent, type AuditEvent, DomainError, type Instant } from '@gatehouse/domain'
import { afterFailure } from './attempts.ts'
import type { Authenticated } from './authenticate.ts'
import { refuseWeak } from './password-link.ts'
import { refuseWhileLockedOut } from './sign-in.ts'
import type { SignInPorts } from './sign-in-ports.ts'

export interface ChangePasswordCommand extends Authenticated {
  readonly current: string
  readonly password: string
  /** Where the attempt came from, for the audit log. */
  readonly address: string
}

/**
 * Replaces one's own password and ends all other sessions. A wrong present one counts as a wrong one at sign-in does, so
 * that a session that was left open can't be used to guess.
 * @throws DomainError `invalid-value` for either password, `too-many-attempts`
 */
export async function changePassword(
  ports: Pick<SignInPorts, 'credentials' | 'clock' | 'hasher' | 'attempts'>,
  command: ChangePasswordCommand,
  signal: AbortSignal,
): Promise<void> {
  const { user, session } = command
  return ports.attempts.inTurn(user.name.toLowerCase(), async () => {
    const now = ports.clock.now()
    const before = await ports.credentials.findPassword(user.id, signal)
    refuseWhileLockedOut(before, now)
    refuseWeak(command.password, user)
    if (!(await ports.hasher.verify(command.current, before?.hash))) {
      const event = changeEvent(command, { now, error: 'wrong password' })
      await ports.credentials.recordFailure(user.id, afterFailure(before, now), [event], signal)
      throw new DomainError({ code: 'invalid-value', field: 'current', text: '…', expected: 'your present password' })
    }
    const hash = await ports.hasher.hash(command.password)
    const changed = { user: user.id, hash, keepingSession: session.tokenHash }
    await ports.credentials.setPassword(changed, [changeEvent(command, { now })], signal)
  })
}

function changeEvent(
  { user, address }: ChangePasswordCommand,
  { now, error }: { readonly now: Instant; readonly error?: string },
): AuditEvent {
  return auditEvent('user.password_change', {
    time: now,
    user: user.name,
    success: error === undefined,
    subjects: [`user:${user.id}`],
    fields: { by: 'its user', remote: address, ...(error === undefined ? {} : { success: false, error }) },
  })
}
