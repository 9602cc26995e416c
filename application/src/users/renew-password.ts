import { createPasswordLink, type NewPasswordLink } from '../sign-in/password-link.ts'
import type { SignInPorts } from '../sign-in/sign-in-ports.ts'
import { notFound } from '../documents/not-found.ts'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'

/**
 * The one-time link with which a user sets a new password, made by somebody who may change that user.
 * @throws DomainError `refused`, `not-found`
 */
export async function renewPassword(
  ports: ReadPorts & Pick<SignInPorts, 'credentials' | 'ids'>,
  command: { readonly actor: Actor; readonly name: string },
  signal: AbortSignal,
): Promise<NewPasswordLink> {
  const reading = await readView(ports, signal)
  const acting = actingAs(command.actor, reading)
  demand(acting, 'update', 'user')
  const { users } = reading.view
  const user = users.find(({ name }) => name.toLowerCase() === command.name.toLowerCase())
  if (!user)
    throw notFound(
      'user',
      command.name,
      users.map(({ name }) => name),
    )
  demand(acting, 'update', 'user', user)
  return createPasswordLink(ports, { user: user.name, by: acting.name }, signal)
}
