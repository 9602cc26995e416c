import { type AccessList, DEFAULT_SCHEDULE, days, instant, minus } from '@gatehouse/domain'
import {
  ADMIN,
  aList,
  aMember,
  aMemberList,
  aUser,
  listId,
  NOW,
  on,
  PROD,
  READ_ONLY,
  roleName,
  SANDBOX,
} from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { type GovernanceScene, startGovernance, storedList } from '../testing/governance-scene.ts'
import { addMember } from './add-member.ts'
import { listReviewRows } from './list-review-rows.ts'
import { listReviews } from './list-reviews.ts'
import { reviewAccessList, type ReviewAccessListCommand } from './review-access-list.ts'
import { skipEmptyReviews } from './skip-empty-reviews.ts'
import { refusalOf } from '../testing/problem-of.ts'

const DUE = { ...DEFAULT_SCHEDULE, nextAuditDate: instant('2027-03-05T00:00:00Z') }
const USERS = [aUser('ana'), aUser('boris'), aUser('chiara'), aUser('eva'), aUser('root', { roles: ['editor'] })]
const platform = (partial: Parameters<typeof aList>[1] = {}): AccessList =>
  aList('platform', {
    owners: ['boris'],
    members: ['ana', 'eva'],
    grants: [on(READ_ONLY, PROD)],
    audit: DUE,
    ...partial,
  })

const start = (...lists: readonly AccessList[]): Promise<GovernanceScene> => startGovernance({ users: USERS, lists })
const review = (scene: GovernanceScene, by: string, more: Partial<ReviewAccessListCommand> = {}) =>
  reviewAccessList(
    scene,
    { actor: scene.as(by), list: 'platform', notes: '', removeMembers: [], ...more },
    scene.signal,
  )
const stored = (scene: GovernanceScene): Promise<AccessList> => storedList(scene, 'platform')

