import {
  type AdoptedAssignment,
  adoptedKey,
  type Account,
  auditEvent,
  type AuditEvent,
  confirmRemovals,
  createEndings,
  DomainError,
  type Ending,
  type GovernanceChange,
  grantOfKey,
  type OrganizationView,
  type PermissionSet,
  type User,
  viewAfter,
} from '@gatehouse/domain'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { type Reading, viewOfOrganization } from '../governance/read-view.ts'

/** An adopted assignment with the names that people know it by. */
export interface NamedAdopted extends AdoptedAssignment {
  readonly key: string
  readonly owner: User
  /** Absent while the organization does not manage it. */
  readonly account: Account | undefined
  readonly permissionSet: PermissionSet | undefined
}

/** Parts of names, or of ids: everything that is given has to be found. */
export interface AdoptedFilter {
  readonly user?: string | undefined
  readonly account?: string | undefined
  readonly permissionSet?: string | undefined
  /** In any of the three. */
  readonly search?: string | undefined
}

/** By the names of their people, then of accounts and permission sets. */
export function findAdopted(view: OrganizationView, filter: AdoptedFilter): readonly NamedAdopted[] {
  return view.adopted
    .flatMap((adopted): NamedAdopted[] => {
      const owner = view.userById.get(adopted.user)
      const { account, permissionSet } = grantOfKey(adopted.grant)
      const { accounts, permissionSets } = view.catalogue
      const named = { account: accounts.get(account), permissionSet: permissionSets.get(permissionSet) }
      return owner ? [{ ...adopted, ...named, key: adoptedKey(adopted), owner }] : []
    })
    .map((row) => ({ row, words: wordsOf(row) }))
    .filter(({ words }) => isMeant(words, filter))
    .map(({ row, words }) => ({ row, place: Object.values(words).join(' ') }))
    .toSorted((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ row }) => row)
}

type Words = Readonly<Record<'user' | 'account' | 'permissionSet', string>>

function wordsOf({ owner, account, permissionSet, grant }: NamedAdopted): Words {
  const ids = grantOfKey(grant)
  return {
    user: owner.name.toLowerCase(),
    account: `${account?.name ?? ''} ${ids.account}`.toLowerCase(),
    permissionSet: (permissionSet?.name ?? ids.permissionSet).toLowerCase(),
  }
}

function isMeant(words: Words, { user, account, permissionSet, search }: AdoptedFilter): boolean {
  const has = (where: string, part: string | undefined): boolean => where.includes(part?.trim().toLowerCase() ?? '')
  return (
    has(words.user, user) &&
    has(words.account, account) &&
    has(words.permissionSet, permissionSet) &&
    Object.values(words).some((where) => has(where, search))
  )
}

export interface EndAdoptedCommand {
  readonly actor: Actor
  /** Its name. */
  readonly organization: string
  readonly assignments: readonly {
    readonly key: string
    /** As it was shown; absent: whatever comes of it. */
    readonly revision?: string | undefined
  }[]
  readonly confirmRemovals?: number
  /** Only says what would come of it. */
  readonly dryRun: boolean
}

export interface EndedAdopted {
  readonly assignments: readonly (NamedAdopted & { readonly ending: Ending })[]
  readonly view: OrganizationView
}

/**
 * Ends adopted assignments. AWS is told to take away what nothing else gives, like everything that a person decides.
 * @throws DomainError `refused`, `not-found`, `plan-changed` for one that was shown otherwise, `too-many-removals`
 */
export async function endAdopted(
  ports: ReadPorts,
  command: EndAdoptedCommand,
  signal: AbortSignal,
): Promise<EndedAdopted> {
  return decide(ports, (reading) => decideEnding(reading, command), signal)
}

function decideEnding(reading: Reading, command: EndAdoptedCommand) {
  const acting = actingAs(command.actor, reading)
  demand(acting, 'update', 'aws_identity_center')
  const own = viewOfOrganization(reading, { name: command.organization })
  const assignments = chosenOf(own, command, reading)
  const organization = own.organization.id
  const changes = assignments.map(
    ({ user, grant }) => ({ delete: 'adopted', organization, user, grant }) as const satisfies GovernanceChange,
  )
  const confirmed = command.dryRun ? 'any' : command.confirmRemovals
  confirmRemovals(reading.view, viewAfter(reading.view, changes), reading.now, confirmed)
  const result: EndedAdopted = { assignments, view: own }
  if (command.dryRun) return { changes: [], events: [], result }
  return { changes, events: eventsOf(result, { time: reading.now, user: acting.name }), result }
}

function chosenOf(own: OrganizationView, { assignments }: EndAdoptedCommand, { now }: Reading) {
  const byKey = new Map(findAdopted(own, {}).map((row) => [row.key, row]))
  const endingOf = createEndings(own, now)
  const shown = new Map(assignments.map(({ key, revision }) => [key, revision]))
  return [...shown].map(([key, revision]) => {
    const row = byKey.get(key)
    if (!row)
      throw new DomainError({
        code: 'not-found',
        kind: 'adopted assignment',
        name: key,
        remedy: 'It may be ended already. Look at the table again: "tctl plugins adopted ls".',
      })
    const ending = endingOf(row)
    if (revision !== undefined && revision !== ending.revision) throw shownOtherwise(row)
    return { ...row, ending }
  })
}

const shownOtherwise = ({ owner, account, permissionSet, grant }: NamedAdopted): DomainError => {
  const ids = grantOfKey(grant)
  return new DomainError({
    code: 'plan-changed',
    message: `What comes of ending ${permissionSet?.name ?? ids.permissionSet} on ${account?.name ?? ids.account} for ${owner.name} is not what was shown any more.`,
    remedy: 'Nothing was ended. Look at the table again and repeat it.',
  })
}

/** One for each person: a later removal in AWS finds the decision by whom it is about. */
function eventsOf(
  { assignments, view: { organization } }: EndedAdopted,
  by: Pick<AuditEvent, 'time'> & { readonly user: string },
): readonly AuditEvent[] {
  return [...Map.groupBy(assignments, ({ user }) => user)].map(([user, some]) =>
    auditEvent('adopted_assignment.end', {
      ...by,
      subjects: [`user:${user}`],
      fields: {
        organization: organization.id,
        name: some[0]?.owner.name ?? user,
        ended: some.map(({ grant }) => {
          const { account, permissionSet } = grantOfKey(grant)
          return { account_id: account, permission_set_arn: permissionSet }
        }),
      },
    }),
  )
}
