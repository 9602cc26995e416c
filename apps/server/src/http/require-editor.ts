import { type GovernancePorts, readView } from '@gatehouse/application'
import { DomainError, EDITOR } from '@gatehouse/domain'
import type { SignedInContext } from './context.ts'
import { rolesOf } from './roles-of.ts'

/** @throws DomainError `refused` unless the session's user administers everything. */
export async function requireEditor(
  ports: Pick<GovernancePorts, 'store' | 'records' | 'clock'>,
  context: SignedInContext,
): Promise<void> {
  const { allowing } = rolesOf(context, await readView(ports, context.signal))
  if (allowing.some(({ name }) => name === EDITOR)) return
  throw new DomainError({
    code: 'refused',
    message: 'This is for administrators: it needs the role "editor".',
    remedy: 'Ask an administrator to do it, or to give you that role.',
  })
}
