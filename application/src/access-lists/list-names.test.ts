import { DEFAULT_SCHEDULE, DomainError, minus, days } from '@gatehouse/domain'
import { aList, aUser, NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { getDocument, listDocuments } from '../documents/read-documents.ts'
import { removeDocument } from '../documents/remove-document.ts'
import { startGovernance } from '../testing/index.ts'
import { getAccessList } from './list-access-lists.ts'
import { listReviews } from './list-reviews.ts'
import { removeMembers } from './remove-members.ts'
import { reviewAccessList } from './review-access-list.ts'

const audit = { ...DEFAULT_SCHEDULE, nextAuditDate: minus(NOW, days(1)) }
const start = () =>
  startGovernance({
    users: ['boris', 'chiara', 'ana', 'eva'].map((name) => aUser(name)),
    lists: [
      aList('prod', { owners: ['boris'], members: ['ana'], audit }),
      aList('prod-admins', { owners: ['chiara'], members: ['eva'], audit }),
      aList('prod.admins', { owners: ['chiara'], members: ['eva'] }),
    ],
  })

it('D4-27 whoever owns a list has nothing to do with one whose name begins with its name', async () => {
  const scene = await start()
  const boris = scene.as('boris')
  const query = { actor: boris, kind: 'access_list_member', clusterName: 'acme' } as const
  const members = await listDocuments(scene, query, scene.signal)
  expect(members.map(({ metadata }) => metadata['name'])).toEqual(['ana@acme.example'])
  for (const name of ['prod-admins/eva@acme.example', 'prod/eva@acme.example', 'prod-admins'])
    await expect(getDocument(scene, { ...query, name }, scene.signal)).rejects.toThrow(DomainError)
  for (const list of ['prod-admins', 'prod.admins', 'prod%', 'prod_admins', 'pro', 'PROD', 'prod/']) {
    await expect(getAccessList(scene, { actor: boris, list }, scene.signal)).rejects.toThrow(DomainError)
    const command = { actor: boris, list, members: ['eva@acme.example'] }
    await expect(removeMembers(scene, command, scene.signal)).rejects.toThrow(DomainError)
  }
  const slipped = removeDocument(
    scene,
    { actor: boris, kind: 'access_list_member', name: 'prod-admins/eva@acme.example' },
    scene.signal,
  )
  await expect(slipped).rejects.toThrow(DomainError)
})

it('D4-27 reviews, members and removal of a list leave the one with the longer name alone', async () => {
  const scene = await start()
  const review = { actor: scene.as('chiara'), list: 'prod-admins', notes: 'theirs', removeMembers: [] }
  await reviewAccessList(scene, review, scene.signal)
  expect(await listReviews(scene, { actor: scene.as('boris'), list: 'prod', limit: 9 }, scene.signal)).toEqual([])
  await removeDocument(scene, { actor: { kind: 'system' }, kind: 'access_list', name: 'prod' }, scene.signal)
  const { lists } = await scene.store.readRecords(scene.signal)
  expect(lists.map(({ id, members }) => [id, members.length])).toEqual([
    ['prod-admins', 1],
    ['prod.admins', 1],
  ])
})
