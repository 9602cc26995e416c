import { A_CATALOGUE, ADMIN, aList, aRole, aUser, NOW, on, PROD, READ_ONLY, SANDBOX } from '@gatehouse/domain/testing'
import { formatInstant, grantOfKey, type Subject } from '@gatehouse/domain'
import { expect, it } from 'vitest'
import { IdentityCenterError } from '../ports/identity-center.ts'
import { startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws } from '../testing/in-memory-identity-center.ts'

it('writes each thing once: what has just been done is not begun again from the plan of before', async () => {
  const aws = createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
  const scene = await startEngineScene(NOW)
  await scene.save(
    { put: 'role', role: aRole('operator', { allow: { assignments: [[PROD.id, READ_ONLY.arn]] } }) },
    { put: 'user', user: aUser('ana', { roles: ['operator', on(ADMIN, SANDBOX)] }) },
    { put: 'user', user: aUser('bruno', { roles: ['operator'] }) },
    { put: 'list', list: aList('platform', { members: ['ana', 'bruno'], grants: [on(ADMIN, PROD)] }) },
  )
  await using running = await scene.start(aws)
  await running.untilQuiet()
  const written = aws.writes.map(({ operation, about }) => `${operation} ${about}`)
  expect(written.toSorted()).toEqual([...new Set(written)].toSorted())
  expect(written.length).toBeGreaterThan(6)
})

/** Ana has an assignment of her own, and one through a list. */
async function startWithAna() {
  const aws = createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
  const scene = await startEngineScene(NOW)
  const ana = aUser('ana', { roles: [on(ADMIN, SANDBOX)] })
  const list = aList('platform', { members: ['ana'], grants: [on(ADMIN, PROD)] })
  await scene.save({ put: 'user', user: ana }, { put: 'list', list })
  return { aws, scene, ana, list }
}

it('records whose assignments and groups it wrote, and when AWS took the request', async () => {
  const { aws, scene, ana, list } = await startWithAna()
  aws.looksNeeded = 1
  await using running = await scene.start(aws)
  await running.untilQuiet()
  const about = async (subject: Subject) => scene.store.list({ limit: 10, subject }, AbortSignal.timeout(5_000))
  const [ofAna, ofList] = [await about(`user:${ana.id}`), await about(`list:${list.id}`)]
  expect(ofAna.map(({ event }) => event.replace('aws_identity_center.', ''))).toEqual([
    'account_assignment.created',
    'user.pushed',
  ])
  expect(ofAna[0]?.fields).toMatchObject({ sent_at: formatInstant(NOW) })
  expect(ofList.map(({ event }) => event.replace('aws_identity_center.', '')).toSorted()).toEqual([
    'account_assignment.created',
    'group.members_changed',
    'group.pushed',
  ])
})

it('records that AWS refused to delete a group or a user, once for each reason', async () => {
  const { aws, scene, ana, list } = await startWithAna()
  const refusals = new Map([
    ['DeleteGroup', ['denied', 'denied', 'denied by a policy']],
    ['DeleteUser', ['denied']],
  ])
  await using running = await scene.start(aws, {
    async before({ operation }) {
      const reason = refusals.get(operation)?.shift()
      if (reason !== undefined) throw new IdentityCenterError('access-denied', operation, `${operation}: ${reason}`)
    },
    after: async () => {},
  })
  await running.untilQuiet()
  await scene.save({ delete: 'list', id: list.id }, { delete: 'user', id: ana.id })
  await running.untilQuiet()
  const deletions = async (subject: Subject) => {
    const events = await scene.store.list({ limit: 20, subject }, AbortSignal.timeout(5_000))
    return events
      .filter(({ fields }) => fields['change'] === 'deleted')
      .map(({ code, fields }) => [code, fields['success'], fields['error']])
  }
  expect(await deletions(`list:${list.id}`)).toEqual([
    ['GH011I', undefined, undefined],
    ['GH011E', false, 'DeleteGroup: denied by a policy'],
    ['GH011E', false, 'DeleteGroup: denied'],
  ])
  expect(await deletions(`user:${ana.id}`)).toEqual([
    ['GH010I', undefined, undefined],
    ['GH010E', false, 'DeleteUser: denied'],
  ])
})

it('does not let the work in one account stand in the way of the others', async () => {
  const aws = createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
  const scene = await startEngineScene(NOW)
  const users = Array.from({ length: 3 }, (_, index) => `user-${index}`)
  await scene.save(
    { put: 'role', role: aRole('crowd', { allow: { assignments: [[PROD.id, '*']] } }) },
    { put: 'role', role: aRole('other', { allow: { assignments: [[SANDBOX.id, READ_ONLY.arn]] } }) },
    { put: 'user', user: aUser('zoe', { roles: ['other'] }) },
    ...users.map((name) => ({ put: 'user', user: aUser(name, { roles: ['crowd'] }) }) as const),
  )
  aws.looksNeeded = 2
  await using running = await scene.start(aws)
  const most = { 'in one account': 0, together: 0 }
  const watch = setInterval(() => {
    const accounts = running.engine
      .status()
      .running.flatMap(({ operation }) => ('grant' in operation ? [grantOfKey(operation.grant).account] : []))
    const inProd = accounts.filter((account) => account === PROD.id)
    most['in one account'] = Math.max(most['in one account'], inProd.length)
    most.together = Math.max(most.together, accounts.length)
  }, 1)
  await running.untilQuiet()
  clearInterval(watch)
  expect(most['in one account']).toBeLessThanOrEqual(5)
  expect(most.together).toBeGreaterThan(1)
  const zoe = aws.writes.findIndex(({ about }) => about.startsWith('USER:') && about.includes(SANDBOX.id))
  const first = aws.writes.findIndex(({ operation }) => operation === 'CreateAccountAssignment')
  expect(zoe - first).toBeLessThanOrEqual(5) // not behind the crowd
})
