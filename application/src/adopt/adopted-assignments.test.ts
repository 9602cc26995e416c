import { adoptedKey, type Organization, removalOf } from '@gatehouse/domain'
import { aRole, aUser, NOW, on, PROD, READ_ONLY, SANDBOX, STAGING, userId } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { EVA, KEEPER, withRecords } from '../testing/keeper.ts'
import { addUser, awsUser, directly, hold, key, lived, shadow } from '../testing/lived-aws.ts'
import { endAdopted, findAdopted } from './adopted-assignments.ts'
import { readView, viewOfOrganization } from '../governance/read-view.ts'

const { signal } = new AbortController()

/** An organization that writes, in which ana holds one assignment of her own that was there before. */
async function settled(change: Partial<Organization> = {}, aws = lived()) {
  const scene = await shadow()
  await scene.save({ put: 'user', user: aUser('ana') }, { put: 'user', user: aUser('bruno') })
  const running = await scene.start(aws)
  await running.untilQuiet()
  await scene.save({
    put: 'organization',
    organization: { ...scene.organization, mode: 'active', revision: 9, ...change },
  })
  await running.untilQuiet()
  await scene.save(...KEEPER)
  if (change.mode === undefined) await running.untilQuiet()
  const ports = { ...withRecords(scene), store: scene.store }
  const { name } = scene.organization
  return {
    aws,
    scene,
    running,
    rows: async (filter = {}) => findAdopted(viewOfOrganization(await readView(ports, signal), { name }), filter),
    end: (keys: readonly string[], partial: Partial<Parameters<typeof endAdopted>[1]> = {}) => {
      const assignments = keys.map((one) => ({ key: one }))
      const command = { actor: EVA, organization: name, assignments, dryRun: false, ...partial }
      return endAdopted(ports, command, signal)
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}
const ANA = adoptedKey({ user: userId('ana'), grant: key(READ_ONLY, SANDBOX) })

describe('ending adopted assignments', () => {
  it('takes them away in AWS as what a person decided, and they are not adopted again', async () => {
    await using scene = await settled({ removalBudget: { atLeast: 0, percent: 0 } })
    expect((await scene.rows()).map((row) => row.key)).toEqual([ANA])
    expect(directly(scene.aws, 'ana')).toEqual([key(READ_ONLY, SANDBOX)])
    const { assignments } = await scene.end([ANA], { confirmRemovals: 1 })
    expect(assignments.map(({ ending }) => ending.effect)).toEqual(['goes'])
    await scene.running.untilQuiet()
    expect(directly(scene.aws, 'ana')).toEqual([])
    await scene.running.engine.sweepNow(signal)
    await scene.running.untilQuiet()
    expect([await scene.rows(), directly(scene.aws, 'ana'), scene.running.engine.status().held]).toEqual([[], [], []])
    const [ended, deleted] = ['adopted_assignment.end', 'aws_identity_center.account_assignment.deleted'].map((name) =>
      scene.scene.store.events.find(({ event }) => event === name),
    )
    expect(ended).toMatchObject({ user: 'eva@acme.example', subjects: [`user:${userId('ana')}`] })
    expect(deleted?.fields).toMatchObject({ cause: `decided by ${ended?.uid}` })
  })
  it('is planned first of all removals, in the lane of what was decided', async () => {
    await using scene = await settled({ mode: 'shadow' })
    await scene.end([ANA])
    const { allowed } = await scene.running.engine.plan({ refresh: true }, signal)
    const [operation] = allowed.filter(({ kind }) => kind === 'delete-assignment')
    expect(operation).toMatchObject({ lane: 'revoke', cause: { kind: 'decided' } })
    expect(operation && removalOf(operation)?.kind).toBe('assignment')
    expect(await scene.rows()).toEqual([]) // in shadow mode, too: a sweep does not adopt it again
  })
  it('leaves in AWS what a role gives as well', async () => {
    await using scene = await settled()
    await scene.scene.save({ put: 'user', user: aUser('ana', { roles: [on(READ_ONLY, SANDBOX)], revision: 2 }) })
    await scene.running.untilQuiet()
    const { assignments } = await scene.end([ANA])
    expect(assignments[0]?.ending).toMatchObject({ effect: 'stays', reasons: [expect.stringContaining('the role')] })
    await scene.running.untilQuiet()
    expect([await scene.rows(), directly(scene.aws, 'ana')]).toEqual([[], [key(READ_ONLY, SANDBOX)]])
  })
  it('only says what would come of it in a dry run', async () => {
    await using scene = await settled()
    await scene.end([ANA], { dryRun: true })
    await scene.running.untilQuiet()
    expect(await scene.rows()).toHaveLength(1)
    expect(scene.scene.store.events.some(({ event }) => event === 'adopted_assignment.end')).toBe(false)
  })
  it('ends nothing where one of them would have another effect than the one that was shown', async () => {
    await using scene = await settled()
    const shown = (await scene.end([ANA], { dryRun: true })).assignments[0]?.ending.revision
    await scene.scene.save({ put: 'user', user: aUser('ana', { roles: [on(READ_ONLY, SANDBOX)], revision: 2 }) })
    const assignments = [{ key: ANA, revision: shown }]
    await expect(scene.end([], { assignments })).rejects.toMatchObject({ problem: { code: 'plan-changed' } })
    expect(await scene.rows()).toHaveLength(1)
  })
  it('is refused for what is not there, and to who may not change the organization', async () => {
    await using scene = await settled()
    await expect(scene.end([ANA, 'nobody x'])).rejects.toMatchObject({ problem: { code: 'not-found' } })
    const reader = aRole('reader', {
      allow: { rules: [{ resources: ['aws_identity_center'], verbs: ['read', 'list'] }] },
    })
    await scene.scene.save({ put: 'role', role: reader }, { put: 'user', user: aUser('rita', { roles: ['reader'] }) })
    const actor = { kind: 'user', user: userId('rita'), assumed: [] } as const
    await expect(scene.end([ANA], { actor })).rejects.toMatchObject({ problem: { code: 'refused' } })
    expect(await scene.rows()).toHaveLength(1)
  })
  it('asks for the number where more go at once than may', async () => {
    const aws = lived()
    const names = Array.from({ length: 12 }, (_, index) => `p${index}`)
    for (const name of names) {
      addUser(aws, name)
      hold(aws, `USER:${awsUser(name)}`, key(READ_ONLY, STAGING))
    }
    const scene = await shadow()
    await scene.save(...names.map((name) => ({ put: 'user', user: aUser(name) }) as const))
    await using running = await scene.start(aws)
    await running.untilQuiet()
    await scene.save(...KEEPER)
    const ports = { ...withRecords(scene), store: scene.store }
    const organization = scene.organization.name
    const rows = findAdopted(viewOfOrganization(await readView(ports, signal), { name: organization }), {})
    const command = { actor: EVA, organization, assignments: rows, dryRun: false }
    await expect(endAdopted(ports, command, signal)).rejects.toMatchObject({
      problem: { code: 'too-many-removals', confirm: 12 },
    })
    await endAdopted(ports, { ...command, confirmRemovals: 12 }, signal)
    const { held, input } = await running.engine.plan({ refresh: false }, signal)
    expect([held, input.view.adopted]).toEqual([[], []])
  })
})

it('adopted assignments are found by parts of names and ids, one after the other by their names', async () => {
  const aws = lived()
  hold(aws, `USER:${awsUser('bruno')}`, key(READ_ONLY, PROD), key(READ_ONLY, SANDBOX))
  await using scene = await settled({}, aws)
  const found = async (filter: object) =>
    (await scene.rows(filter)).map(({ owner, account }) => `${owner.name.split('@')[0]} ${account?.name}`)
  expect(await found({})).toEqual(['ana sandbox', 'bruno prod', 'bruno sandbox'])
  expect(await found({ user: 'BRUNO' })).toEqual(['bruno prod', 'bruno sandbox'])
  expect(await found({ account: PROD.id })).toEqual(['bruno prod'])
  expect(await found({ account: 'sand', permissionSet: 'readonly' })).toEqual(['ana sandbox', 'bruno sandbox'])
  expect(await found({ search: 'sand' })).toEqual(['ana sandbox', 'bruno sandbox'])
  expect(await found({ search: 'administrator' })).toEqual([])
  expect((await scene.rows())[0]?.adoptedAt).toBe(NOW)
})
