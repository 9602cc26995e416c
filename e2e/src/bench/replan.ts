import {
  type AccessList,
  awsPrincipalKey,
  type AwsGroupId,
  type AwsPrincipalKey,
  type AwsUserId,
  createDesiredStateTracker,
  createPlanTracker,
  deriveView,
  type GrantKey,
  type GroupLink,
  groupKey,
  hours,
  type Instant,
  instant,
  type Lock,
  type Member,
  type ObservedGroup,
  type ObservedUser,
  type Plan,
  plus,
  profileOf,
  seconds,
  type Snapshot,
  systemRoleName,
  type Thing,
  thingsOf,
  type User,
  type UserLink,
  type OrganizationView,
} from '@gatehouse/domain'
import { approved, aLock, aRequest } from '@gatehouse/domain/testing'
import { type Bench, rounded } from './measurement.ts'
import { createWorld, SIZE } from './scale.ts'

const CHANGES = 1_000
const LIMIT_MS = 10

/** How long it takes from records that have changed to the plan: view, desired state and plan, each from the one before. */
export const replan: Bench = async ({ isQuick, say }) => {
  const size = isQuick ? 0.1 : 1
  const now = instant('2027-03-01T09:00:00Z')
  const world = new Scene(
    createWorld({ users: SIZE.users * size, lists: SIZE.lists * size, memberships: SIZE.memberships * size }, now),
    now,
  )
  say('computing everything once')
  const begin = performance.now()
  world.plan()
  const whole = (performance.now() - begin) / 1000
  say(`in full: ${rounded(whole)} s; ${Math.round(process.memoryUsage().heapUsed / 2 ** 20)} MiB`)
  const times: { readonly kind: string; readonly ms: number }[] = []
  let operations = 0
  for (let index = 0; index < CHANGES; index++) {
    const [kind, change] = KINDS[index % KINDS.length] ?? ['nothing', () => undefined]
    change(world, index)
    const start = performance.now()
    operations += world.plan().operations.length
    times.push({ kind, ms: performance.now() - start })
    world.settle()
  }
  const at = (values: readonly number[], share: number): number => {
    const sorted = values.toSorted((a, b) => a - b)
    return rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN)
  }
  const all = times.map(({ ms }) => ms)
  const byKind = [...Map.groupBy(times, ({ kind }) => kind)].map(
    ([kind, of]) =>
      `${kind} ${at(
        of.map(({ ms }) => ms),
        0.5,
      )}/${at(
        of.map(({ ms }) => ms),
        1,
      )}`,
  )
  return [
    {
      name: 'replan-p99',
      value: at(all, 0.99),
      unit: 'ms',
      better: 'lower',
      limit: LIMIT_MS,
      note: `in memory, no database: ${SIZE.users * size} users, ${SIZE.lists * size} lists, ${SIZE.memberships * size} memberships, all of it in AWS; ${CHANGES} changes, as many of each kind, ${operations} operations; in full ${rounded(whole)} s; median and longest: ${byKind.join(', ')}`,
    },
  ]
}

/** Records, what AWS holds, and the plan between both, followed from change to change. */
class Scene {
  now: Instant
  snapshot: Snapshot
  view: OrganizationView
  readonly #states = createDesiredStateTracker()
  readonly #plans = createPlanTracker()
  readonly #users = new Map<AwsUserId, ObservedUser>()
  readonly #groups = new Map<AwsGroupId, ObservedGroup & { readonly members: Set<AwsUserId> }>()
  readonly #assignments = new Map<AwsPrincipalKey, Set<GrantKey>>()
  #things = new Set<Thing>()
  #latest: Plan = { operations: [], notes: [], drift: [] }

