import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectSaml, SERVICE_PROVIDER } from '../harness/connect-saml.ts'
import type { Sandbox } from '../harness/sandbox.ts'
import { openAs } from '../harness/scripted-browser.ts'
import { asText, roleDocument } from '../journey/documents.ts'
import { ADMIN, PASSWORD } from './enrolment-world.ts'
import { FIRST, IN_BOTH, LENA, NEWCOMER, SECOND, startTwoWorlds, type TwoWorlds } from './two-enrolled.ts'

let world: TwoWorlds
beforeAll(async () => {
  world = await startTwoWorlds()
})
afterAll(() => world?.[Symbol.asyncDispose]())

const apply = (...documents: readonly unknown[]) =>
  world.client.applyDocuments({ body: { text: asText(documents), mode: 'replace' } })
/** A member account and a permission set of each. */
async function placesOf(...sandboxes: readonly Sandbox[]) {
  const found = sandboxes.map(async (sandbox) => {
    const { accounts, permissionSets } = await sandbox.control.world()
    const account = accounts.find(({ id }) => id !== sandbox.managementAccountId)
    const [set] = permissionSets
    if (!account || !set) throw new Error('the seed has too little')
    return { sandbox, account, set, row: `${set.name} on ${account.id}` }
  })
  return Promise.all(found)
}
/** Everything that can be adopted, as AWS has it, of groups those that were there before Gatehouse. */
async function accessIn({ control }: Sandbox) {
  const { users, groups, assignments } = await control.world()
  return { users, groups: groups.filter(({ assignments: held }) => held.length > 0), assignments }
}
const rolesOfNewcomer = (roles: readonly string[]) => ({
  kind: 'user',
  version: 'v2',
  metadata: { name: NEWCOMER },
  spec: { roles },
})

// One life of a second organization beside a first: each test goes on where the one before has ended.
describe('a second organization beside a first that runs', { timeout: 60_000 }, () => {
  it('is enrolled, read and adopted, and nothing is written to it', async () => {
    const { client, second } = world
    const before = await accessIn(second)
    await world.enrolSecond()
    expect(await accessIn(second)).toEqual(before)
    const { items } = await client.listOrganizations()
    expect(items.map(({ name, mode }) => [name, mode])).toEqual([
      [SECOND, 'shadow'],
      [FIRST, 'active'],
    ])
    const lists = await client.listAccessLists({ query: { limit: 100 } })
    expect(lists.items.map(({ title }) => title)).toEqual(['group-0000', 'group-0001', 'group-0002', 'group-0003'])
    const { groups } = await second.control.world()
    for (const { id, displayName, members } of groups.filter(({ displayName: name }) => name > 'group-0001')) {
      const list = await client.listMembers({ params: { id }, query: { limit: 100 } })
      expect(list.items, displayName).toHaveLength(members.length)
    }
  })

  it('has a plan without a removal, which names the groups that a list of the first is called like', async () => {
    const plan = await world.plan(SECOND)
    expect(plan.operations.map(({ summary }) => summary).toSorted()).toEqual(
      [ADMIN, LENA].map((name) => `Create user ${name}`),
    )
    expect(plan.held).toEqual([])
    const messages = plan.notes.map(({ message }) => message)
    for (const name of ['group-0000', 'group-0001'])
      expect(messages.join('\n')).toContain(`A list of the title "${name}" exists already`)
    expect(messages.join('\n')).not.toContain('group-0002')
  })

  it('is shown by tctl when it is named, and nothing is guessed when it is not', async () => {
    const { admin, second, first } = world
    const { out } = await admin.tctl(['plugins', 'ls'])
    expect(out).toMatch(new RegExp(`^${SECOND} .* shadow .*${second.instanceArn}$`, 'm'))
    expect(out).toMatch(new RegExp(`^${FIRST} .* active .*${first.instanceArn}$`, 'm'))
    for (const [name, mode] of [
      [FIRST, 'active'],
      [SECOND, 'shadow'],
    ] as const) {
      const status = await admin.tctl(['plugins', 'status', name])
      expect(status.out).toMatch(new RegExp(`^Organization: +${name}\\n`))
      const plan = await admin.tctl(['plan', '--plugin-name', name])
      expect(plan.out).toContain(`Organization ${name} is in ${mode} mode`)
    }
    for (const [args, how] of [
      [['plan'], 'Name one with --plugin-name'],
      [['plugins', 'status'], 'Name one'],
      [['plugins', 'delete', '--dry-run'], 'Name one'],
    ] as const) {
      const { code, err } = await admin.attempt('tctl', args)
      expect({ args, code, err }).toEqual({
        args,
        code: 2,
        err: `There are several organizations.\n${how}: ${SECOND}, ${FIRST}.\n`,
      })
    }
  })

  it('is started, and then AWS of each equals the decisions', async () => {
    await world.start(SECOND)
    for (const { control } of [world.first, world.second]) expect((await control.user(ADMIN)).active).toBe(true)
    await world.untilEqual(FIRST)
  })

  it('gives with one role what is in the accounts of both, each in its own AWS, and takes both with the role', async () => {
    const { first, second } = world
    const places = await placesOf(first, second)
    const account_assignments = places.map(({ account, set }) => ({ account: account.id, permission_set: set.arn }))
    await apply(roleDocument('both', { account_assignments }), rolesOfNewcomer(['both']))
    const of = (sandbox: Sandbox) => places.filter((place) => place.sandbox === sandbox).map(({ row }) => row)
    await world.untilHeld(NEWCOMER, of)
    await apply(rolesOfNewcomer([]))
    await world.untilHeld(NEWCOMER, () => [])
    await apply(rolesOfNewcomer(['both']))
    await world.untilHeld(NEWCOMER, of)
  })

  it('takes its own people in by SAML, as the first takes its own', async () => {
    const { client, first, second } = world
    await connectSaml(client, second, SECOND)
    const { items } = await client.listDocuments({ params: { kind: 'saml_idp_service_provider' } })
    expect(items).toHaveLength(2)
    for (const { portalUrl, control } of [first, second]) {
      const seen = await openAs({ user: IN_BOTH, password: PASSWORD }, portalUrl)
      expect(seen.titles.at(-1)).toContain('AWS accounts')
      expect(seen.url).toContain(portalUrl)
      expect((await control.signIns(1))[0]).toMatchObject({ outcome: 'signed-in', userName: IN_BOTH })
    }
  })
})

