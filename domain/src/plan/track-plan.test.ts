import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Subject } from '../audit/audit-event.ts'
import { computeDesiredState } from '../desired-state/compute-desired-state.ts'
import { createDesiredStateTracker } from '../desired-state/track-desired-state.ts'
import { createView, deriveView } from '../desired-state/view.ts'
import {
  type AwsGroupId,
  type AwsPrincipal,
  type AwsPrincipalKey,
  awsPrincipalKey,
  type AwsUserId,
  type GrantKey,
  grantKey,
} from '../identity-center/account-assignment.ts'
import { type Instant, milliseconds, plus } from '../kernel/instant.ts'
import { A_CATALOGUE, awsUserId, histories, NOW, userId } from '../testing/index.ts'
import { type AssignmentKey, assignmentKey, type MembershipKey, membershipKey, type Remembered } from './memory.ts'
import type { ObservedGroup, ObservedUser } from './observed-state.ts'
import type { Thing } from './operation.ts'
import { planChanges } from './plan-changes.ts'
import { createPlanTracker } from './track-plan.ts'

/** As links of the histories have them, and one whom only AWS knows. */
const PEOPLE = [...['ana', 'bruno', 'chiara'].map((name) => `aws-${userId(name)}` as AwsUserId), awsUserId('zoe')]
const GROUPS = ['platform', 'payments', 'everybody'].map((name) => `aws-${name}-members` as AwsGroupId)
const GRANTS = [...A_CATALOGUE.accounts.keys()]
  .flatMap((account) =>
    [...A_CATALOGUE.permissionSets.keys()].map((permissionSet) => grantKey({ account, permissionSet })),
  )
  .slice(0, 5)
const SUBJECTS: readonly Subject[] = ['user:ana', 'list:platform', 'role:reader', 'request:request-0'] as const

/** Something that happens in AWS, or that we write down about it. */
const happenings = () => {
  const principals = fc.oneof(
    fc.constantFrom(...PEOPLE).map((id): AwsPrincipal => ({ type: 'USER', id })),
    fc.constantFrom(...GROUPS).map((id): AwsPrincipal => ({ type: 'GROUP', id })),
  )
  const assignments = fc.tuple(principals, fc.constantFrom(...GRANTS))
  const memberships = fc.tuple(fc.constantFrom(...GROUPS), fc.constantFrom(...PEOPLE))
  return fc.oneof(
    fc.record({
      what: fc.constant('user' as const),
      id: fc.constantFrom(...PEOPLE),
      name: fc.option(fc.constantFrom('Ana@acme.example', 'zoe')),
    }),
    fc.record({
      what: fc.constant('group' as const),
      id: fc.constantFrom(...GROUPS),
      name: fc.option(fc.constantFrom('Platform', 'data')),
    }),
    fc.record({ what: fc.constant('assignment' as const), of: assignments }),
    fc.record({ what: fc.constant('membership' as const), of: memberships }),
    fc.record({
      what: fc.constant('remember' as const),
      of: fc.oneof(
        assignments.map(([who, grant]) => assignmentKey(who, grant)),
        memberships.map(([group, user]) => membershipKey(group, user)),
      ),
      remembered: fc.option(remembered()),
    }),
    fc.record({ what: fc.constant('doubt' as const), of: assignments }),
    fc.record({ what: fc.constant('decide' as const), subject: fc.constantFrom(...SUBJECTS) }),
  )
}
const remembered = (): fc.Arbitrary<Remembered> =>
  fc
    .tuple(fc.boolean(), fc.option(fc.integer({ min: -80_000_000, max: 80_000_000 })), fc.subarray([...SUBJECTS]))
    .map(([confirmed, until, subjects]) => ({
      confirmed,
      subjects,
      ...(until === null ? {} : { until: plus(NOW, milliseconds(until)) }),
    }))
type Happening = ReturnType<typeof happenings> extends fc.Arbitrary<infer T> ? T : never

/** At first AWS has everybody, and everybody is everywhere. */
class World {
  readonly users = new Map<AwsUserId, ObservedUser>()
  readonly groups = new Map<AwsGroupId, ObservedGroup & { members: Set<AwsUserId> }>()
  readonly assignments = new Map<AwsPrincipalKey, Set<GrantKey>>()
  readonly rememberedAssignments = new Map<AssignmentKey, Remembered>()
  readonly rememberedMembers = new Map<MembershipKey, Remembered>()
  uncertain: ReadonlySet<Thing> = new Set()
  decidedSince: ReadonlyMap<Subject, string> = new Map()

