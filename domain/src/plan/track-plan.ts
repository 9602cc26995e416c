import type { DesiredChanges } from '../desired-state/track-desired-state.ts'
import {
  type AwsGroupId,
  type AwsPrincipalKey,
  awsPrincipalKey,
  type AwsUserId,
} from '../identity-center/account-assignment.ts'
import type { Differences } from '../kernel/differences.ts'
import type { UserId } from '../kernel/names.ts'
import { finish, type Steps } from '../kernel/steps.ts'
import { type GroupKey, groupKey } from '../organizations/link.ts'
import { isAssignmentKey, isMembershipKey, parseAssignmentKey, parseMembershipKey } from './memory.ts'
import type { Thing } from './operation.ts'
import { everybodyAround, type Who, whoIs } from './plan-members.ts'
import { PlanParts } from './plan-parts.ts'
import { createPlanner, type Plan, type PlanIndex, type PlanInput, type Planner } from './planner.ts'

/** What is not as it was when the last plan was made. */
export interface Since {
  readonly desired: DesiredChanges
  /** Where the mirror or memory may differ: too many cost time, one too few is wrong. */
  readonly things: ReadonlySet<Thing>
  /** Users and groups that came or went in AWS, or both. */
  readonly appeared: ReadonlySet<AwsUserId | AwsGroupId>
  /** Principals whose assignments were read for the first time, or are known no longer. */
  readonly principals: ReadonlySet<AwsPrincipalKey>
}

export interface PlanTracker {
  /** @param since absent: everything is planned anew */
  advance(input: PlanInput, since?: Since): Plan
  linked(): Linked
}

/** The links of the latest plan by what they say of AWS. */
export interface Linked {
  readonly linkedUsers: ReadonlyMap<AwsUserId, UserId>
  readonly linkedGroups: ReadonlyMap<AwsGroupId, GroupKey>
}

/** Plans again only what a change is about, and all that something was planned on before. */
export function createPlanTracker(): PlanTracker {
  let kept: { readonly parts: PlanParts; readonly index: TrackedIndex; readonly input: Basis } | undefined
  return {
    linked: () => kept?.index ?? { linkedUsers: new Map(), linkedGroups: new Map() },
    advance(input, since) {
      if (!kept || !since || kept.input.accounts !== input.adoptedAccounts.size) {
        kept = { parts: new PlanParts(), index: new TrackedIndex(input), input: basisOf(input) }
        finish(planAll(createPlanner(input, kept.index), kept.parts))
        return kept.parts.plan()
      }
      const { parts, index, input: before } = kept
      const things = new Set([...since.things, ...before.uncertain.symmetricDifference(input.uncertain)])
      index.update(input, since.desired, things)
      const planner = createPlanner(input, index)
      const again = new PlannedAgain(planner, index, parts)
      again.desired(since.desired)
      for (const thing of things) again.thing(thing, since.appeared)
      for (const principal of since.principals) again.principal(principal)
      again.plan()
      kept = { parts, index, input: basisOf(input) }
      return parts.plan()
    },
  }
}

interface Basis {
  /** Accounts are only ever added to those that were adopted, or go with the catalogue. */
  readonly accounts: number
  readonly uncertain: ReadonlySet<Thing>
}
const basisOf = ({ adoptedAccounts, uncertain }: PlanInput): Basis => ({ accounts: adoptedAccounts.size, uncertain })

/** A plan of its own, with a step for each principal; what AWS is seen to hold may become another between two of them. */
export function* planInSteps(input: PlanInput): Steps<Plan> {
  const parts = new PlanParts()
  yield* planAll(createPlanner(input, new TrackedIndex(input)), parts)
  return parts.plan()
}

function* planAll(planner: Planner, parts: PlanParts): Steps<void> {
  const { view, desired } = planner
  for (const user of new Set([...desired.users.keys(), ...view.userLinkByUser.keys()])) {
    parts.planUser(planner, user)
    yield
  }
  for (const group of new Set([...desired.groups.keys(), ...view.groupLinkByKey.keys()])) {
    parts.planGroup(planner, group)
    for (const who of everybodyAround(planner, group)) parts.planMember(planner, group, who)
    yield
  }
}

