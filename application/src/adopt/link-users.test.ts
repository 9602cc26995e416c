import { type AwsUserId, PRESET_ROLES } from '@gatehouse/domain'
import { A_CATALOGUE, aUser, NOW, userId } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { linkPrincipal } from './link-principal.ts'
import { createRecordsCache } from '../governance/records-cache.ts'
import { startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws } from '../testing/in-memory-identity-center.ts'

const { signal } = new AbortController()

it('keeps with a link what AWS calls somebody, where we call him otherwise, until AWS is told', async () => {
  const aws = createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
  for (const [id, userName] of [
    ['u-ana', 'Ana@Acme.example'],
    ['u-bea', 'bea@acme.example'],
    ['u-cleo', 'c.smith@acme.example'],
  ] as const) {
    const profile = { userName, givenName: 'x', familyName: 'x', displayName: 'x', email: userName, active: true }
    aws.users.set(id as AwsUserId, { profile })
  }
  const scene = await startEngineScene(NOW, { mode: 'shadow' })
  const eva = aUser('eva', { roles: ['editor'] })
  const people = [eva, aUser('ana'), aUser('bea'), aUser('cleo')]
  const roles = PRESET_ROLES.map((role) => ({ put: 'role', role }) as const)
  await scene.save(...roles, ...people.map((user) => ({ put: 'user', user }) as const))
  await using running = await scene.start(aws)
  await expect.poll(() => running.engine.status().adopted).toBe(true)
  const ports = { store: scene.store, records: createRecordsCache(scene.store), clock: scene.clock }
  await linkPrincipal(
    ports,
    running.engine,
    {
      actor: { kind: 'user', user: eva.id, assumed: [] },
      organization: scene.organization,
      kind: 'user',
      ours: 'cleo@acme.example',
      aws: 'c.smith@acme.example',
    },
    signal,
  )
  const namesInAws = async () => {
    const { userLinks } = await scene.store.readRecords(signal)
    return Object.fromEntries(userLinks.map(({ user, awsUserName }) => [user, awsUserName]))
  }
  expect(await namesInAws()).toEqual({
    [userId('ana')]: 'Ana@Acme.example',
    [userId('bea')]: undefined,
    [userId('cleo')]: 'c.smith@acme.example',
  })
  await scene.save({ put: 'organization', organization: { ...scene.organization, mode: 'active', revision: 9 } })
  await running.untilQuiet()
  expect(aws.users.get('u-ana' as AwsUserId)?.profile.userName).toBe('Ana@Acme.example')
  await scene.save({
    put: 'user',
    user: { ...aUser('cleo'), name: 'cleo.s@acme.example' as typeof eva.name, revision: 2 },
  })
  await running.untilQuiet()
  expect(aws.users.get('u-cleo' as AwsUserId)?.profile.userName).toBe('cleo.s@acme.example')
  expect((await namesInAws())[userId('cleo')]).toBeUndefined()
})
