import { parsePattern } from '@gatehouse/domain'
import { aRole, aServiceProvider, aUser, on, PROD, READ_ONLY } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { startGovernance } from '../testing/index.ts'
import { listApplications } from './list-applications.ts'

const PAYROLL = aServiceProvider('payroll', { labels: { team: 'people' } })
const opens = aRole('pay', { version: 'v8', allow: { appLabels: { team: [parsePattern('people')] } } })
const asks = aRole('asker', { allow: { request: { searchAsRoles: ['pay'] } } })

async function applicationsOf(roles: readonly string[], extra: Parameters<typeof startGovernance>[0] = {}) {
  const scene = await startGovernance({
    ...extra,
    users: [aUser('ana', { roles })],
    roles: [opens, asks, ...(extra.roles ?? [])],
  })
  await scene.store.commit({ records: [{ put: 'service-provider', provider: PAYROLL }] }, scene.signal)
  const found = await listApplications(scene, scene.as('ana'), scene.signal)
  return found.map((one) => ({
    name: one.kind === 'saml' ? one.provider.name : 'identity center',
    access: one.access,
    missing: one.denial?.missing,
  }))
}

it('shows Identity Center to whoever has an account assignment, with what keeps him from signing in (GD-35)', async () => {
  expect(await applicationsOf([on(READ_ONLY, PROD), 'access'])).toContainEqual({
    name: 'identity center',
    access: 'granted',
    missing: undefined,
  })
  expect(await applicationsOf([on(READ_ONLY, PROD), 'pay'])).toContainEqual({
    name: 'identity center',
    access: 'granted',
    missing: 'label',
  })
})
it('points to Identity Center whoever may only ask for something there, and shows it to nobody else', async () => {
  expect(await applicationsOf(['requester'])).toMatchObject([{ name: 'identity center', access: 'requestable' }])
  expect(await applicationsOf(['pay'])).toEqual([{ name: 'payroll', access: 'granted', missing: undefined }])
})
it('shows other applications to whom they are open and to who may ask for them', async () => {
  expect(await applicationsOf(['asker', 'editor', 'closed'], { roles: [aRole('closed', { version: 'v8' })] })).toEqual([
    { name: 'payroll', access: 'requestable', missing: undefined },
  ])
})
