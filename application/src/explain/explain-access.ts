import {
  type AccessDifference,
  accessDifference,
  type Account,
  applyDocuments,
  type Asked,
  DomainError,
  type Duration,
  type Explanation,
  grantOfKey,
  type GrantKey,
  type HeldAccess,
  type Instant,
  knownGrants,
  longestSession,
  parseDocuments,
  type PermissionSet,
  setsIn,
  suggest,
  type User,
  type UserId,
  type View,
  viewOfGrant,
  whoCan,
  whyAccess,
} from '@gatehouse/domain'
import { type Actor, actingAs, demand, may } from '../governance/actor.ts'
import type { GovernancePorts, ReadPorts } from '../governance/governance-ports.ts'
import { type Reading, readView } from '../governance/read-view.ts'
import { type EachHoldings, heldAnywhere, readEachHoldings } from '../governance/read-holdings.ts'
import type { SamlProtocol } from '../ports/saml.ts'
import type { Store } from '../ports/store.ts'

/** An account by id or name, and a permission set by name or ARN. */
interface Place {
  readonly account: string
  readonly permissionSet?: string
}

export interface Explained<T> {
  readonly result: T
  /** What it was read from, to name what it mentions. */
  readonly view: View
}

/**
 * Why somebody has access: every way to it, and what is withheld. People may ask about themselves, administrators about
 * anybody. Whoever may not read Identity Center finds only places that this person knows of: names are not to be tried out.
 * @throws DomainError `not-found`
 */
export async function explainAccess(
  ports: ReadPorts & { readonly store: Pick<Store, 'readHoldings'> },
  query: { readonly actor: Actor; readonly user: string; readonly place?: Place },
  signal: AbortSignal,
): Promise<
  Explained<Explanation> & {
    readonly holdings: EachHoldings
    readonly asked: Asked | undefined
    /** What AWS held of this person when it was last read, and nothing here gives. */
    readonly undecided: readonly GrantKey[]
  }
> {
  const reading = await readView(ports, signal)
  const { view, now } = reading
  const acting = actingAs(query.actor, reading)
  const wanted = query.user.toLowerCase()
  const user = view.users.find(({ name }) => name.toLowerCase() === wanted)
  if (!user || (user.id !== acting.user?.id && !may(acting, 'read', 'user', user)))
    throw new DomainError({ code: 'not-found', kind: 'user', name: query.user })
  const holdings = await readEachHoldings(ports, reading.enrolled, { user: user.id, signal })
  const mayReadAll = may(acting, 'read', 'aws_identity_center', { name: '', labels: {} })
  const asked = query.place && findPlace(query.place, mayReadAll ? view.catalogue : knownPlaces(user, view, now), view)
  const whole = whyAccess(user, view, now, asked)
  const result = mayReadAll
    ? whole
    : { ...whole, withheld: ofKnown(whole.withheld, knownGrants(user, view, now), view) }
  return { view, result, holdings, asked, undecided: undecidedOf(result, { view, holdings, asked }) }
}

/** Less what is said of organizations of which the person has not heard. */
function ofKnown(
  withheld: Explanation['withheld'],
  grants: ReadonlySet<GrantKey>,
  view: View,
): Explanation['withheld'] {
  if (withheld.every(({ organization }) => organization === undefined)) return withheld
  const heardOf = new Set([...grants].map((grant) => viewOfGrant(grantOfKey(grant), view)?.organization.id))
  return withheld.filter(({ organization }) => organization === undefined || heardOf.has(organization))
}

function undecidedOf(
  { paths }: Explanation,
  {
    view,
    holdings,
    asked,
  }: { readonly view: View; readonly holdings: EachHoldings; readonly asked: Asked | undefined },
): readonly GrantKey[] {
  const decided = new Set(paths.map(({ grant }) => grant))
  const isAsked = (key: GrantKey): boolean => {
    const { account, permissionSet } = grantOfKey(key)
    if (!view.catalogue.accounts.has(account)) return false // outside the filter others decide
    return !asked || (asked.account === account && (asked.permissionSet ?? permissionSet) === permissionSet)
  }
  return [...heldAnywhere(holdings).grants].filter((key) => !decided.has(key) && isAsked(key)).toSorted()
}