  constructor() {
    for (const id of PEOPLE) {
      this.users.set(id, {
        id,
        userName: `${id.split('-').at(-1)}@acme.example`,
        displayName: '',
        email: '',
        active: true,
      })
      this.assignments.set(awsPrincipalKey({ type: 'USER', id }), new Set(GRANTS.slice(0, 1)))
    }
    for (const id of GROUPS) {
      this.groups.set(id, { id, displayName: id.slice(4, -8), members: new Set(PEOPLE) })
      this.assignments.set(awsPrincipalKey({ type: 'GROUP', id }), new Set(GRANTS.slice(0, 1)))
    }
  }

  readonly appeared = new Set<AwsUserId | AwsGroupId>()

  /** Says what it was about. */
  let(happening: Happening): Thing | undefined {
    switch (happening.what) {
      case 'user': {
        const { id, name } = happening
        if (name === null || !this.users.has(id)) this.appeared.add(id)
        if (name === null) {
          this.users.delete(id)
          for (const { members } of this.groups.values()) members.delete(id)
        } else this.users.set(id, { id, userName: name, displayName: '', email: '', active: true })
        return `user ${id}`
      }
      case 'group': {
        const { id, name } = happening
        if (name === null || !this.groups.has(id)) this.appeared.add(id)
        if (name === null) this.groups.delete(id)
        else this.groups.set(id, { id, displayName: name, members: this.groups.get(id)?.members ?? new Set() })
        return `group ${id}`
      }
      case 'assignment': {
        const [principal, grant] = happening.of
        const held = this.assignments.get(awsPrincipalKey(principal)) ?? new Set()
        this.assignments.set(awsPrincipalKey(principal), held)
        if (!held.delete(grant)) held.add(grant)
        return assignmentKey(principal, grant)
      }
      case 'membership': {
        const [group, user] = happening.of
        const members = this.groups.get(group)?.members
        if (!members?.delete(user)) members?.add(user)
        return membershipKey(group, user)
      }
      case 'remember': {
        const known: Map<string, Remembered> = /^(USER|GROUP):/.test(happening.of)
          ? this.rememberedAssignments
          : this.rememberedMembers
        if (happening.remembered) known.set(happening.of, happening.remembered)
        else known.delete(happening.of)
        return happening.of
      }
      case 'doubt':
        this.uncertain = this.uncertain.symmetricDifference(new Set([assignmentKey(...happening.of)]))
        return undefined
      case 'decide': {
        const since = new Map(this.decidedSince)
        if (!since.delete(happening.subject)) since.set(happening.subject, 'e')
        this.decidedSince = since
        return undefined
      }
    }
  }
}

describe('a plan that is followed from change to change', () => {
  it('equals the one that is made in full, after every step of a history of records, of AWS and of time', () => {
    fc.assert(
      fc.property(
        histories(),
        fc.array(fc.array(happenings(), { maxLength: 8 }), { minLength: 13, maxLength: 13 }),
        (chapters, happened) => {
          const [first] = chapters
          if (!first) return
          const world = new World()
          const [states, plans] = [createDesiredStateTracker(), createPlanTracker()]
          let view = createView(first.snapshot)
          const inputAt = (at: Instant, since = world) => ({
            observed: since,
            memory: {
              assignments: world.rememberedAssignments,
              members: world.rememberedMembers,
              decidedSince: world.decidedSince,
            },
            adoptedAccounts: new Set(A_CATALOGUE.accounts.keys()),
            uncertain: world.uncertain,
            now: at,
          })
          for (const [index, { snapshot, now }] of chapters.entries()) {
            view = deriveView(view, snapshot)
            world.appeared.clear()
            const things = new Set((happened[index] ?? []).flatMap((one) => world.let(one) ?? []))
            const { desired, changes } = states.advance(view, now)
            const since = changes && {
              desired: changes,
              things,
              appeared: world.appeared,
              principals: new Set<AwsPrincipalKey>(),
            }
            const whole = createView(snapshot)
            expect(plans.advance({ ...inputAt(now), view, desired }, since)).toEqual(
              planChanges({ ...inputAt(now), view: whole, desired: computeDesiredState(whole, now) }),
            )
          }
        },
      ),
      { numRuns: 400 },
    )
  })
})
