import { DomainError, effectiveRoles, requestCapabilities, type RequestCapabilities } from '@gatehouse/domain'
import { type Actor, actingAs, demand, personOf } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'

/**
 * What the caller may ask for, or somebody else for whoever may read users.
 * @throws DomainError `not-found`, `refused`
 */
export async function readCapabilities(
  ports: ReadPorts,
  query: { readonly actor: Actor; readonly user?: string },
  signal: AbortSignal,
): Promise<RequestCapabilities> {
  const reading = await readView(ports, signal)
  const { view, now } = reading
  const acting = actingAs(query.actor, reading)
  const wanted = query.user?.toLowerCase()
  if (wanted === undefined || wanted === acting.user?.name.toLowerCase()) {
    const { user } = personOf(acting)
    return requestCapabilities(user, effectiveRoles(user, view, now), view, now)
  }
  demand(acting, 'read', 'user')
  const user = view.users.find(({ name }) => name.toLowerCase() === wanted)
  if (!user) throw new DomainError({ code: 'not-found', kind: 'user', name: query.user ?? '' })
  demand(acting, 'read', 'user', user)
  return requestCapabilities(user, effectiveRoles(user, view, now), view, now)
}