/** Names in AWS and whom they belong to, brought up to date with what changes. */
class TrackedIndex implements PlanIndex, Linked {
  readonly userNames = new Map<string, number>()
  readonly groupNames = new Map<string, number>()
  readonly linkedUsers = new Map<AwsUserId, UserId>()
  readonly linkedGroups = new Map<AwsGroupId, GroupKey>()
  readonly #nameOf = new Map<AwsUserId | AwsGroupId, string>()

  constructor({ view, observed }: PlanInput) {
    for (const { id, userName } of observed.users.values()) this.#rename(this.userNames, id, userName)
    for (const { id, displayName } of observed.groups.values()) this.#rename(this.groupNames, id, displayName)
    for (const { awsUser, user } of view.userLinks) this.linkedUsers.set(awsUser, user)
    for (const { awsGroup, group } of view.groupLinks) this.linkedGroups.set(awsGroup, group)
  }

  update({ observed }: PlanInput, { records }: DesiredChanges, things: ReadonlySet<Thing>): void {
    for (const { awsUser } of records.userLinks.gone) this.linkedUsers.delete(awsUser)
    for (const { awsUser, user } of records.userLinks.come) this.linkedUsers.set(awsUser, user)
    for (const { awsGroup } of records.groupLinks.gone) this.linkedGroups.delete(awsGroup)
    for (const { awsGroup, group } of records.groupLinks.come) this.linkedGroups.set(awsGroup, group)
    for (const thing of things) {
      const about = parseThing(thing)
      if (about?.type === 'USER') this.#rename(this.userNames, about.id, observed.users.get(about.id)?.userName)
      if (about?.type === 'GROUP') this.#rename(this.groupNames, about.id, observed.groups.get(about.id)?.displayName)
    }
  }

  #rename(names: Map<string, number>, id: AwsUserId | AwsGroupId, name: string | undefined): void {
    const old = this.#nameOf.get(id)
    if (old !== undefined) {
      const count = (names.get(old) ?? 0) - 1
      if (count > 0) names.set(old, count)
      else names.delete(old)
    }
    if (name === undefined) return void this.#nameOf.delete(id)
    const fresh = name.toLowerCase()
    this.#nameOf.set(id, fresh)
    names.set(fresh, (names.get(fresh) ?? 0) + 1)
  }
}

/** The principal itself, where a thing is one: an assignment or a membership is none. */
function parseThing(
  thing: Thing,
): { readonly type: 'USER'; readonly id: AwsUserId } | { readonly type: 'GROUP'; readonly id: AwsGroupId } | undefined {
  if (isAssignmentKey(thing) || isMembershipKey(thing)) return undefined
  // A thing says itself of which kind the id after its first word is.
  return thing.startsWith('user ')
    ? { type: 'USER', id: thing.slice(5) as AwsUserId }
    : { type: 'GROUP', id: thing.slice(6) as AwsGroupId }
}

/** Links that came or went, and whether what counts for members is the same as before: mostly only a name was told. */
function changedLinks<T>(
  { gone, come }: Differences<T>,
  textOf: (link: T) => string,
): readonly { readonly value: T; readonly isSame: boolean }[] {
  const before = new Set(gone.map(textOf))
  const after = new Set(come.map(textOf))
  return [...gone, ...come].map((value) => {
    const text = textOf(value)
    return { value, isSame: before.has(text) && after.has(text) }
  })
}

/** Gathers whom to plan again, then does. */
class PlannedAgain {
  readonly #users: Set<UserId>
  readonly #groups: Set<GroupKey>
  readonly #members = new Map<GroupKey, Set<Who>>()
  readonly #wholeGroups = new Set<GroupKey>()
  readonly #planner: Planner
  readonly #index: TrackedIndex
  readonly #parts: PlanParts

  constructor(planner: Planner, index: TrackedIndex, parts: PlanParts) {
    this.#planner = planner
    this.#index = index
    this.#parts = parts
    this.#users = new Set(parts.users())
    this.#groups = new Set(parts.groups())
    for (const [group, who] of parts.members()) this.#member(group, who)
  }

