import {
  auditEvent,
  budgetFor,
  counted,
  DomainError,
  type Instant,
  type MadeKey,
  type MadeThings,
  madeThings,
  type Organization,
  type OrganizationId,
  type OrganizationView,
  type Thing,
} from '@gatehouse/domain'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { viewOfOrganization } from '../governance/read-view.ts'
import type { Commit, JournalEntry, Store, StoredMemory } from '../ports/store.ts'

/** What Gatehouse made in AWS, what of it goes, and why some of that is still there. */
export interface Made extends MadeThings {
  /** What AWS said about one that it has refused to remove. */
  readonly refusals: ReadonlyMap<string, string>
  /** All that was looked at, whether or not AWS still has it. */
  readonly keys: readonly string[]
  /** The last reading of AWS was not whole, or not believed. */
  readonly isDoubtful: boolean
  /** How many people in AWS we created, who stay. */
  readonly users: number
}

/** Reads what AWS holds as it was last seen, from the store: another process may lead. */
export async function readMade(
  { store }: { readonly store: Pick<Store, 'readMirror' | 'readJournal'> },
  view: OrganizationView,
  memory: Pick<StoredMemory, 'made' | 'members'>,
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
  return {
    ...madeThings({ view, observed, uncertain, memory, made: memory.made }),
    refusals: refusalsIn(journal),
    keys: [...memory.made, ...created],
    isDoubtful: findings.some(({ id: finding }) => finding.startsWith('read-')),
    users: view.userLinks.filter(({ origin, awsUser }) => origin === 'created' && observed.users.has(awsUser)).length,
  }
}

const refusalsIn = (journal: readonly JournalEntry[]): ReadonlyMap<string, string> =>
  new Map(
    journal.flatMap(({ things, error }) =>
      error === undefined ? [] : things.map((thing): [string, string] => [thing, error]),
    ),
  )

/** What is left of what goes, once somebody has released some of it. */
export const leftOf = ({ goes }: MadeThings, release: readonly string[]): readonly MadeKey[] => {
  const released = new Set(release)
  return goes.filter((key) => !released.has(key))
}

/** Why it can't begin, or is not over. */
export function madeBlockers(
  made: Made,
  { withdrawal }: Organization,
  release: readonly string[],
): readonly { readonly message: string; readonly remedy: string }[] {
  if (!withdrawal)
    return made.isDoubtful
      ? [
          {
            message: 'AWS was not read whole the last time, so it is not sure what Gatehouse made there.',
            remedy: 'Wait for the next reading, or release what is doubted (tctl plugins release). Then repeat.',
          },
        ]
      : []
  const left = leftOf(made, release)
  if (left.length === 0) return []
  return [
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
  readonly memory: Pick<StoredMemory, 'assignments'>
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
  const left = leftOf(made, release)
  const groups = left.filter((key) => key.startsWith('group ')).length
  const assignments = left.length - groups
  const { removalBudget } = organization
  const limits = [
    [assignments, budgetFor(removalBudget, memory.assignments.size)],
    [groups, budgetFor(removalBudget, view.groupLinks.length)],
  ] as const
  const exceeded = limits.find(([count, limit]) => count > limit)
  if (exceeded && confirmRemovals !== left.length)
    throw new DomainError({
      code: 'too-many-removals',
      planned: left.length,
      limit: exceeded[1],
      confirm: left.length,
    })
  const released = new Set(release)
  const keeps = made.goes.filter((key) => released.has(key))
  const withdrawal = { by, since: now, assignments, groups, keeps }
  return {
    records: [
      { put: 'organization', organization: { ...organization, withdrawal, revision: organization.revision + 1 } },
    ],
    events: [
      auditEvent('plugin.removal.begin', {
        time: now,
        user: by,
        subjects: [`organization:${organization.id}`],
        fields: { name: organization.name, assignments, groups },
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
