import { type Account, type AccountFilterPart, grantKey, hours, minutes, parsePattern } from '@gatehouse/domain'
import {
  A_CATALOGUE,
  ADMIN,
  approved,
  aRequest,
  aUser,
  NOW,
  on,
  PROD,
  SANDBOX,
  STAGING,
} from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { IdentityCenterError } from '../ports/identity-center.ts'
import { startEngineScene } from '../testing/engine-scene.ts'
import { filterAccounts } from './filter-accounts.ts'
import { createInMemoryAws, type InMemoryAws, type Wire } from '../testing/in-memory-identity-center.ts'

const signal = AbortSignal.timeout(60_000)
const ROOT = { id: 'r-ab12', name: 'Root' }
const LIVE = { id: 'ou-ab12-11111111', name: 'Live' }
const BY_TAG: readonly AccountFilterPart[] = [{ include: 'tag', key: 'env', pattern: parsePattern('prod*') }]
const BY_PATH: readonly AccountFilterPart[] = [{ include: 'ou', unit: 'Root/Live' }]
const BY_UNIT: readonly AccountFilterPart[] = [{ include: 'ou', unit: LIVE.id }]

/** `prod` is live and tagged; the others are not. */
function anAws({ tags = true, units = true } = {}): InMemoryAws {
  const accounts = [PROD, SANDBOX, STAGING].map((account): Account => {
    const isProd = account.id === PROD.id
    const tagged = tags ? { tags: isProd ? { env: 'prod' } : { env: 'test' } } : {}
    return { ...account, ...tagged, parents: isProd ? [LIVE, ROOT] : [ROOT] }
  })
  const aws = createInMemoryAws({ accounts, permissionSets: [...A_CATALOGUE.permissionSets.values()] })
  return units ? { ...aws, units: [[ROOT], [LIVE, ROOT]] } : aws
}

/** A wire whose reads of tags fail while `isDown`. */
function aFlakyWire() {
  const state = { isDown: false }
  const wire: Wire = {
    before: async () => {},
    after: async () => {},
    async beforeRead({ operation }) {
      if (state.isDown && operation === 'ListTagsForResource')
        throw new IdentityCenterError('unavailable', operation, 'the service is unavailable')
    },
  }
  return { state, wire }
}

async function startWith(accountFilter: readonly AccountFilterPart[], aws: InMemoryAws, wire?: Wire) {
  const scene = await startEngineScene(NOW, { accountFilter, mode: 'active' })
  const running = await scene.start(aws, wire)
  const managed = () => running.engine.accounts().inside.map(({ name }) => name)
  const later = async (by: Parameters<typeof scene.clock.advance>[0]) => {
    scene.clock.advance(by)
    await running.engine.sweepNow(signal)
  }
  return { scene, running, managed, later, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() }
}