describe('the end of a second organization', { timeout: 60_000 }, () => {
  it('says before what of it goes, and nothing of the first', async () => {
    const { out } = await world.admin.tctl(['plugins', 'delete', SECOND, '--dry-run'])
    expect(out).toMatch(
      /^With organization acme-labs would go:\n {2}2 access lists made from groups: group-0002, group-0003\n/,
    )
    expect(out).toContain('  15 derived roles (5 accounts × 3 permission sets)\n  service provider acme-labs\n')
    expect(out).not.toContain(FIRST)
    expect(out).not.toContain('group-0000')
    expect(out).toContain('  role both: ')
  })

  it('takes its lists and its service provider, and leaves AWS of both as it is', async () => {
    const { admin, client, first, second } = world
    await world.untilEqual(SECOND)
    const [ofFirst, ofSecond] = [await accessIn(first), await accessIn(second)]
    await admin.tctl(['plugins', 'delete', SECOND, '--identity-source-changed', '--yes'])
    expect((await client.listOrganizations()).items.map(({ name }) => name)).toEqual([FIRST])
    const lists = await client.listAccessLists({ query: { limit: 100 } })
    expect(lists.items.map(({ title }) => title)).toEqual(['group-0000', 'group-0001'])
    const providers = await client.listDocuments({ params: { kind: 'saml_idp_service_provider' } })
    expect(providers.items.map(({ metadata }) => metadata.name)).toEqual([SERVICE_PROVIDER])
    await world.untilEqual(FIRST)
    expect(await accessIn(first)).toEqual(ofFirst)
    expect(await accessIn(second)).toEqual(ofSecond)
  })

  it('leaves the first at work: people sign in, and are given and lose what is in its accounts', async () => {
    const { first, second } = world
    const seen = await openAs({ user: IN_BOTH, password: PASSWORD }, first.portalUrl)
    expect(seen.titles.at(-1)).toContain('AWS accounts')
    const [inSecond] = await placesOf(second)
    await apply(rolesOfNewcomer([]))
    // Nobody looks after the second any more: what is there stays.
    await world.untilHeld(NEWCOMER, (sandbox) => (sandbox === first || !inSecond ? [] : [inSecond.row]))
  })
})