  /** Everybody and every list is linked, and AWS holds what is wanted. */
  constructor(world: OrganizationView, now: Instant) {
    const userLinks = world.users.map(linkOf)
    const groupLinks = world.lists.map(groupLinkOf)
    this.now = now
    this.snapshot = { ...world, userLinks, groupLinks }
    this.view = deriveView(world, this.snapshot)
    const { desired } = this.#states.advance(this.view, now)
    for (const { awsUser, pushed } of userLinks) {
      const held = desired.users.get(userOf(awsUser))?.assignments.keys() ?? []
      this.#users.set(awsUser, { id: awsUser, userName: pushed.userName, displayName: '', email: '', active: true })
      this.#assignments.set(awsPrincipalKey({ type: 'USER', id: awsUser }), new Set(held))
    }
    for (const { awsGroup, group, pushedTitle } of groupLinks) {
      const members = new Set([...(desired.membersOf.get(group)?.keys() ?? [])].map(awsUserOf))
      this.#groups.set(awsGroup, { id: awsGroup, displayName: pushedTitle, members })
      const held = desired.groups.get(group)?.assignments.keys() ?? []
      this.#assignments.set(awsPrincipalKey({ type: 'GROUP', id: awsGroup }), new Set(held))
    }
  }

  change(records: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...records }
  }

  changeList(index: number, change: (list: AccessList) => AccessList): void {
    const at = index % this.snapshot.lists.length
    const list = this.snapshot.lists[at]
    if (list) this.change({ lists: this.snapshot.lists.with(at, change(list)) })
  }

  user(index: number): User {
    const user = this.snapshot.users[(index * 7919) % this.snapshot.users.length]
    if (!user) throw new Error('there is nobody')
    return user
  }

  plan(): Plan {
    this.view = deriveView(this.view, this.snapshot)
    const { desired, changes } = this.#states.advance(this.view, this.now)
    const input = {
      view: this.view,
      desired,
      observed: { users: this.#users, groups: this.#groups, assignments: this.#assignments },
      memory: { assignments: new Map(), members: new Map(), decidedSince: new Map() },
      adoptedAccounts: new Set(this.view.catalogue.accounts.keys()),
      uncertain: new Set<Thing>(),
      now: this.now,
    }
    this.#latest = this.#plans.advance(
      input,
      changes && { desired: changes, things: this.#things, appeared: new Set(), principals: new Set() },
    )
    this.#things = new Set()
    return this.#latest
  }

  /** AWS does what was planned; the next plan hears of it. */
  settle(): void {
    for (const operation of this.#latest.operations) {
      for (const thing of thingsOf(operation)) this.#things.add(thing)
      switch (operation.kind) {
        case 'add-member':
        case 'remove-member': {
          const { awsGroup } = operation.group
          const { awsUser } = operation.member
          const members = awsGroup === undefined ? undefined : this.#groups.get(awsGroup)?.members
          if (awsUser === undefined) break
          if (operation.kind === 'add-member') members?.add(awsUser)
          else members?.delete(awsUser)
          break
        }
        case 'create-assignment':
        case 'delete-assignment': {
          const { principal, grant } = operation
          const id = principal.type === 'USER' ? `USER:${principal.awsUser}` : `GROUP:${principal.awsGroup}`
          const held = this.#assignments.get(id as AwsPrincipalKey) // made of what it is made of
          if (operation.kind === 'create-assignment') held?.add(grant)
          else held?.delete(grant)
          break
        }
        case 'update-user':
          this.change({
            userLinks: this.snapshot.userLinks.map((link) =>
              link.user === operation.user ? { ...link, pushed: operation.profile } : link,
            ),
          })
          break
        case 'rename-group': {
          const group = this.#groups.get(operation.awsGroup)
          if (group) this.#groups.set(operation.awsGroup, { ...group, displayName: operation.title })
          this.change({
            groupLinks: this.snapshot.groupLinks.map((link) =>
              link.group === operation.group ? { ...link, pushedTitle: operation.title } : link,
            ),
          })
          break
        }
        case 'create-user':
        case 'delete-user':
        case 'create-group':
        case 'delete-group':
          throw new Error(`${operation.kind}: everybody is there`)
      }
    }
  }
}

