import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GatehouseClient } from '@gatehouse/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareAws } from '../harness/enrol.ts'
import { connectSaml, SERVICE_PROVIDER } from '../harness/connect-saml.ts'
import type { Sandbox } from '../harness/sandbox.ts'
import { openAs } from '../harness/scripted-browser.ts'
import { waitFor } from '../harness/wait-for.ts'
import type { Person } from '../journey/command.ts'
import { asText, listDocument, roleDocument, userDocument } from '../journey/documents.ts'
import { ADMIN, PASSWORD } from './enrolment-world.ts'
import {
  ENGINEER,
  FIRST,
  IN_BOTH,
  LENA,
  LENA_IN_SECOND,
  NEWCOMER,
  SECOND,
  startTwoWorlds,
  type TwoWorlds,
} from './two-enrolled.ts'

let world: TwoWorlds
beforeAll(async () => {
  world = await startTwoWorlds()
})
afterAll(() => world?.[Symbol.asyncDispose]())

const apply = (...documents: readonly unknown[]) =>
  world.client.applyDocuments({ body: { text: asText(documents), mode: 'replace' } })
/** A member account and two permission sets of each. */
async function placesOf(...sandboxes: readonly Sandbox[]) {
  const found = sandboxes.map(async (sandbox) => {
    const { accounts, permissionSets } = await sandbox.control.world()
    const account = accounts.find(({ id }) => id !== sandbox.managementAccountId)
    const [set, another] = permissionSets
    if (!account || !set || !another) throw new Error('the seed has too little')
    const on = (one: typeof set) => `${one.name} on ${account.id}`
    return { sandbox, account, set, row: on(set), other: { set: another, row: on(another) } }
  })
  return Promise.all(found)
}
/** Everything that can be adopted, as AWS has it, of groups those that were there before Gatehouse. */
async function accessIn({ control }: Sandbox) {
  const { users, groups, assignments } = await control.world()
  return { users, groups: groups.filter(({ assignments: held }) => held.length > 0), assignments }
}
const rolesOfNewcomer = (roles: readonly string[]) => userDocument(NEWCOMER, roles)