describe('a review of an access list', () => {
  it('takes out whom the owner names, keeps his notes, and sets the next date', async () => {
    const scene = await start(platform())
    const { review: filed } = await review(scene, 'boris', {
      notes: ' eva has left ',
      removeMembers: ['EVA@acme.example'],
    })
    expect(filed).toMatchObject({
      reviewer: 'boris@acme.example',
      reviewedAt: NOW,
      notes: 'eva has left',
      changes: { removedMembers: ['eva@acme.example'] },
      nextAuditDate: instant('2027-09-01T00:00:00Z'),
    })
    expect(await stored(scene)).toMatchObject({
      members: [aMember('ana')],
      audit: { nextAuditDate: filed.nextAuditDate },
    })
    const [kept] = await listReviews(scene, { actor: scene.as('boris'), list: 'platform', limit: 9 }, scene.signal)
    expect(kept).toEqual({ seq: 1, ...filed })
  })
  it('is recorded with everything it changed, and each removal as well', async () => {
    const scene = await start(platform())
    await review(scene, 'boris', {
      notes: 'n',
      removeMembers: ['eva@acme.example'],
      frequencyMonths: 3,
      dayOfMonth: 31,
    })
    expect(scene.store.events.map(({ event, code }) => [event, code])).toEqual([
      ['access_list.review', 'TAL004I'],
      ['access_list.member.delete', 'TAL007I'],
    ])
    expect(scene.store.events[0]).toMatchObject({
      user: 'boris@acme.example',
      subjects: ['list:platform', 'user:id-of-eva'],
      fields: {
        name: 'platform',
        access_list_title: 'platform',
        updated_by: 'boris@acme.example',
        success: true,
        notes: 'n',
        removed_members: ['eva@acme.example'],
        membership_requirements_changed: null,
        review_frequency_changed: '3 months',
        review_day_of_month_changed: 'last',
        next_audit_date: '2027-06-30T00:00:00Z',
      },
    })
  })
  it('is for owners who meet the requirements, and does not exist for strangers', async () => {
    const scene = await start(platform({ ownershipRequires: { roles: [roleName('lead')], traits: {} } }))
    expect(await refusalOf(review(scene, 'boris'))).toMatchObject({ code: 'not-found' })
    expect(await refusalOf(review(scene, 'ana'))).toMatchObject({ code: 'refused' })
    expect(await refusalOf(review(scene, 'chiara'))).toMatchObject({ code: 'not-found' })
    expect(
      await refusalOf(
        reviewAccessList(
          scene,
          { actor: { kind: 'system' }, list: 'platform', notes: '', removeMembers: [] },
          scene.signal,
        ),
      ),
    ).toMatchObject({ code: 'refused' })
  })
  it('is for administrators only once the owners have let the date pass', async () => {
    const scene = await start(platform())
    expect(await refusalOf(review(scene, 'root'))).toMatchObject({ code: 'refused' })
    scene.clock.advance(days(10))
    expect((await review(scene, 'root')).waitingFor).toBeUndefined()
  })
  it('is refused for static lists, and for lists that another system keeps unless somebody gave them a date', async () => {
    const undated = { audit: DEFAULT_SCHEDULE }
    for (const list of [platform({ type: 'static' }), platform({ type: 'scim', ...undated })])
      expect(await refusalOf(review(await start(list), 'boris'))).toMatchObject({ code: 'refused' })
    expect((await review(await start(platform({ type: 'scim' })), 'boris')).waitingFor).toBeUndefined()
  })
  it('that is refused to a member is recorded, and one that is refused to a stranger says nothing', async () => {
    const scene = await start(platform())
    await refusalOf(review(scene, 'ana'))
    await refusalOf(review(scene, 'chiara'))
    const chiara = { kind: 'user', name: 'chiara@acme.example' } as const
    await refusalOf(
      addMember(scene, { actor: scene.as('eva'), list: 'platform', member: chiara, reason: '' }, scene.signal),
    )
    expect(scene.store.events).toMatchObject([
      {
        code: 'TAL004E',
        user: 'ana@acme.example',
        fields: { name: 'platform', success: false, error: 'Only owners of a list review it.' },
      },
      { code: 'TAL005E', user: 'eva@acme.example', fields: { access_list_name: 'platform', success: false } },
    ])
    expect((await stored(scene)).members).toHaveLength(2)
  })
  it('is of the list that was looked at, and of no other', async () => {
    const scene = await start(platform())
    const { revision } = await stored(scene)
    const zoe = { kind: 'user', name: 'chiara@acme.example' } as const
    await addMember(scene, { actor: scene.as('boris'), list: 'platform', member: zoe, reason: '' }, scene.signal)
    expect(await refusalOf(review(scene, 'boris', { revision }))).toMatchObject({ code: 'stale' })
    await review(scene, 'boris', { revision: (await stored(scene)).revision })
  })
  it('names nobody who is not in the list', async () => {
    const scene = await start(platform())
    expect(await refusalOf(review(scene, 'boris', { removeMembers: ['eva@acme.exampel'] }))).toMatchObject({
      code: 'not-found',
      suggestion: 'eva@acme.example',
    })
    expect((await stored(scene)).members).toHaveLength(2)
  })
  it('may narrow who can be in the list, and never widen it', async () => {
    const requires = { roles: [], traits: { team: ['cloud'] } }
    const scene = await start(platform({ membershipRequires: requires }))
    const wider = { roles: [], traits: {} }
    expect(await refusalOf(review(scene, 'boris', { membershipRequires: wider }))).toMatchObject({ code: 'refused' })
    const narrower = { roles: [roleName('engineer')], traits: { team: ['cloud'] } }
    await review(scene, 'boris', { membershipRequires: narrower })
    expect(await stored(scene)).toMatchObject({ membershipRequires: narrower })
  })
  it('asks for the number when it removes more people than a budget', async () => {
    const crowd = Array.from({ length: 11 }, (_, index) => aUser(`user-${index}`))
    const members = crowd.map(({ id }) => id.slice('id-of-'.length))
    const scene = await startGovernance({ users: [...USERS, ...crowd], lists: [platform({ members })] })
    const removeMembers = crowd.map(({ name }) => name)
    const problem = await refusalOf(review(scene, 'boris', { removeMembers }))
    expect(problem).toMatchObject({ code: 'too-many-removals' })
    await review(scene, 'boris', {
      removeMembers,
      confirmRemovals: problem.code === 'too-many-removals' ? problem.confirm : 0,
    })
    expect((await stored(scene)).members).toEqual([])
  })
})

describe('nobody certifies himself (D4-33)', () => {
  const own = platform({ owners: ['boris', 'chiara'], members: ['ana', 'boris'] })
  it('so a review by a member waits for somebody else, and takes effect with his', async () => {
    const scene = await start(own)
    const first = await review(scene, 'boris', { removeMembers: ['ana@acme.example'] })
    expect(first.review.nextAuditDate).toBeUndefined()
    expect(first.waitingFor).toContain('nobody certifies himself')
    expect(await stored(scene)).toMatchObject({ members: [aMember('boris')], audit: DUE })
    expect((await review(scene, 'boris')).waitingFor).toBeDefined()
    const second = await review(scene, 'chiara')
    expect(second.review.nextAuditDate).toBe(instant('2027-09-01T00:00:00Z'))
    expect(await stored(scene)).toMatchObject({ signOffs: [], audit: { nextAuditDate: second.review.nextAuditDate } })
  })
  it('unless he takes himself out', async () => {
    const scene = await start(own)
    expect((await review(scene, 'boris', { removeMembers: ['boris@acme.example'] })).waitingFor).toBeUndefined()
  })
  it('also where he is a member through another list', async () => {
    const inner = aList('inner', { members: ['boris'] })
    const scene = await start(inner, platform({ members: [aMemberList('inner')] }))
    expect((await review(scene, 'boris')).waitingFor).toContain('nobody certifies himself')
    expect((await review(scene, 'root')).waitingFor).toBeUndefined()
  })
})

