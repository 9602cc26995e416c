import { type Account, type AccountSelector, type Instant, minutes, parsePattern, plus } from '@gatehouse/domain'
import { anAccount, NOW, PROD, SANDBOX } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { type CallOptions, type IdentityCenter, IdentityCenterError, type UnitPath } from '../ports/identity-center.ts'
import { connectInMemory, createInMemoryAws, type InMemoryAws } from '../testing/in-memory-identity-center.ts'
import { createAccountFacts, readAccountFacts, unreadFacts } from './read-account-facts.ts'

const ROOT = { id: 'r-ab12', name: 'Root' }
const WORK = { id: 'ou-ab12-11111111', name: 'Work' }
const PARENTS = [WORK, ROOT]
const UNITS: readonly UnitPath[] = [[ROOT], [WORK, ROOT]]
const IN_WORK: readonly AccountSelector[] = [{ organizationalUnit: WORK.id }]
const call: CallOptions = { lane: 'sweep', signal: new AbortController().signal }

/** Sweeps of one process; each says what it knows of the accounts. */
function aReader(aws: InMemoryAws, changed: Partial<IdentityCenter> = {}) {
  const calls: string[] = []
  const inMemory = connectInMemory(aws).identityCenter
  const identityCenter: IdentityCenter = {
    ...inMemory,
    listAccountTags(id, options) {
      calls.push(`tags ${id}`)
      return inMemory.listAccountTags(id, options)
    },
    listOrganizationalUnits(options) {
      calls.push('units')
      return inMemory.listOrganizationalUnits(options)
    },
    ...changed,
  }
  const facts = createAccountFacts()
  return {
    calls,
    async sweep(now: Instant, options: { selectors?: readonly AccountSelector[]; known?: readonly Account[] } = {}) {
      const { selectors = [], known = [] } = options
      const accounts = await identityCenter.listAccounts(call)
      const byId = new Map(known.map((account) => [account.id, account]))
      return readAccountFacts(identityCenter, { accounts, known: byId, facts, selectors, now }, call)
    },
  }
}

const anAws = (accounts: readonly Account[], units?: readonly UnitPath[]): InMemoryAws => ({
  ...createInMemoryAws({ accounts, permissionSets: [] }),
  ...(units ? { units } : {}),
})
const prod = { ...PROD, tags: { env: 'prod' }, parents: PARENTS }

