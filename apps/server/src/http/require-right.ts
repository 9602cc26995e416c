import type { Definition } from '@gatehouse/api'
import { type GovernancePorts, readView } from '@gatehouse/application'
import { mayActOnKind, refusalOf } from '@gatehouse/domain'
import type { SignedInContext } from './context.ts'
import { rolesOf } from './roles-of.ts'

/** What can be asked before the record is known. @throws DomainError `refused`, naming verb and kind */
export async function requireRight(
  ports: Pick<GovernancePorts, 'store' | 'records' | 'clock'>,
  context: SignedInContext,
  { verb, kind }: NonNullable<Definition['needs']>,
): Promise<void> {
  const roles = rolesOf(context, await readView(ports, context.signal))
  if (!mayActOnKind(roles, verb, kind)) throw refusalOf(roles, verb, kind)
}
