import { type AccessList, days, DEFAULT_SCHEDULE, DomainError, minus } from '@gatehouse/domain'
import { aList, aLock, aMemberList, aRole, aUser, listId, NOW, roleName, userId } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { applyDocuments } from '../documents/apply-documents.ts'
import { removeDocument } from '../documents/remove-document.ts'
import { type GovernanceScene, startGovernance } from '../testing/index.ts'
import { addMember } from './add-member.ts'
import { getAccessList } from './list-access-lists.ts'
import { listReviewRows } from './list-review-rows.ts'
import { listReviews } from './list-reviews.ts'
import { removeMembers } from './remove-members.ts'
import { reviewAccessList } from './review-access-list.ts'

/** `ok`, or how it is refused: whoever may not see the list does not learn that it is there. */
type Outcome = 'ok' | 'refused' | 'not-found'

const rule = (...verbs: ('list' | 'read' | 'update' | 'create' | 'delete')[]) => ({ resources: ['access_list'], verbs })
const ROLES = [
  aRole('lead'),
  aRole('reader', { allow: { rules: [rule('list', 'read')] } }),
  aRole('updater', { allow: { rules: [rule('list', 'read', 'update')] } }),
  aRole('creator', { allow: { rules: [rule('create')] } }),
  aRole('remover', { allow: { rules: [rule('delete')] } }),
  aRole('not-changing', { deny: { rules: [rule('update')] } }),
  aRole('not-seeing', { deny: { rules: [rule('read')] } }),
]
const OVERDUE = { ...DEFAULT_SCHEDULE, nextAuditDate: minus(NOW, days(3)) }
const platform: AccessList = {
  ...aList('platform', {
    owners: ['owner', 'lacking', 'locked', 'unable', 'blind'],
    ownerLists: ['owners'],
    members: ['member', 'ana', aMemberList('inner')],
    ownershipRequires: { roles: [roleName('lead')], traits: {} },
    audit: OVERDUE,
  }),
  escalation: { after: days(2), to: [{ kind: 'user', user: userId('stand-in') }] },
}
const start = (): Promise<GovernanceScene> =>
  startGovernance({
    roles: ROLES,
    users: [
      aUser('ana'),
      aUser('new'),
      aUser('owner', { roles: ['lead'] }),
      aUser('owner-by-list', { roles: ['lead'] }),
      aUser('lacking'),
      aUser('locked', { roles: ['lead'] }),
      aUser('unable', { roles: ['lead', 'not-changing'] }),
      aUser('blind', { roles: ['lead', 'not-seeing'] }),
      aUser('member'),
      aUser('member-by-list'),
      aUser('stand-in'),
      aUser('stranger'),
      aUser('reader', { roles: ['reader'] }),
      aUser('updater', { roles: ['updater'] }),
      aUser('creator', { roles: ['creator'] }),
      aUser('remover', { roles: ['remover'] }),
      aUser('editor', { roles: ['editor'] }),
    ],
    lists: [
      platform,
      aList('owners', { members: ['owner-by-list'] }),
      aList('inner', { members: ['member-by-list'] }),
      aList('alone', { owners: ['owner'] }),
    ],
    locks: [aLock({ kind: 'user', user: userId('locked') })],
  })

type Act = (scene: GovernanceScene, who: string) => Promise<unknown>
const list = 'platform'
const apply = (scene: GovernanceScene, who: string, source: string): Promise<unknown> =>
  applyDocuments(scene, { actor: scene.as(who), source, mode: 'replace' }, scene.signal)