  desired({ users, groups, records }: DesiredChanges): void {
    for (const { id } of [...records.users.gone, ...records.users.come]) this.#users.add(id)
    for (const link of changedLinks(records.userLinks, ({ user, awsUser }) => `${user} ${awsUser}`)) {
      const { user, awsUser } = link.value
      this.#users.add(user)
      if (link.isSame) continue
      this.#everythingOf(user)
      // Who is no longer this user's is still where this user was.
      const { was, is = this.#planner.desired.users.get(user) } = users.get(user) ?? {}
      for (const group of [...(was?.groups.keys() ?? []), ...(is?.groups.keys() ?? [])])
        this.#member(group, `aws ${awsUser}`)
    }
    for (const { value, isSame } of changedLinks(records.groupLinks, (link) =>
      JSON.stringify({ ...link, pushedTitle: '' }),
    )) {
      if (isSame) this.#groups.add(value.group)
      else this.#whole(value.group)
    }
    for (const { id } of [...records.lists.gone, ...records.lists.come]) {
      const isNew = !(
        records.lists.gone.some((list) => list.id === id) && records.lists.come.some((list) => list.id === id)
      )
      for (const side of ['members', 'owners'] as const) {
        if (isNew) this.#whole(groupKey(id, side))
        else this.#groups.add(groupKey(id, side))
      }
    }
    for (const [user, { was, is }] of users) {
      this.#users.add(user)
      const who = whoIs(this.#planner, user)
      for (const [group, membership] of is?.groups ?? [])
        if (was?.groups.get(group)?.until !== membership.until || !was?.groups.has(group)) this.#member(group, who)
      for (const group of was?.groups.keys() ?? []) if (!is?.groups.has(group)) this.#member(group, who)
    }
    for (const [group, { was, is }] of groups) {
      this.#groups.add(group)
      if (!was !== !is || (was?.awsOnly.size ?? 0) + (is?.awsOnly.size ?? 0) > 0) this.#wholeGroups.add(group)
    }
  }

  thing(thing: Thing, appeared: Since['appeared']): void {
    if (isAssignmentKey(thing)) return this.principal(parseAssignmentKey(thing).principal)
    if (isMembershipKey(thing)) {
      const { group, user } = parseMembershipKey(thing)
      const key = this.#index.linkedGroups.get(group)
      if (key) this.#member(key, `aws ${user}`)
      return
    }
    const about = parseThing(thing)
    if (about?.type === 'GROUP') {
      const key = this.#index.linkedGroups.get(about.id)
      if (key && appeared.has(about.id)) this.#whole(key)
      else if (key) this.#groups.add(key)
    }
    if (about?.type !== 'USER') return
    const user = this.#index.linkedUsers.get(about.id)
    if (user !== undefined) this.#users.add(user)
    if (!appeared.has(about.id)) return
    if (user !== undefined) this.#everythingOf(user)
    for (const { group, awsOnly } of this.#planner.desired.groups.values())
      if (awsOnly.size > 0 && awsOnly.has(about.id)) this.#member(group, `aws ${about.id}`)
  }

  principal(key: AwsPrincipalKey): void {
    const id = key.slice(key.indexOf(':') + 1)
    if (key === awsPrincipalKey({ type: 'USER', id: id as AwsUserId })) {
      const user = this.#index.linkedUsers.get(id as AwsUserId) // an id of this type, as the key says
      if (user !== undefined) this.#users.add(user)
      return
    }
    const group = this.#index.linkedGroups.get(id as AwsGroupId) // the other type of principal
    if (group) this.#groups.add(group)
  }

  plan(): void {
    for (const user of this.#users) this.#parts.planUser(this.#planner, user)
    for (const group of this.#groups) this.#parts.planGroup(this.#planner, group)
    for (const group of this.#wholeGroups)
      for (const who of everybodyAround(this.#planner, group)) this.#member(group, who)
    for (const [group, everybody] of this.#members)
      for (const who of everybody) this.#parts.planMember(this.#planner, group, who)
  }

  /** Once, although there often is more than one reason. */
  #member(group: GroupKey, who: Who): void {
    const everybody = this.#members.get(group)
    if (everybody) everybody.add(who)
    else this.#members.set(group, new Set([who]))
  }

  #everythingOf(user: UserId): void {
    this.#users.add(user)
    const who = whoIs(this.#planner, user)
    for (const group of this.#planner.desired.users.get(user)?.groups.keys() ?? []) this.#member(group, who)
  }

  #whole(group: GroupKey): void {
    this.#groups.add(group)
    this.#wholeGroups.add(group)
  }
}
