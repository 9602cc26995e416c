import { ApiProblem } from '@gatehouse/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectSaml } from '../harness/connect-saml.ts'
import { enrol, ORGANIZATION, prepareAws, untilAdopted } from '../harness/enrol.ts'
import { ADMIN, type EnrolmentWorld, startEnrolmentWorld } from './enrolment-world.ts'

const params = { name: ORGANIZATION }

let world: EnrolmentWorld
beforeAll(async () => {
  world = await startEnrolmentWorld('generated:6x3x8x3x4')
  const { client, server, sandbox } = world
  await enrol({ client, server, sandbox, owner: ADMIN })
  await untilAdopted(client)
  await connectSaml(client, sandbox)
})
afterAll(() => world?.[Symbol.asyncDispose]())

const problemOf = async (call: Promise<unknown>): Promise<ApiProblem> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ApiProblem) return error
  throw new Error(`no problem, but ${String(error)}`)
}

describe('the SCIM token of an organization', () => {
  it('is replaced by one that AWS takes, and stays while the new one is not taken', async () => {
    const { client, sandbox } = world
    const wrong = await problemOf(client.rotateScimToken({ params, body: { scimToken: 'not-a-token' } }))
    expect(wrong).toMatchObject({ status: 400, field: 'scimToken' })
    expect(wrong.message).not.toContain('not-a-token')
    await sandbox.control.addFault({ kind: 'error', service: 'scim', code: 'InternalServerException', status: 500 })
    const trouble = client.rotateScimToken({ params, body: { scimToken: sandbox.scimToken } })
    expect(await problemOf(trouble)).toMatchObject({ status: 502 })
    await sandbox.control.clearFaults()
    await client.rotateScimToken({ params, body: { scimToken: sandbox.scimToken } })
    const { items } = await client.listAuditEvents({ query: { event: 'plugin.update' } })
    expect(items[0]?.fields).toMatchObject({ rotated: 'scim_token' })
    expect(JSON.stringify(items)).not.toContain(sandbox.scimToken)
  })
})

describe('the instance of an organization', () => {
  it('is enrolled once, and whoever tries again is told what he can do', async () => {
    const { client, server, sandbox } = world
    const again = await problemOf(enrol({ client, server, sandbox, owner: ADMIN }))
    expect(again).toMatchObject({ status: 409, remedy: 'Choose another name.' })
    const renamed = await problemOf(enrol({ client, server, sandbox, owner: ADMIN, organization: 'another' }))
    expect(renamed).toMatchObject({ status: 409, remedy: expect.stringContaining('another instance') })
    expect(renamed.message).toContain(`"${ORGANIZATION}" has the instance ${sandbox.instanceArn}`)
    // The role trusts the organization that it was last made for.
    await prepareAws({ client, server, sandbox, owner: ADMIN })
  })
})

describe('the settings of an organization', () => {
  it('are shown with their effect before they are saved', async () => {
    const { client } = world
    const [account] = (await world.sandbox.control.world()).accounts
    const accountFilter = [{ match: 'exclude', field: 'id', pattern: account?.id ?? '' }] as const
    const preview = await client.previewSettings({ params, body: { accountFilter: [...accountFilter] } })
    expect(preview.effects.join('\n')).toContain(`1 account leaves the filter`)
    expect(preview.effects.join('\n')).toContain(account?.name)
    expect(preview.plan.operations.filter(({ removes }) => removes)).toEqual([])
    expect((await client.getOrganization({ params })).accountFilter).toEqual([])
    const users = await client.previewSettings({ params, body: { userFilter: [{ team: 'nobody' }] } })
    expect(users.effects.join('\n')).toMatch(/users? leaves? the filter/)
    const saved = await client.editOrganization({
      params,
      body: { userFilter: [{ team: 'cloud' }], driftPolicy: { 'member-added': 'report' }, defaultOwners: [ADMIN] },
    })
    expect(saved).toMatchObject({ userFilter: [{ team: 'cloud' }], driftPolicy: { 'member-added': 'report' } })
    expect(saved.driftPolicy['member-removed']).toBe('revert')
    await client.editOrganization({ params, body: { userFilter: [] } })
  })
})

