import { DomainError } from '@gatehouse/domain'
import { anOrganization, aUser } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { startGovernance } from '../testing/index.ts'
import { editOrganization } from './edit-organization.ts'

const start = (rolesSyncMode: 'ALL' | 'NONE') =>
  startGovernance({
    organization: anOrganization({ rolesSyncMode }),
    users: [aUser('root', { roles: ['editor'] }), aUser('ana')],
  })
const edit = async (from: 'ALL' | 'NONE', to: 'ALL' | 'NONE', who = 'root') => {
  const scene = await start(from)
  const command = { actor: scene.as(who), organization: anOrganization().id, rolesSyncMode: to }
  const edited = await editOrganization(scene, command, scene.signal)
  return { edited, events: scene.store.events }
}

it('derived roles can be switched on later, which is recorded', async () => {
  const { edited, events } = await edit('NONE', 'ALL')
  expect(edited.rolesSyncMode).toBe('ALL')
  expect(events).toMatchObject([{ code: 'PG002I', fields: { plugin_data: { roles_sync_mode: 'ALL' } } }])
})
it('they can not be switched off, and what is so already changes nothing', async () => {
  await expect(edit('ALL', 'NONE')).rejects.toThrow('can not go from ALL to NONE')
  expect((await edit('NONE', 'NONE')).events).toEqual([])
})
it('only who may change plugins switches them', async () => {
  await expect(edit('NONE', 'ALL', 'ana')).rejects.toThrow(DomainError)
})
