import {
  denialOfSignIn,
  effectiveRoles,
  heldGrants,
  opensFor,
  type Organization,
  requestableGrants,
  searchRoles,
  type ServiceProvider,
  type SignInDenial,
} from '@gatehouse/domain'
import { type Actor, actingAs, personOf } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readHoldings } from '../governance/read-holdings.ts'
import { readView } from '../governance/read-view.ts'

/** What somebody signs in to through here, or may ask to. */
export type ListedApplication = {
  readonly access: 'granted' | 'requestable'
  /** Why signing in would be refused, though there is something to sign in to. */
  readonly denial: SignInDenial | undefined
} & (
  | { readonly kind: 'identity-center'; readonly organization: Organization }
  | { readonly kind: 'saml'; readonly provider: ServiceProvider }
)

/**
 * Identity Center is there for whoever has an account assignment, also when he may not sign in to it yet, and for whoever
 * may ask for one. Other applications are there for whom their labels let in, and who may ask to be.
 */
export async function listApplications(
  ports: ReadPorts,
  actor: Actor,
  signal: AbortSignal,
): Promise<readonly ListedApplication[]> {
  const reading = await readView(ports, signal)
  const { view, now, organization } = reading
  const { user } = personOf(actingAs(actor, reading))
  const assumed = actor.kind === 'user' ? actor.assumed : []
  const roles = effectiveRoles(user, view, now)
  const found: ListedApplication[] = []
  if (organization) {
    const holdings = await readHoldings(ports, reading, { user: user.id, signal })
    const has = holdings.direct.size + holdings.throughGroups.size + heldGrants(user, view, now).size > 0
    const mayAsk = requestableGrants(user, roles, view, now).keys()[Symbol.iterator]().next().done !== true
    const provider = view.serviceProviders.find(({ preset }) => preset === 'aws-identity-center')
    const own = provider
      ? denialOfSignIn(
          effectiveRoles(user, view, now, { assumed, application: provider.name }),
          provider.labels,
          provider.name,
        )
      : denialOfSignIn(roles)
    if (has || mayAsk)
      found.push({ kind: 'identity-center', organization, access: has ? 'granted' : 'requestable', denial: own })
  }
  const offered = searchRoles(roles, view)
  for (const provider of view.serviceProviders.filter(({ preset }) => preset !== 'aws-identity-center')) {
    const { name, labels } = provider
    const denial = denialOfSignIn(effectiveRoles(user, view, now, { assumed, application: name }), labels, name)
    if (!denial) found.push({ kind: 'saml', provider, access: 'granted', denial: undefined })
    else if (offered.some((reference) => opensFor(reference, name, { roles, view })))
      found.push({ kind: 'saml', provider, access: 'requestable', denial: undefined })
  }
  return found
}
