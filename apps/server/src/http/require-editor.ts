import type { SignInPorts } from '@gatehouse/application'
import { DomainError, EDITOR } from '@gatehouse/domain'
import type { SignedInContext } from './context.ts'
import { rolesOf } from './standing-of.ts'

/** @throws DomainError `refused` unless the session's user administers everything. */
export async function requireEditor(
  ports: Pick<SignInPorts, 'records' | 'clock'>,
  context: SignedInContext,
): Promise<void> {
  const records = await ports.records.read(context.signal)
  const { allowing } = rolesOf(context, records, ports.clock.now())
  if (allowing.some(({ name }) => name === EDITOR)) return
  throw new DomainError({
    code: 'refused',
    message: 'This is for administrators: it needs the role "editor".',
    remedy: 'Ask an administrator to do it, or to give you that role.',
  })
}
