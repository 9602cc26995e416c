import { type Account, minutes, parsePattern, resolveBundle } from '@gatehouse/domain'
import { A_CATALOGUE, aBundle, ADMIN, aUser, NOW, on, PROD } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import type { UnitPath } from '../ports/identity-center.ts'
import { startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws, type InMemoryAws } from '../testing/in-memory-identity-center.ts'

const signal = AbortSignal.timeout(60_000)
const ROOT = { id: 'r-ab12', name: 'Root' }
const LIVE = { id: 'ou-ab12-11111111', name: 'Live' }
const RETIRED = { id: 'ou-ab12-22222222', name: 'Retired' }
const UNITS: readonly UnitPath[] = [[ROOT], [LIVE, ROOT], [RETIRED, ROOT]]
const in_ = (unit: typeof ROOT): Account => ({ ...PROD, tags: { env: 'prod' }, parents: [unit, ROOT] })
const ALIVE = aBundle('alive', {
  accounts: [{ organizationalUnit: 'Root/Live', tags: { env: [parsePattern('prod')] } }],
})

function anAws(units: readonly UnitPath[] | undefined): InMemoryAws {
  const others = [...A_CATALOGUE.accounts.values()].filter(({ id }) => id !== PROD.id)
  const accounts = [in_(LIVE), ...others.map((account) => ({ ...account, tags: {}, parents: [ROOT] }))]
  const aws = createInMemoryAws({ accounts, permissionSets: [...A_CATALOGUE.permissionSets.values()] })
  return units ? { ...aws, units } : aws
}

it('a bundle follows an account that moves to another organizational unit, and what people have stays (D5-28)', async () => {
  const world = anAws(UNITS)
  const scene = await startEngineScene(NOW)
  await scene.save({ put: 'user', user: aUser('ana', { roles: [on(ADMIN, PROD)] }) }, { put: 'bundle', bundle: ALIVE })
  await using running = await scene.start(world)
  await running.untilQuiet()
  const rows = async () => {
    const { catalogue } = await scene.store.readMirror(scene.organization.id, signal)
    return resolveBundle(ALIVE, catalogue).rows.map(({ account }) => account)
  }
  expect(await rows()).toEqual([PROD.id])
  const writes = world.writes.length
  world.accounts.set(PROD.id, in_(RETIRED))
  scene.clock.advance(minutes(6))
  await running.engine.sweepNow(signal)
  await running.untilQuiet()
  expect(await rows()).toEqual([])
  expect(world.writes).toHaveLength(writes)
  expect(running.engine.status().notes).toEqual([])
})

it('the status says what a bundle asks for and can not be read', async () => {
  const scene = await startEngineScene(NOW)
  await scene.save({ put: 'bundle', bundle: ALIVE })
  await using running = await scene.start(anAws(undefined))
  await running.untilQuiet()
  expect(running.engine.status().notes).toMatchObject([{ kind: 'not-read-yet', about: 'organizational units' }])
})

it('a sweep that finds nothing new about accounts changes nothing, in whatever order it finds it', async () => {
  const scene = await startEngineScene(NOW)
  const { store } = scene
  const changed: string[] = []
  const commit = store.commit.bind(store)
  const watched: typeof commit = (one, within) => {
    for (const change of one.mirror ?? [])
      if ('put' in change && change.put === 'account') changed.push(change.account.name)
    return commit(one, within)
  }
  Object.assign(store, { commit: watched })
  const world = anAws(UNITS)
  world.accounts.set(PROD.id, { ...in_(LIVE), tags: { env: 'prod', team: 'web' } })
  await using running = await scene.start(world)
  await running.untilQuiet()
  expect(changed.toSorted()).toEqual([...world.accounts.values()].map(({ name }) => name).toSorted())
  changed.length = 0
  world.accounts.set(PROD.id, { ...in_(LIVE), tags: { team: 'web', env: 'prod' } })
  scene.clock.advance(minutes(61))
  await running.engine.sweepNow(signal)
  expect(changed).toEqual([])
  world.accounts.set(PROD.id, { ...in_(LIVE), tags: { env: 'prod' } })
  scene.clock.advance(minutes(61))
  await running.engine.sweepNow(signal)
  expect(changed).toEqual([PROD.name])
})
