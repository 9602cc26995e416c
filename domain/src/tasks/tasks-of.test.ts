import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AccessList, DEFAULT_SCHEDULE } from '../access-lists/access-list.ts'
import { mayReviewList, reviewList } from '../access-lists/review-list.ts'
import type { View } from '../desired-state/view.ts'
import { days, type Instant, minus, plus } from '../kernel/instant.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { PRESET_ROLES } from '../roles/preset-roles.ts'
import {
  aList,
  aLock,
  aMember,
  aRequest,
  aRole,
  aUser,
  aView,
  listId,
  NOW,
  on,
  PROD,
  READ_ONLY,
  userId,
} from '../testing/builders.ts'
import type { Task } from './task.ts'
import { tasksOf } from './tasks-of.ts'

const DUE = plus(NOW, days(10))
const OPEN = { ...DEFAULT_SCHEDULE, nextAuditDate: DUE, suspendAfter: days(7) }
const people = ['ana', 'boris', 'chiara', 'dora', 'eva'].map((name) => aUser(name))
const root = aUser('root', { roles: ['editor'] })
const platform = (more: Partial<AccessList> = {}): AccessList => ({
  ...aList('platform', { owners: ['boris'], members: ['ana', 'eva'], audit: OPEN }),
  ...more,
})
const escalation = { after: days(2), to: [{ kind: 'user', user: userId('chiara') }] } as const

function scene(...lists: readonly AccessList[]): View {
  return aView({ users: [...people, root], roles: PRESET_ROLES, lists })
}
function tasks(view: View, who: string, at: Instant = NOW): readonly Task[] {
  const user = view.userById.get(userId(who))
  if (!user) throw new Error(`there is no ${who}`)
  return tasksOf({ user, roles: effectiveRoles(user, view, at) }, view, at)
}
const kinds = (view: View, who: string, at: Instant = NOW): readonly string[] =>
  tasks(view, who, at).map(({ kind }) => kind)

describe('the tasks of an owner', () => {
  it('begin when his list is up for review, with its date and what happens after', () => {
    const view = scene(platform())
    expect(kinds(view, 'boris', minus(DUE, days(15)))).toEqual([])
    expect(tasks(view, 'boris')).toEqual([
      {
        id: expect.stringMatching(/^list-review\/platform\/.*\/open$/) as string,
        kind: 'list-review',
        subject: { kind: 'access_list', id: 'platform', title: 'platform' },
        since: minus(DUE, days(14)),
        due: DUE,
        suspendsAt: plus(DUE, days(7)),
        text: expect.stringContaining('gives nothing more from') as string,
        todo: expect.stringContaining('tctl acl reviews create platform') as string,
      },
    ])
    for (const other of ['ana', 'chiara', 'root']) expect(kinds(view, other)).toEqual([])
  })
  it('stay the same from day to day, and are new with each stage', () => {
    const view = scene(platform())
    const idAt = (at: Instant) => tasks(view, 'boris', at)[0]?.id
    expect(idAt(plus(NOW, days(1)))).toBe(idAt(NOW))
    expect(idAt(minus(DUE, days(2)))).not.toBe(idAt(NOW))
    expect(idAt(DUE)).not.toBe(idAt(minus(DUE, days(2))))
  })
  it('are none while he is locked, and none that a rule keeps him from', () => {
    expect(
      kinds(aView({ ...scene(platform()), locks: [aLock({ kind: 'user', user: userId('boris') })] }), 'boris'),
    ).toEqual([])
    const barred = aRole('barred', { deny: { rules: [{ resources: ['access_list'], verbs: ['update'] }] } })
    const users = [aUser('boris', { roles: ['barred'] }), aUser('ana')]
    expect(kinds(aView({ users, roles: [barred], lists: [platform()] }), 'boris')).toEqual([])
  })
})

describe('a second reviewer', () => {
  const several = platform({
    owners: ['boris', 'chiara'].map((name) => ({ kind: 'user', user: userId(name), description: '' }) as const),
    audit: { ...OPEN, requiredReviewers: 2 },
    signOffs: [{ user: userId('boris'), at: NOW }],
  })
  it('is awaited, and the first one has nothing to do', () => {
    expect(kinds(scene(several), 'boris')).toEqual([])
    expect(tasks(scene(several), 'chiara')).toMatchObject([
      { kind: 'second-review', since: NOW, text: expect.stringContaining('boris@acme.example') as string },
    ])
    expect(kinds(scene(several), 'root')).toEqual([])
  })
  it('is an administrator where nobody else owns the list', () => {
    const alone = platform({ members: [aMember('boris')], signOffs: [{ user: userId('boris'), at: NOW }] })
    expect(kinds(scene(alone), 'root')).toEqual(['second-review'])
  })
})

