import {
  eventsOfChanges,
  type GovernanceChange,
  parseUserName,
  type User,
  viewAfter,
  DomainError,
} from '@gatehouse/domain'
import { notFound } from '../documents/not-found.ts'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'

/** Gives a user another name; the id, and with it everything he has, stays. @throws DomainError `not-found`, `already-exists` */
export async function renameUser(
  ports: ReadPorts,
  command: { readonly actor: Actor; readonly name: string; readonly newName: string },
  signal: AbortSignal,
): Promise<User> {
  const newName = parseUserName(command.newName)
  return decide(
    ports,
    ({ view, now }) => {
      const acting = actingAs(command.actor, { view, now })
      demand(acting, 'update', 'user')
      const isNamed = (name: string) => (candidate: User) => candidate.name.toLowerCase() === name.toLowerCase()
      const before = view.users.find(isNamed(command.name))
      if (!before)
        throw notFound(
          'user',
          command.name,
          view.users.map(({ name }) => name),
        )
      demand(acting, 'update', 'user', before)
      demand(acting, 'update', 'user', { name: newName, labels: before.labels })
      const other = view.users.find(isNamed(newName))
      if (other && other.id !== before.id)
        throw new DomainError({ code: 'already-exists', kind: 'user', name: other.name })
      const user = { ...before, name: newName, revision: before.revision + 1 }
      const changes: GovernanceChange[] = before.name === newName ? [] : [{ put: 'user', user }]
      return {
        changes,
        events: eventsOfChanges(changes, view, viewAfter(view, changes), now, acting.name),
        result: user,
      }
    },
    signal,
  )
}
