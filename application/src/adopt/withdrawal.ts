import {
  adoptedKey,
  auditEvent,
  type AwsPrincipalKey,
  budgetFor,
  counted,
  DomainError,
  isAssignmentKey,
  type Instant,
  type MadeKey,
  type MadeThings,
  madeThings,
  type Organization,
  type OrganizationId,
  type OrganizationView,
  parseAssignmentKey,
  type Thing,
} from '@gatehouse/domain'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { viewOfOrganization } from '../governance/read-view.ts'
import type { Commit, JournalEntry, Mirror, Store, StoredMemory } from '../ports/store.ts'

/** What Gatehouse made in AWS, what of it goes, and why some of that is still there. */
export interface Made extends MadeThings {
  /** What AWS said about one that it has refused to remove. */
  readonly refusals: ReadonlyMap<string, string>
  /** All that was looked at, whether or not AWS still has it. */
  readonly keys: readonly string[]
  /** The last reading of AWS was not whole, or not believed. */
  readonly isDoubtful: boolean
  /** What was to go when it began, and is to stay by now: somebody has to look at each, and release it. */
  readonly moved: MadeThings['stays']
  /** How many people are in a group that goes, by the group's key. */
  readonly members: ReadonlyMap<string, number>
  /** How many people in AWS we created, who stay. */
  readonly users: number
  /** Assignments of what is ours that are wanted, and of which it is not known who made them. */
  readonly unknown: number
}

/** Reads what AWS holds as it was last seen, from the store: another process may lead. */
export async function readMade(
  { store }: { readonly store: Pick<Store, 'readMirror' | 'readJournal'> },
  view: OrganizationView,
  memory: Pick<StoredMemory, 'made' | 'found' | 'members' | 'assignments'>,
  signal: AbortSignal,
): Promise<Made> {
  const { id } = view.organization
  const [{ observed, findings }, journal] = await Promise.all([
    store.readMirror(id, signal),
    store.readJournal(id, signal),
  ])
  const open = journal.filter(({ state }) => state !== 'failed')
  const uncertain = new Set<Thing>(open.flatMap(({ things }) => things))
  const created = view.groupLinks.flatMap(({ origin, awsGroup }) => (origin === 'created' ? [`group ${awsGroup}`] : []))
  const { goes, stays } = madeThings({ view, observed, uncertain, memory, made: memory.made })
  const { withdrawal } = view.organization
  const foreseen = withdrawal?.stays && new Set<string>([...withdrawal.keeps, ...withdrawal.stays])
  const isMoved = ({ key }: MadeThings['stays'][number]): boolean => foreseen?.has(key) === false
  return {
    goes,
    stays: stays.filter((one) => !isMoved(one)),
    moved: stays.filter(isMoved),
    members: new Map(
      view.groupLinks.map(({ awsGroup }) => [`group ${awsGroup}`, observed.groups.get(awsGroup)?.members.size ?? 0]),
    ),
    unknown: unknownIn(view, observed, memory),
    refusals: refusalsIn(journal),
    keys: [...memory.made, ...created],
    isDoubtful: findings.some(({ id: finding }) => finding.startsWith('read-')),
    users: view.userLinks.filter(({ origin, awsUser }) => origin === 'created' && observed.users.has(awsUser)).length,
  }
}

/** What AWS said about deletions. */
const refusalsIn = (journal: readonly JournalEntry[]): ReadonlyMap<string, string> =>
  new Map(
    journal.flatMap(({ kind, things, error }) =>
      error === undefined || !kind.startsWith('delete-') ? [] : things.map((thing): [string, string] => [thing, error]),
    ),
  )

/**
 * What may have been made before anybody noted who made it. Of groups that were there nobody can tell it from what they
 * had.
 */
function unknownIn(
  view: OrganizationView,
  observed: Mirror['observed'],
  { assignments, made, found }: Pick<StoredMemory, 'assignments' | 'made' | 'found'>,
): number {
  const adopted = new Set(view.adopted.map(adoptedKey))
  const users = new Map(view.userLinks.map(({ awsUser, user }) => [`USER:${awsUser}`, user]))
  const groups = new Set(
    view.groupLinks.flatMap(({ origin, awsGroup }) => (origin === 'created' ? [`GROUP:${awsGroup}`] : [])),
  )
  let count = 0
  for (const [key, { ending }] of assignments) {
    if (ending || made.has(key) || found.has(key)) continue
    const { principal, grant } = parseAssignmentKey(key)
    const user = users.get(principal)
    const isOurs = groups.has(principal) || (user !== undefined && !adopted.has(adoptedKey({ user, grant })))
    if (isOurs && observed.assignments.get(principal)?.has(grant)) count++
  }
  return count
}

/** All that has to be gone, or released. */
export const openOf = ({ goes, moved }: Pick<Made, 'goes' | 'moved'>): readonly MadeKey[] => [
  ...goes,
  ...moved.map(({ key }) => key),
]

/** What is left of what goes, once somebody has released some of it. */
export const leftOf = (made: Pick<Made, 'goes' | 'moved'>, release: readonly string[]): readonly MadeKey[] => {
  const released = new Set(release)
  return openOf(made).filter((key) => !released.has(key))
}

