import {
  applyDocuments,
  type DocumentWarning,
  parseUserName,
  readNoServiceProvider,
  type RoleName,
  type Traits,
  type User,
  type UserId,
  DomainError,
} from '@gatehouse/domain'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'

export interface AddUserCommand {
  readonly actor: Actor
  readonly name: string
  readonly roles: readonly string[]
  readonly traits?: Traits
}

/** Creates a user. @throws DomainError `already-exists`, `not-found` for a role, `invalid-value` */
export async function addUser(
  ports: Pick<GovernancePorts, 'store' | 'records' | 'clock' | 'ids'>,
  command: AddUserCommand,
  signal: AbortSignal,
): Promise<{ user: User; warnings: readonly DocumentWarning[] }> {
  const name = parseUserName(command.name)
  // Names of roles are checked against the records by the rules below.
  const document = {
    kind: 'user',
    name,
    labels: {},
    roles: command.roles as readonly RoleName[],
    traits: command.traits ?? {},
  } as const
  return decide(
    ports,
    ({ view, now }) => {
      const by = actingAs(command.actor, { view, now })
      demand(by, 'create', 'user')
      const newUserId = (): UserId => ports.ids.uuid() as UserId // a UUID is a user id once somebody is given it
      const applied = applyDocuments([{ document, line: 1, warnings: [] }], {
        view,
        now,
        mode: 'create',
        by,
        newUserId,
        readServiceProvider: readNoServiceProvider,
      })
      const user = applied.after.users.find((candidate) => candidate.name === name)
      if (!user) throw new DomainError({ code: 'not-found', kind: 'user', name })
      return { ...applied, result: { user, warnings: applied.warnings } }
    },
    signal,
  )
}