/** Everybody who has access to an account. @throws DomainError `refused`, `not-found` */
export async function listWhoCan(
  ports: ReadPorts,
  query: { readonly actor: Actor; readonly place: Place },
  signal: AbortSignal,
): Promise<Explained<readonly Explanation[]>> {
  const reading = await readView(ports, signal)
  demand(actingAs(query.actor, reading), 'read', 'aws_identity_center')
  const { view, now } = reading
  return { view, result: whoCan(view, now, findPlace(query.place, view.catalogue, view)) }
}

/** What people whom the caller may read would gain and lose; of all others only how much. */
export interface ExplainedChange extends AccessDifference {
  readonly gainedTotal: number
  readonly lostTotal: number
  /** Of all that is lost. */
  readonly longestSession: Duration | undefined
}

/** What documents would give and take if they were applied; nothing is saved. @throws DomainError what applying would */
export async function explainChange(
  ports: ReadPorts & Pick<GovernancePorts, 'ids'> & { readonly saml: Pick<SamlProtocol, 'readServiceProvider'> },
  query: { readonly actor: Actor; readonly source: string },
  signal: AbortSignal,
): Promise<Explained<ExplainedChange>> {
  const documents = parseDocuments(query.source)
  const reading: Reading = await readView(ports, signal)
  const { view, now } = reading
  const acting = actingAs(query.actor, reading)
  const { after } = applyDocuments(documents, {
    view,
    now,
    mode: 'replace',
    by: acting,
    newUserId: () => ports.ids.uuid() as UserId, // a UUID is a user id once somebody is given it
    readServiceProvider: ports.saml.readServiceProvider,
  })
  const { gained, lost } = accessDifference(view, after, now)
  const readable = new Set(
    after.users
      .filter((user) => user.id === acting.user?.id || may(acting, 'read', 'user', user))
      .map(({ name }) => name),
  )
  const shown = (some: readonly HeldAccess[]): readonly HeldAccess[] => some.filter(({ user }) => readable.has(user))
  const totals = {
    gainedTotal: gained.length,
    lostTotal: lost.length,
    longestSession: longestSession(
      lost.map(({ grant }) => grant),
      view.catalogue,
    ),
  }
  return { view: after, result: { gained: shown(gained), lost: shown(lost), ...totals } }
}

type Places = Pick<View['catalogue'], 'accounts' | 'permissionSets'>

/** The part of the catalogue that somebody may have heard of. */
function knownPlaces(user: User, view: View, now: Instant): Places {
  const { accounts, permissionSets } = view.catalogue
  const known = [...knownGrants(user, view, now)].map(grantOfKey)
  const [ids, arns] = [new Set(known.map(({ account }) => account)), new Set(known.map((one) => one.permissionSet))]
  return {
    accounts: new Map([...accounts].filter(([id]) => ids.has(id))),
    permissionSets: new Map([...permissionSets].filter(([arn]) => arns.has(arn))),
  }
}

function findPlace({ account, permissionSet }: Place, places: Places, { catalogue }: View): Asked {
  const found = findNamed<Account>('account', account, [...places.accounts.values()], ({ id }) => id)
  if (permissionSet === undefined) return { account: found.id }
  const sets = setsIn(catalogue, found.id).filter(({ arn }) => places.permissionSets.has(arn))
  const set = findNamed<PermissionSet>('permission set', permissionSet, sets, ({ arn }) => arn)
  return { account: found.id, permissionSet: set.arn }
}

/** By id, or by a name that only one has; names are compared ignoring case. */
function findNamed<T extends { readonly name: string }>(
  kind: string,
  text: string,
  all: readonly T[],
  idOf: (one: T) => string,
): T {
  const byId = all.find((one) => idOf(one) === text)
  if (byId) return byId
  const [only, another] = all.filter(({ name }) => name.toLowerCase() === text.toLowerCase())
  if (only && !another) return only
  if (another)
    throw new DomainError({
      code: 'conflict',
      message: `More than one ${kind} is called "${text}".`,
      remedy: `Give its id: ${all
        .filter(({ name }) => name.toLowerCase() === text.toLowerCase())
        .map(idOf)
        .join(', ')}.`,
    })
  const suggestion = suggest(
    text,
    all.map(({ name }) => name),
  )
  throw new DomainError({ code: 'not-found', kind, name: text, ...(suggestion === undefined ? {} : { suggestion }) })
}