interface Counts {
  readonly assignments: number
  readonly groups: number
}

const countsOf = (keys: readonly string[]): Counts => {
  const groups = keys.filter((key) => key.startsWith('group ')).length
  return { assignments: keys.length - groups, groups }
}

/** Of what was to go when it began: what AWS does not have any more, and what it still has. */
export function takenBy(
  made: Made,
  { withdrawal }: Organization,
): { readonly removed: Counts; readonly left: Counts } | undefined {
  if (!withdrawal) return undefined
  const stays = new Set(withdrawal.stays)
  const left = countsOf(openOf(made).filter((key) => !stays.has(key)))
  const removed = {
    assignments: Math.max(0, withdrawal.assignments - left.assignments),
    groups: Math.max(0, withdrawal.groups - left.groups),
  }
  return { removed, left }
}

/** Why it can't begin, or is not over. */
export function madeBlockers(
  made: Made,
  { withdrawal }: Organization,
  release: readonly string[],
): readonly { readonly message: string; readonly remedy: string }[] {
  const doubt = {
    message: `AWS was not read whole the last time, so it is not sure ${withdrawal ? 'that all is gone that' : 'what'} Gatehouse made there.`,
    remedy: 'Wait for the next reading, or release what is doubted (tctl plugins release). Then repeat.',
  }
  const doubts = made.isDoubtful ? [doubt] : []
  if (!withdrawal) return doubts
  const left = leftOf(made, release)
  if (left.length === 0) return doubts
  return [
    ...doubts,
    {
      message: `${counted(left.length, 'thing that Gatehouse made is', 'things that Gatehouse made are')} still in AWS.`,
      remedy: 'Wait until AWS has confirmed that they are gone, or release each row.',
    },
  ]
}

interface Beginning {
  readonly organization: Organization
  readonly view: OrganizationView
  readonly made: Made
  readonly release: readonly string[]
  readonly confirmRemovals?: number | undefined
  readonly by: string
  readonly now: Instant
  readonly memory: Pick<StoredMemory, 'assignments' | 'members'>
}

/**
 * From here on the engine takes away what goes, and gives nothing.
 * @throws DomainError `too-many-removals` until the number is given with it
 */
export function beginWithdrawal({
  organization,
  view,
  made,
  release,
  by,
  now,
  memory,
  confirmRemovals,
}: Beginning): Pick<Commit, 'records' | 'events'> {
  const released = new Set(release)
  const keeps = made.goes.filter((key) => released.has(key))
  // A group that holds what is left there stays with it.
  const holders = new Set(keeps.filter(isAssignmentKey).map((key) => parseAssignmentKey(key).principal))
  const isHolder = (key: MadeKey): boolean =>
    !isAssignmentKey(key) && holders.has(`GROUP:${key.slice('group '.length)}` as AwsPrincipalKey) // the id of a group
  const left = leftOf(made, release).filter((key) => !isHolder(key))
  const { assignments, groups } = countsOf(left)
  const memberships = left.reduce((sum, key) => sum + (made.members.get(key) ?? 0), 0)
  const planned = left.length + memberships
  const { removalBudget } = organization
  const limits = [
    [assignments, budgetFor(removalBudget, memory.assignments.size)],
    [groups, budgetFor(removalBudget, view.groupLinks.length)],
    [memberships, budgetFor(removalBudget, memory.members.size)],
  ] as const
  const exceeded = limits.find(([count, limit]) => count > limit)
  if (exceeded && confirmRemovals !== planned)
    throw new DomainError({ code: 'too-many-removals', planned, limit: exceeded[1], confirm: planned })
  const stays = [...made.stays.map(({ key }) => key), ...made.goes.filter(isHolder)]
  const withdrawal = { by, since: now, assignments, groups, memberships, keeps, stays }
  return {
    records: [
      { put: 'organization', organization: { ...organization, withdrawal, revision: organization.revision + 1 } },
    ],
    events: [
      auditEvent('plugin.removal.begin', {
        time: now,
        user: by,
        subjects: [`organization:${organization.id}`],
        fields: { name: organization.name, assignments, groups, memberships },
      }),
    ],
  }
}

/** Ends a removal that has begun: what is granted here is given again. @throws DomainError `refused`, `conflict` */
export async function stopRemoval(
  ports: ReadPorts,
  command: { readonly actor: Actor; readonly organization: OrganizationId },
  signal: AbortSignal,
): Promise<Organization> {
  return decide(
    ports,
    (reading) => {
      const acting = actingAs(command.actor, reading)
      demand(acting, 'delete', 'plugin')
      const { organization: before } = viewOfOrganization(reading, { id: command.organization })
      const { withdrawal, ...rest } = before
      if (!withdrawal)
        throw new DomainError({
          code: 'conflict',
          message: `"${before.name}" is not being removed.`,
          remedy: 'There is nothing to stop.',
        })
      const organization = { ...rest, revision: before.revision + 1 }
      const event = auditEvent('plugin.removal.stop', {
        time: reading.now,
        user: acting.name,
        subjects: [`organization:${before.id}`],
        fields: { name: before.name },
      })
      return { changes: [{ put: 'organization', organization }], events: [event], result: organization }
    },
    signal,
  )
}
