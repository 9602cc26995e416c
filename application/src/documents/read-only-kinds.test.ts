import { DEFAULT_SCHEDULE, DomainError, instant, parseDocuments, plainReview } from '@gatehouse/domain'
import { aList, aMemberList, aRole, aUser, PROD, READ_ONLY } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { getReview, listAllReviews } from '../access-lists/read-reviews.ts'
import { reviewAccessList } from '../access-lists/review-access-list.ts'
import { startGovernance } from '../testing/index.ts'
import { getDocument, listDocuments } from './read-documents.ts'

const auditor = aRole('reader', { allow: { rules: [{ resources: ['*'], verbs: ['list', 'read'] }] } })
const audit = { ...DEFAULT_SCHEDULE, nextAuditDate: instant('2027-03-05T00:00:00Z') }
async function start() {
  const names = ['boris', 'eva', 'zoe'].map((name) => aUser(name))
  const scene = await startGovernance({
    users: [...names, aUser('rita', { roles: ['reader'] })],
    roles: [auditor],
    lists: ['one', 'two'].map((name) => aList(name, { owners: ['boris'], members: ['eva', 'zoe'], audit })),
  })
  for (const list of ['one', 'two'])
    await reviewAccessList(
      scene,
      { actor: scene.as('boris'), list, notes: list, removeMembers: ['eva@acme.example'], frequencyMonths: 3 },
      scene.signal,
    )
  return scene
}

it('reviews are read as documents by those who see the members of the list, newest first', async () => {
  const scene = await start()
  const seen = async (who: string, limit = 9) =>
    (await listAllReviews(scene, { actor: scene.as(who), limit }, scene.signal)).map(({ notes }) => notes)
  expect([await seen('rita'), await seen('boris'), await seen('eva')]).toEqual([['two', 'one'], ['two', 'one'], []])
  expect(await seen('rita', 1)).toEqual(['two'])
  const [review] = await listAllReviews(scene, { actor: scene.as('rita'), limit: 1 }, scene.signal)
  const id = review?.id ?? ''
  const document = plainReview(await getReview(scene, { actor: scene.as('rita'), id }, scene.signal))
  expect(document).toEqual({
    kind: 'access_list_review',
    version: 'v1',
    metadata: { name: id },
    spec: {
      access_list: 'two',
      reviewers: ['boris@acme.example'],
      review_date: '2027-03-01T09:00:00Z',
      notes: 'two',
      changes: { review_frequency_changed: '3 months', removed_members: ['eva@acme.example'] },
    },
    status: { next_audit_date: '2027-06-01T00:00:00Z' },
  })
  expect(() => parseDocuments(JSON.stringify(document))).toThrow(DomainError)
  await expect(getReview(scene, { actor: scene.as('eva'), id }, scene.signal)).rejects.toThrow(DomainError)
  expect(await getReview(scene, { actor: scene.as('boris'), id }, scene.signal)).toMatchObject({ id })
})

it('accounts, permission sets, the integration and the plugin are read by those whom a rule lets', async () => {
  const scene = await start()
  for (const [kind, name] of [
    ['aws_ic_account', PROD.id],
    ['aws_ic_permission_set', READ_ONLY.name],
    ['integration', 'idc-role'],
    ['plugin', 'aws-identity-center'],
  ] as const) {
    const query = { kind, clusterName: 'acme' }
    const listed = await listDocuments(scene, { ...query, actor: scene.as('rita') }, scene.signal)
    expect(listed.map(({ metadata }) => metadata['name'])).toContain(name)
    expect(await listDocuments(scene, { ...query, actor: scene.as('eva') }, scene.signal)).toEqual([])
    const one = await getDocument(scene, { ...query, name, actor: scene.as('rita') }, scene.signal)
    expect(one).toMatchObject({ kind, metadata: { name } })
    expect(() => parseDocuments(JSON.stringify(one))).toThrow(DomainError)
  }
})

it('a list says which lists it is in and owns, as far as the viewer may see them', async () => {
  const inner = aList('inner', { owners: ['boris'] })
  const scene = await startGovernance({
    users: [aUser('boris'), aUser('rita', { roles: ['reader'] })],
    roles: [auditor],
    lists: [inner, aList('outer', { members: [aMemberList('inner')] }), aList('owned', { ownerLists: ['inner'] })],
  })
  const statusFor = async (who: string) => {
    const query = { actor: scene.as(who), kind: 'access_list', name: 'inner', clusterName: 'acme' } as const
    const document = await getDocument(scene, query, scene.signal)
    expect(parseDocuments(JSON.stringify(document))).toHaveLength(1)
    return document.status
  }
  expect(await statusFor('rita')).toEqual({ owner_of: ['owned'], member_of: ['outer'] })
  expect(await statusFor('boris')).toBeUndefined()
})