describe('the filter of accounts in a sweep', () => {
  it.each([
    ['a tag', BY_TAG],
    ['the path of a unit', BY_PATH],
    ['the id of a unit', BY_UNIT],
  ])('lets in by %s, and remembers which are outside', async (_, filter) => {
    await using world = await startWith(filter, anAws())
    await world.running.untilQuiet()
    expect(world.managed()).toEqual(['prod'])
    expect(world.running.engine.accounts().outside.map(({ name }) => name)).toEqual(['sandbox', 'staging'])
    expect(world.running.engine.status().notes).toEqual([])
  })

  it('follows a tag that is set and one that is taken away, within the hour', async () => {
    const aws = anAws()
    await using world = await startWith(BY_TAG, aws)
    await world.running.untilQuiet()
    aws.accounts.set(STAGING.id, { ...STAGING, tags: { env: 'prod-eu' }, parents: [ROOT] })
    await world.later(minutes(61))
    expect(world.managed().toSorted()).toEqual(['prod', 'staging'])
    aws.accounts.set(STAGING.id, { ...STAGING, tags: { env: 'test' }, parents: [ROOT] })
    await world.later(minutes(61))
    expect(world.managed()).toEqual(['prod'])
  })

  it('believes that an account has no tags any more when a second read says so, too', async () => {
    const aws = anAws()
    await using world = await startWith(BY_TAG, aws)
    await world.running.untilQuiet()
    aws.accounts.set(STAGING.id, { ...STAGING, tags: { env: 'prod' }, parents: [ROOT] })
    await world.later(minutes(61))
    const emptied = { ...STAGING, tags: {}, parents: [ROOT] }
    aws.accounts.set(STAGING.id, emptied)
    await world.later(minutes(61))
    expect(world.managed().toSorted()).toEqual(['prod', 'staging'])
    aws.accounts.set(STAGING.id, { ...emptied, tags: { env: 'prod' } })
    await world.later(minutes(6))
    aws.accounts.set(STAGING.id, emptied)
    await world.later(minutes(61))
    expect(world.managed().toSorted()).toEqual(['prod', 'staging'])
    await world.later(minutes(6))
    expect(world.managed()).toEqual(['prod'])
  })

  it('keeps what is managed, and lets nothing in, while tags can not be read: for a moment or for a day', async () => {
    const aws = anAws()
    const { state, wire } = aFlakyWire()
    await using world = await startWith(BY_TAG, aws, wire)
    await world.running.untilQuiet()
    state.isDown = true
    aws.accounts.set(STAGING.id, { ...STAGING, tags: { env: 'prod' }, parents: [ROOT] })
    for (const time of [minutes(61), hours(3), hours(24)]) {
      await world.later(time)
      expect(world.managed()).toEqual(['prod'])
    }
    expect(world.running.engine.status().notes.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Of 1 account it is not known.*stay managed \(prod\): its tags are not known\./),
      expect.stringMatching(/^Of 2 accounts it is not known.*stay outside \(sandbox, staging\)/),
    ])
    state.isDown = false
    await world.later(minutes(61))
    expect(world.managed().toSorted()).toEqual(['prod', 'staging'])
    expect(world.running.engine.status().notes).toEqual([])
  })

  it('takes ended access away in an account whose tags can not be read any more, also after a restart', async () => {
    const aws = anAws()
    const { state, wire } = aFlakyWire()
    const scene = await startEngineScene(NOW, { accountFilter: BY_TAG, mode: 'active' })
    const request = aRequest('r', 'ana', { roles: [on(ADMIN, PROD)], ...approved(NOW, hours(4)) })
    await scene.save({ put: 'user', user: aUser('ana') }, { put: 'request', request })
    {
      await using running = await scene.start(aws, wire)
      await running.untilQuiet()
    }
    const held = () => [...aws.assignments.values()].flatMap((grants) => [...grants])
    expect(held()).toEqual([grantKey({ account: PROD.id, permissionSet: ADMIN.arn })])
    state.isDown = true
    await using running = await scene.start(aws, wire)
    await running.untilQuiet()
    scene.clock.advance(hours(5))
    await running.engine.sweepNow(signal)
    await running.untilQuiet()
    expect(held()).toEqual([])
  })

  it('calls a read failed that lets in nothing and could not tell, instead of an organization without accounts', async () => {
    const aws = anAws({ tags: false })
    await using world = await startWith(BY_TAG, aws)
    await expect(world.running.engine.sweepNow(signal)).rejects.toThrow(/ListTagsForResource/)
    const { sweep, findings } = world.running.engine.status()
    expect(sweep.lastAt).toBeUndefined()
    expect(sweep.error).toMatch(/lets in none of 3 accounts so far, and of 3 nobody can say: its tags are not known/)
    expect([...findings.keys()]).toEqual(['read-failed'])
    for (const [id, account] of aws.accounts) aws.accounts.set(id, { ...account, tags: { env: 'prod' } })
    await world.later(minutes(1))
    expect(world.managed()).toHaveLength(3)
  })

  it('names the call that is missing: tags, or the names of units', () => {
    const failedCall = (filter: readonly AccountFilterPart[], account: Account) =>
      filterAccounts(filter, [account], new Map()).failure?.operation
    expect(failedCall(BY_TAG, PROD)).toBe('ListTagsForResource')
    expect(failedCall(BY_PATH, PROD)).toBe('ListOrganizationalUnitsForParent')
    expect(failedCall([...BY_TAG, ...BY_PATH], { ...PROD, tags: {} })).toBe('ListOrganizationalUnitsForParent')
  })

  it('keeps all as they were when an organization that is managed is filtered by what can not be read', async () => {
    const aws = anAws({ tags: false, units: false })
    await using world = await startWith([], aws)
    await world.running.untilQuiet()
    for (const accountFilter of [BY_TAG, BY_PATH]) {
      await world.scene.save({
        put: 'organization',
        organization: { ...world.scene.organization, accountFilter, revision: 10 },
      })
      await world.later(minutes(6))
      expect(world.managed().toSorted()).toEqual(['prod', 'sandbox', 'staging'])
    }
    await world.scene.save({
      put: 'organization',
      organization: { ...world.scene.organization, accountFilter: BY_UNIT, revision: 11 },
    })
    await world.later(minutes(6))
    expect(world.managed()).toEqual(['prod'])
  })
})