const awsUserOf = (user: User['id']): AwsUserId => `aws-${user}` as AwsUserId // AWS's ids in this world
const userOf = (awsUser: AwsUserId): User['id'] => awsUser.slice(4) as User['id'] // the inverse
const linkOf = (user: User): UserLink => ({
  user: user.id,
  awsUser: awsUserOf(user.id),
  origin: 'created',
  pushed: { ...profileOf(user), active: true },
  assignmentsAdopted: true,
  userDeleted: false,
})
const groupLinkOf = ({ id, title }: AccessList): GroupLink => ({
  group: groupKey(id, 'members'),
  list: id,
  side: 'members',
  awsGroup: `aws-${id}` as AwsGroupId, // as above
  origin: 'created',
  pushedTitle: title,
  contentsAdopted: true,
})
const memberAt = (user: User, now: Instant): Member => ({
  kind: 'user',
  user: user.id,
  joined: now,
  reason: '',
  addedBy: 'system',
})

/** A role of the world by its number. */
function roleAt({ catalogue }: OrganizationView, index: number): ReturnType<typeof systemRoleName> {
  const account = [...catalogue.accounts.values()][index % catalogue.accounts.size]
  const set = [...catalogue.permissionSets.values()][index % catalogue.permissionSets.size]
  if (!account || !set) throw new Error('the catalogue is empty')
  return systemRoleName(account, set)
}

const without = (list: AccessList, user: User): readonly Member[] =>
  list.members.filter((member) => member.kind !== 'user' || member.user !== user.id)

type Change = readonly [kind: string, change: (scene: Scene, index: number) => void]

const KINDS: readonly Change[] = [
  [
    'member added',
    (scene, index) => {
      const user = scene.user(index)
      scene.changeList(index * 31, (list) => ({
        ...list,
        members: [...without(list, user), memberAt(user, scene.now)],
      }))
    },
  ],
  [
    'member removed',
    (scene, index) => scene.changeList(index * 31, (list) => ({ ...list, members: list.members.slice(0, -1) })),
  ],
  [
    'entry ended',
    (scene, index) => {
      const user = scene.user(index)
      const entry = { ...memberAt(user, scene.now), expires: plus(scene.now, seconds(1)) }
      scene.changeList(index * 31, (list) => ({ ...list, members: [...without(list, user), entry] }))
      scene.plan()
      scene.settle()
      scene.now = plus(scene.now, seconds(2))
    },
  ],
  [
    'roles of a user',
    (scene, index) => {
      const user = scene.user(index)
      const changed = { ...user, roles: [...user.roles, { name: roleAt(scene.view, index) }] }
      scene.change({ users: scene.snapshot.users.map((one) => (one === user ? changed : one)) })
    },
  ],
  [
    'request approved',
    (scene, index) => {
      const roles = [{ name: roleAt(scene.view, index) }]
      const request = aRequest(`request-${index}`, '', { ...approved(scene.now, hours(1)), roles })
      scene.change({ requests: [...scene.snapshot.requests, { ...request, user: scene.user(index).id }] })
    },
  ],
  [
    'request ended',
    (scene, index) => {
      const roles = [{ name: roleAt(scene.view, index) }]
      const request = aRequest(`short-${index}`, '', { ...approved(scene.now, seconds(1)), roles })
      scene.change({ requests: [...scene.snapshot.requests, { ...request, user: scene.user(index).id }] })
      scene.plan()
      scene.settle()
      scene.now = plus(scene.now, seconds(2))
    },
  ],
  [
    'user locked',
    (scene, index) => {
      const lock: Lock = aLock({ kind: 'user', user: scene.user(index).id })
      scene.change({ locks: [...scene.snapshot.locks, lock] })
    },
  ],
  ['user unlocked', (scene) => scene.change({ locks: scene.snapshot.locks.slice(0, -1) })],
  [
    'grants of a list',
    (scene, index) =>
      scene.changeList(index * 31, (list) => ({
        ...list,
        grants: { ...list.grants, roles: [{ name: roleAt(scene.view, index) }] },
      })),
  ],
  [
    'list renamed',
    (scene, index) => scene.changeList(index * 31, (list) => ({ ...list, title: `${list.title}, renamed` })),
  ],
]