describe('what is known of accounts', () => {
  it('is their tags and the names of their organizational units, where that may be read', async () => {
    expect(await aReader(anAws([prod], UNITS)).sweep(NOW)).toEqual([prod])
  })

  it('is only the ids of units where names may not be read, and no tags where those may not', async () => {
    const { tags: _, ...untagged } = prod
    expect(await aReader(anAws([untagged])).sweep(NOW)).toEqual([
      { ...untagged, parents: [{ id: WORK.id }, { id: ROOT.id }] },
    ])
  })

  it('is read once an hour', async () => {
    const reader = aReader(anAws([prod], UNITS))
    await reader.sweep(NOW)
    expect(reader.calls).toEqual(['units', `tags ${prod.id}`])
    await reader.sweep(plus(NOW, minutes(59)))
    expect(reader.calls).toHaveLength(2)
    await reader.sweep(plus(NOW, minutes(60)))
    expect(reader.calls).toHaveLength(4)
  })

  it('is forgotten once it is refused', async () => {
    const aws = anAws([prod], UNITS)
    const reader = aReader(aws)
    await reader.sweep(NOW)
    const { tags: _, ...untagged } = prod
    aws.accounts.set(prod.id, untagged)
    delete aws.units
    const later = await reader.sweep(plus(NOW, minutes(61)), { known: [prod] })
    expect(later).toEqual([{ ...untagged, parents: PARENTS.map(({ id }) => ({ id })) }])
  })

  it('outlives a restart, and failures for two hours', async () => {
    const fail = () => Promise.reject(new IdentityCenterError('unavailable', 'ListTagsForResource', 'no answer'))
    const reader = aReader(anAws([prod], UNITS), { listAccountTags: fail })
    expect(await reader.sweep(NOW, { known: [prod] })).toEqual([prod])
    expect(await reader.sweep(plus(NOW, minutes(59)))).toEqual([prod])
    expect((await reader.sweep(plus(NOW, minutes(61))))[0]).not.toHaveProperty('tags')
  })

  it('is what the server lists of each unit, where accounts are listed without theirs', async () => {
    const listAccounts = async () => [PROD, SANDBOX]
    const other = { ...SANDBOX, parents: [ROOT] }
    const reader = aReader(anAws([prod, other], UNITS), { listAccounts })
    expect(await reader.sweep(NOW)).toMatchObject([{ parents: PARENTS }, { parents: [ROOT] }])
  })

  it('is the unit that holds an account directly, where a bundle names that and units can not be listed', async () => {
    const listAccounts = async () => [PROD, SANDBOX]
    const other = { ...SANDBOX, parents: [ROOT] }
    const reader = aReader(anAws([prod, other]), { listAccounts })
    const [inWork, elsewhere] = await reader.sweep(NOW, { selectors: IN_WORK })
    expect(inWork).toMatchObject({ parent: WORK.id })
    expect(inWork).not.toHaveProperty('parents')
    expect(elsewhere).not.toHaveProperty('parent')
  })

  it('spreads the tags of a thousand accounts over several sweeps, each account in its turn', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      anAccount(`a${index}`, String(100_000_000_000 + index), { tags: { n: String(index) }, parents: [ROOT] }),
    )
    const reader = aReader(anAws(many, UNITS))
    let accounts: readonly Account[] = []
    for (let sweep = 0; sweep < 10; sweep += 1) {
      const before = reader.calls.length
      accounts = await reader.sweep(plus(NOW, minutes(5 * sweep)), { known: accounts })
      expect(reader.calls.length - before).toBeLessThanOrEqual(101)
    }
    expect(accounts.every(({ tags }) => tags)).toBe(true)
    expect(new Set(reader.calls)).toHaveLength(1_001)
  })

  it('gives a sweep up when that is wanted', async () => {
    const stop = new AbortController()
    const reader = connectInMemory(anAws([prod], UNITS)).identityCenter
    const listAccountTags = async () => {
      stop.abort(new Error('given up'))
      throw new IdentityCenterError('unavailable', 'ListTagsForResource', 'no answer')
    }
    const input = { accounts: [prod], known: new Map(), facts: createAccountFacts(), selectors: [], now: NOW }
    const work = readAccountFacts({ ...reader, listAccountTags }, input, { lane: 'sweep', signal: stop.signal })
    await expect(work).rejects.toThrow('given up')
  })
})

describe('what is not known of accounts', () => {
  const tagged: readonly AccountSelector[] = [{ tags: { env: [parsePattern('prod')] } }]

  it('is told only when a bundle or an approval rule asks for it', () => {
    expect(unreadFacts([PROD], [{ name: parsePattern('*') }])).toEqual([])
    expect(unreadFacts([prod, PROD], tagged)).toMatchObject([
      { about: 'account tags', message: expect.stringContaining('of 1 of 2 accounts') },
    ])
    expect(unreadFacts([PROD], IN_WORK)).toMatchObject([{ about: 'organizational units' }])
  })

  it('is nothing when units are asked for by their ids, and the ids are known', () => {
    const unnamed = { ...PROD, parents: [{ id: WORK.id }, { id: ROOT.id }] }
    expect(unreadFacts([unnamed], IN_WORK)).toEqual([])
    expect(unreadFacts([unnamed], [{ organizationalUnit: 'Root/Work' }])).toHaveLength(1)
  })

  it('stays told until it is known', () => {
    expect(unreadFacts([prod], [...tagged, ...IN_WORK])).toEqual([])
    expect(unreadFacts([{ ...PROD, tags: {}, parents: [] }], tagged)).toEqual([])
  })
})
