import {
  type Bundle,
  bundleFor,
  type BundleFor,
  DomainError,
  effectiveRoles,
  heldGrants,
  hidingRole,
  isHeldForGood,
  type Reach,
  requestableGrants,
  type Verb,
} from '@gatehouse/domain'
import { type Acting, type Actor, actingAs, may } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { type Reading, readView } from '../governance/read-view.ts'
import { TO_LIST, TO_READ } from '../governance/visibility.ts'

/** A bundle as the viewer may see it. */
export interface SeenBundle extends BundleFor {
  /** How many rows it has, seen or not. */
  readonly total: number
}

/**
 * Bundles by name: those that the rules show, whole, and those of which the viewer may ask for at least one row, with the
 * rows that he may ask for or has.
 */
export async function listBundles(ports: ReadPorts, actor: Actor, signal: AbortSignal): Promise<readonly SeenBundle[]> {
  const reading = await readView(ports, signal)
  const acting = actingAs(actor, reading)
  const reach = reachOf(acting, reading)
  return reading.view.bundles
    .flatMap((bundle) => see(bundle, { acting, reach, verbs: TO_LIST }, reading) ?? [])
    .toSorted((a, b) => (a.bundle.name < b.bundle.name ? -1 : 1))
}

/** @throws DomainError `not-found`, also for what the viewer may not see */
export async function getBundle(
  ports: ReadPorts,
  query: { readonly actor: Actor; readonly name: string },
  signal: AbortSignal,
): Promise<{ readonly seen: SeenBundle; readonly view: Reading['view'] }> {
  const reading = await readView(ports, signal)
  const acting = actingAs(query.actor, reading)
  const wanted = query.name.toLowerCase()
  const bundle = reading.view.bundles.find(({ name }) => name.toLowerCase() === wanted)
  const seen = bundle && see(bundle, { acting, reach: reachOf(acting, reading), verbs: TO_READ }, reading)
  if (!seen) throw new DomainError({ code: 'not-found', kind: 'bundle', name: query.name })
  return { seen, view: reading.view }
}

interface Viewer {
  readonly acting: Acting
  readonly reach: Reach
  /** All of what is needed to be shown a record. */
  readonly verbs: readonly Verb[]
}

function see(bundle: Bundle, { acting, reach, verbs }: Viewer, { view }: Reading): SeenBundle | undefined {
  const whole = bundleFor(bundle, view.catalogue, reach)
  const total = whole.rows.length
  if (verbs.every((verb) => may(acting, verb, 'bundle', bundle))) return { ...whole, total }
  const isOffered = whole.rows.some(({ requestable }) => requestable)
  if (!isOffered || (acting.roles && hidingRole(acting.roles, 'bundle', bundle))) return undefined
  // Why it holds less than it says names accounts, which are not for everybody.
  return { ...whole, rows: whole.rows.filter(({ requestable, held }) => requestable || held), problems: [], total }
}

/** What is assumed for a session plays no part in what may be asked for. */
function reachOf({ user }: Acting, { view, now }: Reading): Reach {
  if (!user) return { requestable: new Set(), held: new Set() }
  const held = heldGrants(user, view, now)
  return {
    requestable: requestableGrants(user, effectiveRoles(user, view, now), view, now),
    held: { has: (grant) => isHeldForGood(grant, held) },
  }
}
