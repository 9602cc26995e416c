import { type AccessList, days, DEFAULT_SCHEDULE, DomainError, instant } from '@gatehouse/domain'
import { aList, aUser, on, PROD, READ_ONLY, userId } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { listTasks } from '../tasks/list-tasks.ts'
import { type GovernanceScene, startGovernance } from '../testing/governance-scene.ts'
import { getAccessList } from './list-access-lists.ts'
import { listReviewRows } from './list-review-rows.ts'
import { recordReminders } from './record-reminders.ts'
import { reviewAccessList } from './review-access-list.ts'

/** Ten days after the scene begins, less nine hours. */
const DUE = instant('2027-03-11T00:00:00Z')
const USERS = ['ana', 'boris', 'chiara', 'eva'].map((name) => aUser(name))
const platform = (partial: Parameters<typeof aList>[1] = {}): AccessList =>
  aList('platform', {
    owners: ['boris'],
    members: ['ana', 'eva'],
    grants: [on(READ_ONLY, PROD)],
    audit: { ...DEFAULT_SCHEDULE, nextAuditDate: DUE, suspendAfter: days(7) },
    escalation: { after: days(2), to: [{ kind: 'user', user: userId('chiara') }] },
    ...partial,
  })
const start = (...lists: readonly AccessList[]): Promise<GovernanceScene> => startGovernance({ users: USERS, lists })
const recorded = ({ store }: GovernanceScene): readonly unknown[] =>
  store.events.map(({ code, fields }) => [code, fields['stage']])
const review = (scene: GovernanceScene, by: string, removeMembers: readonly string[] = []) =>
  reviewAccessList(scene, { actor: scene.as(by), list: 'platform', notes: '', removeMembers }, scene.signal)
const kindsFor = async (scene: GovernanceScene, who: string): Promise<readonly string[]> =>
  (await listTasks(scene, scene.as(who), scene.signal)).map(({ kind }) => kind)

describe('reminders', () => {
  it('are recorded once for each stage, however often and by how many servers is looked', async () => {
    const scene = await start(platform())
    await Promise.all([recordReminders(scene, scene.signal), recordReminders(scene, scene.signal)])
    await recordReminders(scene, scene.signal)
    expect(recorded(scene)).toEqual([['GH030I', 'open']])
    scene.clock.advance(days(10))
    await recordReminders(scene, scene.signal)
    scene.clock.advance(days(2))
    await recordReminders(scene, scene.signal)
    scene.clock.advance(days(5))
    await recordReminders(scene, scene.signal)
    await recordReminders(scene, scene.signal)
    expect(recorded(scene)).toEqual([
      ['GH030I', 'open'],
      ['GH030I', 'overdue'],
      ['GH031W', 'escalated'],
      ['GH032W', 'suspended'],
    ])
    expect(scene.store.events[2]).toMatchObject({
      subjects: ['list:platform'],
      fields: {
        name: 'platform',
        updated_by: 'system',
        due_date: '2027-03-11T00:00:00Z',
        owners: ['boris@acme.example'],
        escalated_to: ['chiara@acme.example'],
      },
    })
  })
  it('leave the revision of a list, so that nobody’s change is refused for them', async () => {
    const scene = await start(platform())
    await recordReminders(scene, scene.signal)
    expect((await scene.store.readRecords(scene.signal)).lists[0]?.revision).toBe(1)
  })
})

describe('a review that is overdue for long', () => {
  it('is done by those to whom it went, who see the list from then on until it is done', async () => {
    const scene = await start(platform())
    const see = () => getAccessList(scene, { actor: scene.as('chiara'), list: 'platform' }, scene.signal)
    scene.clock.advance(days(11))
    await expect(see()).rejects.toThrow(DomainError)
    await expect(review(scene, 'chiara')).rejects.toThrow(DomainError)
    scene.clock.advance(days(1))
    expect(await see()).toMatchObject({ mayReview: true, access: { mayManageMembers: false, mayEdit: false } })
    const query = { actor: scene.as('chiara'), list: 'platform', start: 0, limit: 9 }
    expect((await listReviewRows(scene, query, scene.signal)).total).toBe(2)
    expect(await kindsFor(scene, 'chiara')).toEqual(['escalated-review'])
    expect((await review(scene, 'chiara', ['eva@acme.example'])).waitingFor).toBeUndefined()
    expect([await kindsFor(scene, 'chiara'), await kindsFor(scene, 'boris')]).toEqual([[], []])
    await expect(see()).rejects.toThrow(DomainError)
  })
})

describe('a review of a list that another system keeps', () => {
  it('ends in a task for its owner, and says so in its record and its event', async () => {
    const scene = await start(platform({ type: 'scim' }))
    const { review: filed } = await review(scene, 'boris', ['eva@acme.example'])
    expect(filed.changes).toEqual({ removedMembers: [], askedRemovals: ['eva@acme.example'] })
    const [list] = (await scene.store.readRecords(scene.signal)).lists
    expect(list?.members).toHaveLength(2)
    expect(await kindsFor(scene, 'boris')).toEqual(['removal-elsewhere'])
    expect(scene.store.events).toMatchObject([
      { code: 'TAL004I', fields: { removed_members: [], asked_removals: ['eva@acme.example'] } },
    ])
  })
})
