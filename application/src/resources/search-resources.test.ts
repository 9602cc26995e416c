import { parsePredicate, RESOURCE_SCOPE } from '@gatehouse/domain'
import { aUser, PROD, READ_ONLY } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { type GovernanceScene, startGovernance } from '../testing/index.ts'
import { type ResourceSearch, searchResources } from './search-resources.ts'

const start = () => startGovernance({ users: [aUser('ana', { roles: ['requester'] })] })
async function search(scene: GovernanceScene, wanted: ResourceSearch, { requestable = true, isFirst = true } = {}) {
  const query = { actor: scene.as('ana'), requestable, isFirst, search: wanted }
  const { accounts } = await searchResources(scene, query, scene.signal)
  return accounts.flatMap(({ account, permissionSets }) =>
    permissionSets.map(({ permissionSet }) => `${permissionSet.name} on ${account.name}`),
  )
}

it('finds by words, by labels, and by a condition', async () => {
  const scene = await start()
  expect(await search(scene, {})).toHaveLength(9)
  expect(await search(scene, { words: 'prod readonly' })).toEqual(['ReadOnlyAccess on prod'])
  expect(await search(scene, { labels: { 'teleport.dev/account-name': 'sandbox' } })).toHaveLength(3)
  const query = parsePredicate(
    `labels["teleport.dev/account-id"] == "${PROD.id}" && name == "${PROD.id}--${READ_ONLY.name}"`,
    RESOURCE_SCOPE,
  )
  expect(await search(scene, { query })).toEqual(['ReadOnlyAccess on prod'])
})
it('records that somebody looked for what he may ask for, once for all pages', async () => {
  const scene = await start()
  await search(scene, { kind: 'aws_ic_account_assignment', words: 'prod', labels: { a: 'b' } })
  await search(scene, { words: 'prod' }, { isFirst: false })
  await search(scene, { words: 'prod' }, { requestable: false })
  await search(scene, {})
  expect(scene.store.events).toMatchObject([
    {
      event: 'access_request.search',
      code: 'T5004I',
      user: 'ana@acme.example',
      fields: {
        resource_type: 'aws_ic_account_assignment',
        search_as_roles: ['aws-ic-access'],
        labels: { a: 'b' },
        predicate: '',
        search_keywords: ['prod'],
      },
    },
  ])
})