const ACTIONS = {
  see: (scene, who) => getAccessList(scene, { actor: scene.as(who), list }, scene.signal),
  'see members': async (scene, who) => {
    const { members } = await getAccessList(scene, { actor: scene.as(who), list }, scene.signal)
    if (!members) throw new DomainError({ code: 'refused', message: '', remedy: '' })
  },
  'read reviews': (scene, who) => listReviews(scene, { actor: scene.as(who), list, limit: 9 }, scene.signal),
  'read rows': (scene, who) => listReviewRows(scene, { actor: scene.as(who), list, start: 0, limit: 9 }, scene.signal),
  create: (scene, who) => apply(scene, who, 'kind: access_list\nmetadata: {name: fresh}\nspec: {title: fresh}'),
  'edit settings': (scene, who) =>
    apply(scene, who, 'kind: access_list\nmetadata: {name: platform}\nspec: {title: new}'),
  remove: (scene, who) =>
    removeDocument(scene, { actor: scene.as(who), kind: 'access_list', name: 'alone' }, scene.signal),
  'add member': (scene, who) =>
    addMember(
      scene,
      { actor: scene.as(who), list, member: { kind: 'user', name: 'new@acme.example' }, reason: '' },
      scene.signal,
    ),
  'remove members': (scene, who) =>
    removeMembers(scene, { actor: scene.as(who), list, members: ['ana@acme.example', 'inner'] }, scene.signal),
  'see what removing members would take': (scene, who) =>
    removeMembers(scene, { actor: scene.as(who), list, members: ['ana@acme.example'], dryRun: true }, scene.signal),
  review: (scene, who) =>
    reviewAccessList(scene, { actor: scene.as(who), list, notes: '', removeMembers: [] }, scene.signal),
} satisfies Record<string, Act>
const NAMES = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[] // of an object that was written here

async function outcomeOf(act: Act, who: string): Promise<Outcome> {
  const scene = await start()
  try {
    await act(scene, who)
    return 'ok'
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { code } = error.problem
    if (code === 'refused' || code === 'not-found') return code
    throw error
  }
}

const O = 'ok'
const R = 'refused'
const N = 'not-found'
// Governance facts, 4.7. An action on "alone" is asked about where lists that are named elsewhere can't be removed.
const TABLE: readonly (readonly [who: string, ...outcomes: Outcome[]])[] = [
  //                 see see-members reviews rows create settings remove add take-out its-dry-run review
  ['owner', O, O, O, O, R, R, R, O, O, O, O],
  ['owner-by-list', O, O, O, O, R, R, R, O, O, O, O],
  ['lacking', N, N, N, N, R, R, R, N, N, N, N],
  ['locked', R, R, R, R, R, R, R, R, R, R, R],
  ['unable', O, O, O, R, R, R, R, R, R, R, R],
  ['blind', N, N, N, N, R, R, R, N, N, N, N],
  ['member', O, R, R, R, R, R, R, R, R, R, R],
  ['member-by-list', O, R, R, R, R, R, R, R, R, R, R],
  ['stand-in', O, O, O, O, R, R, R, R, R, R, O],
  ['stranger', N, N, N, N, R, R, R, N, N, N, N],
  ['reader', O, O, O, R, R, R, R, R, R, R, R],
  ['updater', O, O, O, O, R, O, R, O, O, O, O],
  ['creator', N, N, N, N, O, R, R, N, N, N, N],
  ['remover', N, N, N, N, R, R, O, N, N, N, N],
  ['editor', O, O, O, O, O, O, O, O, O, O, O],
]

describe.each(TABLE)('%s of a list', (who, ...expected) => {
  it.each(NAMES.map((name, index) => [name, expected[index]] as const))('to %s: %s', async (name, outcome) => {
    expect(await outcomeOf(ACTIONS[name], who)).toBe(outcome)
  })
})

it('nobody removes a list that another one names', async () => {
  const scene = await start()
  for (const name of ['inner', 'owners']) {
    const removed = removeDocument(scene, { actor: scene.as('editor'), kind: 'access_list', name }, scene.signal)
    await expect(removed).rejects.toMatchObject({ problem: { code: 'in-use' } })
  }
  expect((await scene.store.readRecords(scene.signal)).lists.some(({ id }) => id === listId('inner'))).toBe(true)
})

it('a rule with a condition is asked about a list as it was and as it becomes', async () => {
  const where = 'resource.metadata.labels["team"] == "web"'
  const role = `kind: role\nmetadata: {name: web}\nspec: {allow: {rules: [{resources: [access_list], verbs: [create, read, list, update], where: '${where}'}]}}`
  const scene = await startGovernance({ users: [aUser('root', { roles: ['editor'] }), aUser('wes')], roles: [] })
  await apply(scene, 'root', role)
  await apply(scene, 'root', 'kind: user\nmetadata: {name: wes@acme.example}\nspec: {roles: [web]}')
  const document = (team: string) => `kind: access_list\nmetadata: {name: w, labels: {team: ${team}}}\nspec: {title: w}`
  await apply(scene, 'wes', document('web'))
  await expect(apply(scene, 'wes', document('data'))).rejects.toThrow(DomainError)
  await apply(scene, 'root', document('data'))
  await expect(apply(scene, 'wes', document('web'))).rejects.toThrow(DomainError)
})