describe('a review that is overdue for long', () => {
  const late = plus(DUE, days(2))
  it('goes to the people that the list names, who may review it then and not before', () => {
    const view = scene(platform({ escalation }))
    const chiara = aUser('chiara')
    const mayAt = (at: Instant) =>
      mayReviewList(platform({ escalation }), { user: chiara, isAdministrator: false }, view, at)
    expect([kinds(view, 'chiara', DUE), mayAt(DUE)]).toEqual([[], false])
    expect([kinds(view, 'chiara', late), mayAt(late)]).toEqual([['escalated-review'], true])
    expect(kinds(view, 'boris', late)).toEqual(['list-review'])
    expect(kinds(view, 'dora', late)).toEqual([])
  })
  it('goes to everybody in a list that it names', () => {
    const board = aList('board', { members: ['dora'] })
    const view = scene(
      board,
      platform({ escalation: { after: days(2), to: [{ kind: 'list', list: listId('board') }] } }),
    )
    expect(kinds(view, 'dora', late)).toEqual(['escalated-review'])
  })
  it('is an administrator’s when nobody owns the list', () => {
    expect(kinds(scene(platform({ owners: [] })), 'root', NOW)).toEqual([])
    expect(kinds(scene(platform({ owners: [] })), 'root', DUE)).toEqual(['escalated-review'])
    expect(kinds(scene(platform()), 'root', DUE)).toEqual([])
  })
})

describe('a list that another system keeps', () => {
  const kept = platform({ type: 'scim' })
  const boris = { user: aUser('boris'), isAdministrator: false }
  const remove = (list: AccessList, ...names: readonly string[]) =>
    reviewList(list, boris, { notes: '', removed: names.map((name) => aMember(name)) }, scene(list), NOW).list
  it('is up for review once it has a date', () => {
    expect(kinds(scene(kept), 'boris')).toEqual(['list-review'])
    expect(kinds(scene({ ...kept, audit: DEFAULT_SCHEDULE }), 'boris')).toEqual([])
  })
  it('keeps a member whom a review wants out, and asks its owner to remove him there', () => {
    const reviewed = remove(kept, 'eva')
    expect(reviewed.members).toHaveLength(2)
    expect(tasks(scene(reviewed), 'boris')).toMatchObject([
      { kind: 'removal-elsewhere', since: NOW, todo: expect.stringContaining('Remove eva@acme.example in') as string },
    ])
    expect(kinds(scene(reviewed), 'eva')).toEqual([])
  })
  it('asks no longer when he is gone, has ended, or was let in anew', () => {
    const reviewed = remove(kept, 'eva')
    const without = (members: AccessList['members']) => kinds(scene({ ...reviewed, members }), 'boris')
    expect(without([aMember('ana')])).toEqual([])
    expect(without([aMember('eva', { expires: NOW })])).toEqual([])
    expect(without([aMember('eva', { joined: plus(NOW, days(1)) })])).toEqual([])
  })
  it('asks no longer when the next review lets him stay', () => {
    expect(kinds(scene(remove(remove(kept, 'eva'))), 'boris')).toEqual([])
  })
})

describe('a request', () => {
  const reviewer = aRole('reviewer', { allow: { reviewRequests: ['*'] } })
  const users = [...people, aUser('rita', { roles: ['reviewer'] })]
  const asked = aRequest('r1', 'ana', { roles: [on(READ_ONLY, PROD)] })
  it('waits for those who may review it and have not', () => {
    const view = aView({ users, roles: [reviewer], requests: [asked] })
    expect(tasks(view, 'rita')).toMatchObject([
      { kind: 'request-review', due: asked.pendingUntil, subject: { kind: 'access_request', id: 'r1' } },
    ])
    expect(kinds(view, 'ana')).toEqual([])
    expect(kinds(view, 'boris')).toEqual([])
    expect(kinds(view, 'rita', asked.pendingUntil)).toEqual([])
  })
})

it('gives only tasks that the person may do, in order of their dates', () => {
  const names = ['ana', 'boris', 'chiara', 'dora']
  const lists = fc.array(
    fc.record({
      owners: fc.subarray(names),
      members: fc.subarray(names),
      due: fc.integer({ min: -30, max: 30 }),
      escalated: fc.subarray(names),
      scim: fc.boolean(),
    }),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(lists, fc.constantFrom(...names, 'root'), (drawn, who) => {
      const view = scene(
        ...drawn.map(({ owners, members, due, escalated, scim }, index) =>
          aList(`list-${index}`, {
            owners,
            members,
            type: scim ? 'scim' : '',
            audit: { ...DEFAULT_SCHEDULE, nextAuditDate: plus(NOW, days(due)) },
            escalation: { after: days(5), to: escalated.map((name) => ({ kind: 'user', user: userId(name) })) },
          }),
        ),
      )
      const found = tasks(view, who)
      const user = view.userById.get(userId(who)) ?? root
      const isAdministrator = who === 'root'
      for (const { subject } of found) {
        const list = view.lists.find(({ id }) => id === subject.id)
        expect(list && mayReviewList(list, { user, isAdministrator }, view, NOW)).toBe(true)
      }
      const dates = found.map(({ due }) => due ?? Number.POSITIVE_INFINITY)
      expect(dates).toEqual(dates.toSorted((a, b) => a - b))
    }),
  )
})