// One life of a second organization beside a first: each test goes on where the one before has ended.
describe('a second organization beside a first that runs', { timeout: 60_000 }, () => {
  it('is not enrolled with the SCIM endpoint or the metadata of the first', async () => {
    const { client, first, second, server } = world
    const roleArn = await prepareAws({ client, server, sandbox: second, owner: ADMIN, organization: SECOND })
    const { serviceProvider } = await first.control.identitySource()
    const params = { name: SECOND }
    await client.startEnrolment({ body: params })
    const { region, instanceArn, scimUrl, scimToken } = second
    const given = { region, instanceArn, roleArn, defaultOwners: [ADMIN] }
    const ofFirst = { scimUrl: first.scimUrl, scimToken: first.scimToken }
    const serviceProviderMetadata = await (await fetch(serviceProvider.metadataUrl)).text()
    const provider = { identitySource: 'external', serviceProviderMetadata, serviceProviderName: SECOND } as const
    const body = { ...given, ...ofFirst, ...provider }
    await client.editEnrolment({ params, body })
    await client.checkRole({ params, body: {} })
    expect(await client.testScim({ params, body: {} })).toMatchObject({
      outcome: 'another-instance',
      message: expect.stringContaining('group "group-0000"'),
    })
    const stepsNow = async () => (await client.getEnrolment({ params })).steps.map(({ step, state }) => [step, state])
    expect(await stepsNow()).toEqual(
      expect.arrayContaining([
        ['aws', 'done'],
        ['identity-source', 'failed'],
        ['scim', 'failed'],
      ]),
    )
    const { problems } = await client.getIdentitySource({ params })
    expect(problems[0]?.message).toContain(`does not end in ${second.identityStoreId}`)
    const finish = async (withoutServiceProvider: boolean): Promise<unknown> => {
      const { revision } = await client.getEnrolment({ params })
      return client
        .finishEnrolment({ params, body: { revision, withoutServiceProvider } })
        .catch((error: unknown) => error)
    }
    expect(await finish(true)).toMatchObject({ status: 400, field: 'scimUrl' })
    await client.editEnrolment({ params, body: { scimUrl, scimToken } })
    expect(await client.testScim({ params, body: {} })).toMatchObject({ outcome: 'ok' })
    // The entity id is taken, too: whoever has removed that service provider goes on to this.
    expect(await finish(false)).toMatchObject({ status: 409 })
    expect((await client.listOrganizations()).items.map(({ name }) => name)).toEqual([FIRST])
    await client.deleteEnrolment({ params })
  })

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
    expect(lists.items.map(({ title }) => title)).toEqual([
      'group-0000',
      `group-0000 (${SECOND})`,
      'group-0001',
      `group-0001 (${SECOND})`,
      'group-0002',
      'group-0003',
    ])
    const { groups } = await second.control.world()
    for (const { id, displayName, members } of groups) {
      const list = await client.listMembers({ params: { id }, query: { limit: 100 } })
      expect(list.items, displayName).toHaveLength(members.length)
    }
  })

  it('is in shadow mode, and the first goes on writing', async () => {
    for (const [name, mode] of [
      [FIRST, 'active'],
      [SECOND, 'shadow'],
    ] as const)
      expect(await world.client.getOrganizationStatus({ params: { name } })).toMatchObject({ mode, adopted: true })
  })

  it('makes no group in the AWS of the first, and is not told to take over groups of the first', async () => {
    await world.untilEqual(FIRST)
    expect((await world.first.control.world()).groups.map(({ displayName }) => displayName)).toEqual([
      'group-0000',
      'group-0001',
    ])
    const { notes } = await world.plan(SECOND)
    expect(notes.filter(({ message }) => message.startsWith('Identity Center has a group'))).toEqual([])
  })

  it('has a plan without a removal, and lists of their own for groups that are called as those of the first', async () => {
    const plan = await world.plan(SECOND)
    expect(plan.operations.map(({ summary }) => summary).toSorted()).toEqual(
      [ADMIN, LENA].map((name) => `Create user ${name}`),
    )
    expect([...plan.held, ...plan.notes]).toEqual([])
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

  it('is told who of its people is somebody of another name, whom the first knows already', async () => {
    const { out } = await world.admin.tctl(['plugins', 'link', 'user', LENA, LENA_IN_SECOND, '--plugin-name', SECOND])
    expect(out).toContain(LENA_IN_SECOND)
    const { operations } = await world.plan(SECOND)
    expect(operations.map(({ summary }) => summary)).toEqual([`Create user ${ADMIN}`])
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

  it('is told of everybody by the name that its own AWS has', async () => {
    for (const [{ portalUrl, control }, userName] of [
      [world.first, LENA],
      [world.second, LENA_IN_SECOND],
    ] as const) {
      await openAs({ user: LENA, password: PASSWORD }, portalUrl)
      expect((await control.signIns(1))[0]).toMatchObject({ outcome: 'signed-in', userName })
    }
  })
})

// One engineer, who holds and asks for things in both: each test goes on where the one before has ended.
describe('two organizations together', { timeout: 60_000 }, () => {
  let places: Awaited<ReturnType<typeof placesOf>>
  let engineer: GatehouseClient
  let reviewer: GatehouseClient
  let atShell: Person
  /** On the account of the second, by the names that its AWS has. */
  let systemRole: string
  const standing = (sandbox: Sandbox) => places.filter((place) => place.sandbox === sandbox).map(({ row }) => row)
  const asked = (sandbox: Sandbox) => places.filter((place) => place.sandbox === sandbox).map(({ other }) => other.row)
  const both = (sandbox: Sandbox) => [...standing(sandbox), ...asked(sandbox)]
  const rolesOf = (...roles: readonly string[]) => userDocument(ENGINEER, ['access', ...roles])

  beforeAll(async () => {
    const { first, second, client } = world
    places = await placesOf(first, second)
    const [, inSecond] = places
    if (!inSecond) throw new Error('there are two')
    systemRole = `${inSecond.other.set.name}-on-${inSecond.account.name}-${inSecond.account.id}`
    const wanted = places.map(({ account, other }) => ({ account: account.id, permission_set: other.set.arn }))
    const request = { search_as_roles: ['wanted'], roles: [systemRole], max_duration: '4h' }
    await apply(
      roleDocument('wanted', { account_assignments: wanted }),
      roleDocument('asks', { request }),
      roleDocument('judges', { review_requests: { roles: ['wanted', systemRole] } }),
    )
    reviewer = await world.person('rosa@acme.example', ['judges'])
    atShell = await world.atShell(ENGINEER, ['access', 'asks', 'both'])
    engineer = await world.server.signIn(ENGINEER, PASSWORD)
    await world.untilHeld(ENGINEER, standing)
    expect((await client.getUser({ params: { name: ENGINEER } })).roles).toContain('both')
  }, 60_000)

  async function approve(id: string): Promise<void> {
    const shown = await waitFor('what the reviewer is shown', async () => {
      return (await reviewer.getAccessRequest({ params: { id } })).shown?.hash
    })
    await reviewer.reviewAccessRequest({ params: { id }, body: { verdict: 'approve', shown } })
  }
  const untilProgress = (id: string, state: string, rows: number) =>
    waitFor(`${rows} rows of the request to be ${state}`, async () => {
      const { assignments } = await engineer.getAccessRequest({ params: { id } })
      return (assignments.length === rows && assignments.every((one) => one.state === state)) || undefined
    })

  it('show the accounts of both, each with its own portal', async () => {
    const items = await waitFor('two accounts', async () => {
      const { items: found } = await engineer.listResources({})
      const granted = found.filter(({ permissionSets }) => permissionSets.every(({ access }) => access === 'granted'))
      return granted.length === 2 ? granted : undefined
    })
    for (const { sandbox, account, set } of places) {
      const shown = items.find((one) => one.account === account.id)
      expect(shown).toMatchObject({
        organization: sandbox === world.first ? FIRST : SECOND,
        startUrl: sandbox.startUrl,
        permissionSets: [expect.objectContaining({ arn: set.arn, access: 'granted' })],
      })
      expect(shown?.portalUrl.startsWith(sandbox.portalUrl), shown?.portalUrl).toBe(true)
    }
  })

  it('are an application each, and signing in begins at its own service provider', async () => {
    const { items } = await engineer.listApplications({})
    const tiles = items.filter(({ kind }) => kind === 'identity-center')
    expect(Object.fromEntries(tiles.map(({ name, startUrl }) => [name, startUrl]))).toEqual({
      [FIRST]: world.first.startUrl,
      [SECOND]: world.second.startUrl,
    })
    for (const { name, signInUrl = '' } of tiles) {
      const { portalUrl } = name === FIRST ? world.first : world.second
      const { url } = await openAs({ user: ENGINEER, password: PASSWORD }, signInUrl)
      expect(url.startsWith(portalUrl), `${name}: ${url}`).toBe(true)
    }
  })

  it('are written to one file of profiles, with a session for each', async () => {
    await atShell.tsh(['aws-profile'])
    const config = readFileSync(join(atShell.home, '.aws', 'config'), 'utf8')
    const sessions = config.match(/^\[sso-session [^\]]+\]$/gm) ?? []
    expect(sessions).toHaveLength(2)
    for (const { sandbox, account } of places) {
      expect(config).toContain(`sso_start_url = ${sandbox.startUrl}`)
      expect(config).toContain(`sso_account_id = ${account.id}`)
    }
  })

  it('are asked for in one request, which ends as confirmed by the AWS of each, and is over in both', async () => {
    const { items } = await engineer.listResources({ query: { requestable: true } })
    const resources = places.map(({ account, other }) => {
      const shown = items.find((one) => one.account === account.id)
      return shown?.permissionSets.find(({ arn }) => arn === other.set.arn)?.resourceId ?? `none in ${account.id}`
    })
    const { id } = await engineer.createAccessRequest({ body: { resources, reason: 'INC-1' } })
    await approve(id)
    await world.untilHeld(ENGINEER, both)
    await untilProgress(id, 'confirmed', 2)
    await engineer.returnAccess({ params: { id }, body: {} })
    await world.untilHeld(ENGINEER, standing)
    await untilProgress(id, 'ended', 2)
  })

  it('are explained alike: who gets into an account of the second, and why', async () => {
    for (const { account, set } of places) {
      const { items } = await world.client.listWhoCan({ query: { account: account.id } })
      const found = items.find(({ user }) => user === ENGINEER)
      expect(found?.paths).toEqual([
        expect.objectContaining({ account: account.id, permissionSet: set.arn, role: 'both' }),
      ])
      const why = await world.client.explainAccess({ query: { user: ENGINEER, account: account.id } })
      expect(why.paths).toMatchObject(found?.paths ?? [])
    }
    const { out } = await world.admin.tctl(['who-can', places[1]?.account.id ?? ''])
    expect(out).toContain(ENGINEER)
  })

  it('have system roles that may be asked for and granted by name', async () => {
    const { second } = world
    const { id } = await engineer.createAccessRequest({ body: { roles: [systemRole], reason: 'INC-2' } })
    await approve(id)
    const more = (sandbox: Sandbox) => (sandbox === second ? both(sandbox) : standing(sandbox))
    await world.untilHeld(ENGINEER, more)
    await engineer.returnAccess({ params: { id }, body: {} })
    await world.untilHeld(ENGINEER, standing)
    await apply(rolesOf('asks', 'both', systemRole))
    await world.untilHeld(ENGINEER, more)
    await apply(rolesOf('asks', 'both'))
    await world.untilHeld(ENGINEER, standing)
  })

  it('both let go of who is locked, and take him back', async () => {
    const lock = { kind: 'lock', version: 'v2', metadata: { name: 'gone' }, spec: { target: { user: ENGINEER } } }
    await apply(lock)
    await world.untilHeld(ENGINEER, () => [])
    for (const { control } of [world.first, world.second])
      await waitFor('the user to be inactive', async () => !(await control.user(ENGINEER)).active || undefined)
    await world.client.deleteDocument({ params: { kind: 'lock', name: 'gone' } })
    await world.untilHeld(ENGINEER, standing)
  })

  it('have a group each of a list that grants something in both, and lose it with the list', async () => {
    const list = listDocument('Shared', { owner: ADMIN, members: [ENGINEER], roles: ['wanted'] })
    await apply({ ...list, metadata: { name: 'shared' } })
    for (const { sandbox, other } of places)
      await waitFor('the group with what the list grants', async () => {
        const { members, assignments } = await sandbox.control.group('Shared')
        const rows = assignments.map(({ permissionSet, accountId }) => `${permissionSet} on ${accountId}`)
        return (members.join() === ENGINEER && rows.join() === other.row) || undefined
      })
    await world.client.deleteDocument({ params: { kind: 'access_list', name: 'shared' } })
    for (const { control } of [world.first, world.second])
      await waitFor('the group to go', async () => {
        const { groups } = await control.world()
        return groups.every(({ displayName }) => displayName !== 'Shared') || undefined
      })
  })
})

describe('the end of a second organization', { timeout: 60_000 }, () => {
  it('says before what of it goes, and nothing of the first', async () => {
    const { out } = await world.admin.tctl(['plugins', 'delete', SECOND, '--dry-run'])
    expect(out).toContain(
      '4 access lists made from groups: group-0000 (acme-labs), group-0001 (acme-labs), group-0002, ',
    )
    expect(out).toContain('  15 derived roles (5 accounts × 3 permission sets)\n  service provider acme-labs\n')
    expect(out).not.toContain(FIRST)
    // The first is enrolled by an integration of this name, too.
    expect(out).not.toContain('OIDC integration')
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
