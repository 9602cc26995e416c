import { type Account, type AccountFilterPart, minutes, parsePattern } from '@gatehouse/domain'
import { A_CATALOGUE, anAccount, NOW } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws } from '../testing/in-memory-identity-center.ts'

const signal = AbortSignal.timeout(60_000)
const LIVE: readonly AccountFilterPart[] = [{ include: 'name', pattern: parsePattern('live-*') }]
const NOBODY = { count: 0, names: [] }

const numbered = (name: string, number: number): Account => anAccount(name, String(100_000_000_000 + number))
/** Enough of them that one more or less is believed. */
const many = (count: number): readonly Account[] =>
  Array.from({ length: count }, (_, index) => numbered(`live-${index}`, index))

async function startWith(accounts: readonly Account[], accountFilter = LIVE) {
  const aws = createInMemoryAws({ accounts, permissionSets: [...A_CATALOGUE.permissionSets.values()] })
  const scene = await startEngineScene(NOW, { accountFilter, mode: 'active' })
  let running = await scene.start(aws)
  await running.untilQuiet()
  return {
    aws,
    put: (account: Account) => aws.accounts.set(account.id, account),
    async later() {
      scene.clock.advance(minutes(61))
      await running.engine.sweepNow(signal)
    },
    async restart() {
      await running[Symbol.asyncDispose]()
      running = await scene.start(aws)
      await running.untilQuiet()
    },
    async filter(filter: readonly AccountFilterPart[]) {
      const organization = { ...scene.organization, accountFilter: filter, revision: 9 }
      await scene.save({ put: 'organization', organization })
    },
    inside: () => running.engine.accounts().inside.length,
    moves: () => running.engine.status().accountMoves,
    events: async () => {
      const query = { limit: 10, event: 'aws_identity_center.accounts.moved' } as const
      return (await scene.store.list(query, signal)).map(({ fields, subjects }) => ({ fields, subjects }))
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}

describe('accounts that come under management or fall out of it', () => {
  it('are not told of by the first reading, in which everything is new', async () => {
    await using world = await startWith(many(3))
    await world.later()
    expect(world.moves()).toBeUndefined()
    expect(await world.events()).toEqual([])
  })

  it('are told of once, what the filter did apart from what AWS did', async () => {
    const [joins, leaves] = [numbered('test', 50), numbered('live-1', 1)]
    await using world = await startWith([...many(3), joins])
    world.put({ ...joins, name: 'live-test' })
    world.put({ ...leaves, name: 'old-1' })
    world.put(numbered('live-new', 60))
    world.put(numbered('test-new', 61))
    world.aws.accounts.delete(numbered('live-2', 2).id)
    await world.later()
    const moved = {
      let_in: ['live-test (100000000050)'],
      kept_out: ['live-1 (100000000001)'],
      added_in_aws: ['live-new (100000000060)'],
      gone_from_aws: ['live-2 (100000000002)'],
    }
    expect(await world.events()).toMatchObject([
      {
        subjects: [expect.stringMatching(/^organization:/)],
        fields: { ...moved, let_in_count: 1, gone_from_aws_count: 1 },
      },
    ])
    const told = world.moves()
    expect(told).toMatchObject({ letIn: { count: 1, names: moved.let_in }, keptOut: { names: moved.kept_out } })
    await world.later()
    expect(await world.events()).toHaveLength(1)
    expect(world.moves()).toEqual(told)
  })

  it('are told apart also by the first reading after a restart, and the last of them is still known', async () => {
    const outside = numbered('test', 50)
    await using world = await startWith([...many(3), outside])
    world.put({ ...outside, name: 'live-test' })
    world.put(numbered('live-new', 60))
    await world.restart()
    expect(world.moves()).toMatchObject({
      letIn: { count: 1, names: ['live-test (100000000050)'] },
      addedInAws: { count: 1, names: ['live-new (100000000060)'] },
      keptOut: NOBODY,
      goneFromAws: NOBODY,
    })
    const told = world.moves()
    await world.restart()
    expect(world.moves()).toEqual(told)
  })

  it('are told of after an edit of the filter, too, a hundred by name and all by number', async () => {
    const accounts = many(250)
    await using world = await startWith(accounts, [{ include: 'name', pattern: parsePattern('live-0') }])
    await world.filter([])
    await world.later()
    const [event] = await world.events()
    expect(event?.fields).toMatchObject({ let_in_count: 249, added_in_aws_count: 0 })
    expect(event?.fields['let_in']).toHaveLength(100)
    expect(world.moves()?.letIn.count).toBe(249)
  })

  it('have not fallen out while so many are missing that the reading is doubted', async () => {
    const accounts = many(60)
    await using world = await startWith(accounts)
    for (const { id } of accounts.slice(0, 20)) world.aws.accounts.delete(id)
    for (const account of accounts.slice(20, 30)) world.put({ ...account, name: `old-${account.name}` })
    await world.later()
    expect(world.inside()).toBe(60)
    expect(world.moves()).toBeUndefined()
    for (const account of accounts) world.put(account)
    await world.later()
    expect(world.moves()).toBeUndefined()
  })
})
