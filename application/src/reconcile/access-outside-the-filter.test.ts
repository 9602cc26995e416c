import { type Account, type AccountFilterPart, hours, minutes, parsePattern } from '@gatehouse/domain'
import {
  A_CATALOGUE,
  ADMIN,
  anEvent,
  approved,
  aRequest,
  aRole,
  aUser,
  NOW,
  PROD,
  SANDBOX,
  STAGING,
} from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws } from '../testing/in-memory-identity-center.ts'

const signal = AbortSignal.timeout(60_000)
const ROOT = { id: 'r-ab12', name: 'Root' }
const LIVE = { id: 'ou-ab12-11111111', name: 'Live' }
const OLD = { id: 'ou-ab12-22222222', name: 'Old' }
const inside = (account: Account): Account => ({ ...account, tags: { env: 'prod' }, parents: [LIVE, ROOT] })

/** Ways in which an account leaves the filter without a decision here. */
const WAYS: readonly {
  readonly how: string
  readonly filter: readonly AccountFilterPart[]
  readonly after?: Account
}[] = [
  {
    how: 'has another tag',
    filter: [{ include: 'tag', key: 'env', pattern: parsePattern('prod*') }],
    after: { ...inside(PROD), tags: { env: 'test' } },
  },
  {
    how: 'is moved to another unit',
    filter: [{ include: 'ou', unit: LIVE.id }],
    after: { ...inside(PROD), parents: [OLD, ROOT] },
  },
  {
    how: 'is renamed',
    filter: [{ exclude: 'name', pattern: parsePattern('old-*') }],
    after: { ...inside(PROD), name: 'old-prod' },
  },
  { how: 'is gone from the list of accounts', filter: [] },
]

describe('temporary access in an account that leaves the filter', () => {
  async function granted(accountFilter: readonly AccountFilterPart[]) {
    const accounts = [PROD, SANDBOX, STAGING].map(inside)
    const aws = createInMemoryAws({ accounts, permissionSets: [...A_CATALOGUE.permissionSets.values()] })
    const scene = await startEngineScene(NOW, { accountFilter, mode: 'active' })
    const role = aRole('prod-admin', { allow: { assignments: [['*', ADMIN.arn]] } })
    const request = aRequest('r', 'ana', { roles: ['prod-admin'], ...approved(NOW, hours(4)) })
    await scene.save({ put: 'user', user: aUser('ana') }, { put: 'role', role }, { put: 'request', request })
    const running = await scene.start(aws)
    await running.untilQuiet()
    const inProd = (): number =>
      [...aws.assignments.values()].flatMap((grants) => [...grants]).filter((grant) => grant.startsWith(PROD.id)).length
    expect(inProd()).toBe(1)
    return { aws, scene, running, inProd }
  }

  it.each(WAYS)('ends when it should, also if the account $how first', async ({ filter, after }) => {
    const { aws, scene, running, inProd } = await granted(filter)
    await using _ = running
    if (after) aws.accounts.set(PROD.id, after)
    else aws.accounts.delete(PROD.id)
    scene.clock.advance(minutes(61))
    await running.engine.sweepNow(signal)
    await running.untilQuiet()
    expect(running.engine.accounts().inside.map(({ id }) => id)).not.toContain(PROD.id)
    expect(inProd()).toBe(1)
    scene.clock.advance(hours(5))
    await running.engine.sweepNow(signal)
    await running.untilQuiet()
    expect(inProd()).toBe(0)
  })

  it('is taken away at once by an edit of the settings, which is a decision', async () => {
    const { scene, running, inProd } = await granted([])
    await using _ = running
    const accountFilter = [{ exclude: 'name', pattern: parsePattern('prod') }] as const
    const organization = { ...scene.organization, accountFilter, revision: 9 }
    const event = anEvent('plugin.update', { subjects: [`organization:${organization.id}`] })
    await scene.store.commit({ records: [{ put: 'organization', organization }], events: [event] }, signal)
    await running.engine.sweepNow(signal)
    await running.untilQuiet()
    expect(inProd()).toBe(0)
  })
})