describe('uninstalling', () => {
  const apply = (text: string) => world.client.applyDocuments({ body: { text, mode: 'replace' } })
  const aws = async () => {
    const { users, groups, assignments } = await world.sandbox.control.world()
    return JSON.stringify({ users, groups, assignments })
  }
  const listOf = async (id: string) =>
    JSON.stringify(await world.client.getDocument({ params: { kind: 'access_list', name: id } }))

  it('says before what goes, what will dangle and what stands against it (GD-53, GD-55, GD-56)', async () => {
    const { client, sandbox } = world
    const { groups, accounts, permissionSets } = await sandbox.control.world()
    const group = groups.find(({ assignments }) => assignments.length > 0)
    const [assignment] = group?.assignments ?? []
    if (!group || !assignment) throw new Error('the seed has no group with an assignment')
    const { items } = await client.listDocuments({ params: { kind: 'role' }, query: { limit: 1000 } })
    expect(JSON.stringify(items)).not.toContain('-on-')
    const role = `${assignment.permissionSet}-on-${assignment.accountName}-${assignment.accountId}`
    await apply('kind: role\nversion: v8\nmetadata: {name: own-role}\nspec: {allow: {}}')
    await apply(
      `kind: access_list\nversion: v1\nmetadata: {name: own}\nspec: {title: Own list, owners: [{name: ${ADMIN}}], grants: {roles: ['${role}']}}`,
    )
    await client.addMember({ params: { id: 'own' as never }, body: { kind: 'list', name: group.id } }) // ids are plain text here
    await client.createUser({ body: { name: 'direct@acme.example', roles: [role, 'own-role'] } })
    const expires = new Date(Date.now() + 3_600_000).toISOString()
    await client.addMember({
      params: { id: 'own' as never },
      body: { kind: 'user', name: 'direct@acme.example', expires },
    }) // same
    const { hash } = await client.getPlan({ params })
    await client.startOrganization({ params, body: { planHash: hash } })
    const report = await until(
      () => client.previewRemoval({ params }),
      ({ counts, blockers }) => counts.withEnd > 0 && blockers.length === 2,
    )
    expect(report.counts).toMatchObject({
      lists: groups.length,
      systemRoles: accounts.length * permissionSets.length,
      accounts: accounts.length,
    })
    expect(report.serviceProvider).toBe('aws-identity-center')
    expect(report.integration).toBe('aws-oidc')
    expect(report.dangling).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'access_list', name: 'own' }),
        expect.objectContaining({ kind: 'user', name: 'direct@acme.example', references: [role] }),
      ]),
    )
    expect(report.withEnd.map(({ summary }) => summary).join()).toContain('direct@acme.example in group Own list')
    expect(report.blockers.map(({ remedy }) => remedy).join()).toContain('--identity-source-changed')
    expect(report.remains.commands.join('\n')).toContain('delete-open-id-connect-provider')
  })

  it('takes all the rights to delete, and names those that are missing', async () => {
    const text =
      'kind: role\nversion: v8\nmetadata: {name: remover}\nspec: {allow: {rules: [{resources: [plugin], verbs: ["*"]}]}}'
    await apply(text)
    const remover = await world.person('remover@acme.example', ['remover'])
    const refused = await problemOf(remover.previewRemoval({ params }))
    expect(refused.status).toBe(403)
    for (const kind of ['aws_identity_center', 'saml_idp_service_provider', 'integration', 'access_list', 'role'])
      expect(refused.message).toContain(`"${kind}"`)
  })

  it('is refused until the identity source is changed and access with an end is gone or released, row by row', async () => {
    const { client } = world
    // A write that is under way is said before anything else.
    await until(
      () => client.getOrganizationStatus({ params }),
      ({ inFlight }) => inFlight.length === 0,
    )
    expect(await problemOf(client.removeOrganization({ params }))).toMatchObject({ status: 409 })
    const changed = client.removeOrganization({ params, body: { identitySourceChanged: true } })
    expect((await problemOf(changed)).message).toMatch(/ha(s|ve) an end/)
    expect((await client.listOrganizations()).items).toHaveLength(1)
  })

  it('takes imported lists and derived roles, and leaves AWS, own lists and own roles as they are (GD-52, GD-54)', async () => {
    const { client } = world
    await until(
      () => client.getOrganizationStatus({ params }),
      ({ inFlight, health }) => inFlight.length === 0 && health !== 'failing',
    )
    const { withEnd, leaving } = await client.previewRemoval({ params })
    const before = await aws()
    const body = { identitySourceChanged: true, release: [...withEnd, ...leaving].map(({ key }) => key) }
    const report = await client.removeOrganization({ params, body })
    expect(report.blockers).toEqual([])
    expect(report.counts.lists).toBeGreaterThan(0)
    expect((await client.listOrganizations()).items).toEqual([])
    const lists = await client.listAccessLists({ query: { limit: 1000 } })
    expect(lists.items.map(({ title }) => title)).toEqual(['Own list'])
    expect(await listOf('own')).toContain('-on-')
    const own = await client.getDocument({ params: { kind: 'role', name: 'own-role' } })
    expect(own).toMatchObject({ kind: 'role' })
    const providers = await client.listDocuments({ params: { kind: 'saml_idp_service_provider' } })
    expect(providers.items).toEqual([])
    const { items } = await client.listAuditEvents({ query: { limit: 200 } })
    const codes = new Set(items.map(({ code }) => code))
    for (const code of ['PG003I', 'IG003I', 'TSI003I']) expect(codes).toContain(code)
    // Longer than the engine takes to notice.
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(await aws()).toBe(before)
    expect(await problemOf(client.getPlan({ params }))).toMatchObject({ status: 404 })
  })

  it('and enrolling again finds everything, without a removal', async () => {
    const { client, server, sandbox } = world
    const before = await aws()
    await enrol({ client, server, sandbox, owner: ADMIN })
    await untilAdopted(client)
    const { groups } = await sandbox.control.world()
    const lists = await client.listAccessLists({ query: { limit: 1000 } })
    expect(lists.items.map(({ title }) => title).toSorted()).toEqual(
      groups.map(({ displayName }) => displayName).toSorted(),
    )
    const plan = await client.getPlan({ params, query: { limit: 1000 } })
    expect(plan.operations.filter(({ removes }) => removes)).toEqual([])
    expect(plan.held).toEqual([])
    expect(plan.notes.filter(({ kind }) => kind === 'name-conflict')).toEqual([])
    expect(await aws()).toBe(before)
  })
})

/** The engine takes a moment. */
async function until<T>(look: () => Promise<T>, isSo: (found: T) => boolean): Promise<T> {
  const end = performance.now() + 30_000
  for (;;) {
    const found = await look()
    if (isSo(found) || performance.now() > end) return found
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