describe('a review by several people', () => {
  const several = (partial: Parameters<typeof aList>[1] = {}): AccessList =>
    platform({ owners: ['boris', 'chiara'], audit: { ...DUE, requiredReviewers: 2 }, ...partial })
  it('is complete with as many different ones as it asks for', async () => {
    const scene = await start(several())
    expect((await review(scene, 'boris')).waitingFor).toBe('1 more person has to review it.')
    expect((await review(scene, 'boris')).waitingFor).toBe('1 more person has to review it.')
    expect((await review(scene, 'chiara')).waitingFor).toBeUndefined()
  })
  it('begins again when somebody joins in between, because the first has not seen him', async () => {
    const scene = await start(several())
    await review(scene, 'boris')
    scene.clock.advance(days(1))
    const late = {
      actor: scene.as('boris'),
      list: 'platform',
      member: { kind: 'user', name: 'root@acme.example' },
      reason: '',
    } as const
    await addMember(scene, late, scene.signal)
    expect((await review(scene, 'chiara')).waitingFor).toBe('1 more person has to review it.')
  })
})

describe('a list that nobody is in', () => {
  it('is not due: its date moves on by itself, and says so', async () => {
    const overdue = { ...DEFAULT_SCHEDULE, nextAuditDate: minus(NOW, days(1)), suspendAfter: days(7) }
    const ended = aMember('ana', { expires: minus(NOW, days(2)) })
    const scene = await start(
      platform({ members: [ended], audit: overdue }),
      aList('busy', { members: ['ana'], audit: overdue }),
    )
    expect(await skipEmptyReviews(scene, scene.signal)).toBe(1)
    expect(await skipEmptyReviews(scene, scene.signal)).toBe(0)
    expect(await stored(scene)).toMatchObject({
      audit: { nextAuditDate: instant('2027-09-01T00:00:00Z') },
      members: [ended],
    })
    const [filed] = await scene.reviews.list({ list: listId('platform'), limit: 1 }, scene.signal)
    expect(filed).toMatchObject({
      reviewer: 'system',
      notes: expect.stringContaining('Nobody is in the list') as string,
    })
  })
})

describe('what a reviewer sees of an entry', () => {
  it('is what would be lost with it and in no other way, how many it stands for, and the last sign-in', async () => {
    const inner = aList('inner', { members: ['eva', 'chiara'] })
    const other = aList('other', { members: ['eva'], grants: [on(READ_ONLY, PROD)] })
    const list = platform({
      members: ['ana', 'eva', aMemberList('inner')],
      grants: [on(READ_ONLY, PROD), on(ADMIN, SANDBOX)],
    })
    const scene = await start(inner, other, list)
    await scene.store.commit(
      {
        events: [
          { event: 'user.login', code: 'T1000I', time: minus(NOW, days(3)), subjects: ['user:id-of-ana'], fields: {} },
          { event: 'user.login', code: 'T1000W', time: NOW, subjects: ['user:id-of-ana'], fields: {} },
        ],
      },
      scene.signal,
    )
    const query = { actor: scene.as('boris'), list: 'platform', start: 0, limit: 9 }
    const { rows, total } = await listReviewRows(scene, query, scene.signal)
    expect(total).toBe(3)
    expect(
      rows.map(({ name, lost, lastSignIn }) => ({ name, lost: lost.grants.length, people: lost.people, lastSignIn })),
    ).toEqual([
      { name: 'ana@acme.example', lost: 2, people: 1, lastSignIn: minus(NOW, days(3)) },
      { name: 'eva@acme.example', lost: 0, people: 1, lastSignIn: undefined },
      { name: 'inner', lost: 2, people: 2, lastSignIn: undefined },
    ])
    expect(await refusalOf(listReviewRows(scene, { ...query, actor: scene.as('ana') }, scene.signal))).toMatchObject({
      code: 'refused',
    })
  })
})
