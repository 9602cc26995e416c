import { DomainError } from '@gatehouse/domain'
import { aList, aRole, aUser } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { type GovernanceScene, startGovernance } from '../testing/index.ts'
import { applyDocuments } from './apply-documents.ts'
import { removeDocument } from './remove-document.ts'

const reader = aRole('reader', { allow: { rules: [{ resources: ['access_list', 'role'], verbs: ['list', 'read'] }] } })
const start = (): Promise<GovernanceScene> =>
  startGovernance({
    users: [aUser('rita', { roles: ['reader'] }), aUser('boris'), aUser('zoe'), aUser('root', { roles: ['editor'] })],
    roles: [reader],
    lists: [aList('platform', { owners: ['boris'], members: ['zoe'] })],
  })
const LIST = (name: string): string => `kind: access_list\nmetadata: {name: ${name}}\nspec: {title: ${name}}`
const ROLE = (name: string): string => `kind: role\nmetadata: {name: ${name}}\nspec: {}`

async function tries(scene: GovernanceScene, who: string, source: string, dryRun = false): Promise<void> {
  const applied = applyDocuments(scene, { actor: scene.as(who), source, mode: 'replace', dryRun }, scene.signal)
  await expect(applied).rejects.toThrow(DomainError)
}
const recorded = ({ store }: GovernanceScene): readonly unknown[] =>
  store.events.map(({ event, code, user, fields }) => [event, code, user, fields['name'] ?? fields['access_list_name']])

it('creating and changing a list or a role that is refused is recorded with what was wanted', async () => {
  const scene = await start()
  await tries(scene, 'rita', [LIST('new'), LIST('platform'), ROLE('other'), ROLE('reader')].join('\n---\n'))
  const rita = 'rita@acme.example'
  expect(recorded(scene)).toEqual([
    ['access_list.create', 'TAL001E', rita, 'new'],
    ['access_list.update', 'TAL002E', rita, 'platform'],
    ['role.created', 'T9000W', rita, 'other'],
    ['role.updated', 'T9002W', rita, 'reader'],
  ])
  expect(scene.store.events[1]).toMatchObject({
    subjects: ['list:platform'],
    fields: {
      access_list_title: 'platform',
      updated_by: rita,
      success: false,
      error: expect.stringContaining('access_list') as string,
    },
  })
})
it('so is removing one, and so are changes of what is built in', async () => {
  const scene = await start()
  for (const [kind, name] of [
    ['access_list', 'platform'],
    ['role', 'reader'],
    ['role', 'ReadOnlyAccess-on-prod-111111111111'],
  ] as const) {
    const who = name.includes('-on-') ? 'root' : 'rita'
    const removed = removeDocument(scene, { actor: scene.as(who), kind, name }, scene.signal)
    await expect(removed).rejects.toThrow(DomainError)
  }
  await tries(scene, 'root', ROLE('editor'))
  expect(recorded(scene)).toEqual([
    ['access_list.delete', 'TAL003E', 'rita@acme.example', 'platform'],
    ['role.deleted', 'T9001W', 'rita@acme.example', 'reader'],
    ['role.deleted', 'T9001W', 'root@acme.example', 'ReadOnlyAccess-on-prod-111111111111'],
    ['role.updated', 'T9002W', 'root@acme.example', 'editor'],
  ])
})
it('an owner’s attempt at the settings of his list is recorded; that of a stranger, and a dry run, are not', async () => {
  const scene = await start()
  await tries(scene, 'boris', LIST('platform'))
  expect(recorded(scene)).toEqual([['access_list.update', 'TAL002E', 'boris@acme.example', 'platform']])
  await tries(scene, 'boris', LIST('unknown'))
  await tries(scene, 'zoe', ROLE('mine'))
  await tries(scene, 'rita', LIST('new'), true)
  expect(scene.store.events).toHaveLength(1)
})
