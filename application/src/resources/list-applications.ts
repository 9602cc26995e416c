import {
  denialOfSignIn,
  effectiveRoles,
  heldGrants,
  opensFor,
  type Organization,
  organizationOfProvider,
  type OrganizationView,
  type PermissionSetArn,
  requestableGrants,
  searchRoles,
  type ServiceProvider,
  type SignInDenial,
  type View,
} from '@gatehouse/domain'
import { type Actor, actingAs, personOf } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readEachHoldings } from '../governance/read-holdings.ts'
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
  const { view, now, enrolled } = reading
  const { user } = personOf(actingAs(actor, reading))
  const assumed = actor.kind === 'user' ? actor.assumed : []
  const roles = effectiveRoles(user, view, now)
  const found: ListedApplication[] = []
  const holdings = await readEachHoldings(ports, enrolled, { user: user.id, signal })
  const requestable = requestableGrants(user, roles, view, now)
  for (const one of enrolled) {
    const { organization, catalogue } = one
    const holds = holdings.get(organization.id)
    const has = (holds?.direct.size ?? 0) + (holds?.throughGroups.size ?? 0) + heldGrants(user, one, now).size > 0
    const mayAsk = catalogue.accounts.keys().some((account) => offersIn(requestable.inAccount(account), one))
    const provider = providerLeadingTo(one, view)
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

const offersIn = (sets: ReadonlySet<PermissionSetArn>, { catalogue }: OrganizationView): boolean =>
  sets.values().some((arn) => catalogue.permissionSets.has(arn))

/** Where just one organization is enrolled, every service provider of AWS leads there. */
const providerLeadingTo = (one: OrganizationView, view: View): ServiceProvider | undefined =>
  view.serviceProviders.find((provider) => organizationOfProvider(provider, view) === one)
