import { ApiProblem, type GatehouseClient } from '@gatehouse/api'
import { setupSteps } from '@gatehouse/adapter-aws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untilAdopted } from '../harness/enrol.ts'
import { setPassword } from '../harness/set-password.ts'
import { setUpAws } from '../harness/set-up-aws.ts'
import { ADMIN, type EnrolmentWorld, PASSWORD, startEnrolmentWorld } from './enrolment-world.ts'

const NAME = 'aws-identity-center'
const params = { name: NAME }
const ROLE = 'GatehouseIdentityCenter'

let world: EnrolmentWorld
beforeAll(async () => {
  world = await startEnrolmentWorld()
})
afterAll(() => world?.[Symbol.asyncDispose]())

const problemOf = async (call: Promise<unknown>) => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ApiProblem)) throw new Error(`no problem, but ${String(error)}`)
  return { status: error.status, code: error.code, detail: error.message, remedy: error.remedy }
}
const steps = async (client: GatehouseClient): Promise<Record<string, string>> => {
  const { steps: all } = await client.getEnrolment({ params })
  return Object.fromEntries(all.map(({ step, state }) => [step, state]))
}
/** What is shown now. */
const finish = async (client: GatehouseClient) => {
  const { revision } = await client.getEnrolment({ params })
  return client.finishEnrolment({ params, body: { revision } })
}
const metadata = async (): Promise<string> => {
  const { serviceProvider } = await world.sandbox.control.identitySource()
  return (await fetch(serviceProvider.metadataUrl)).text()
}

// One enrolment, from the first step to the last: each test goes on where the one before has ended.
describe('the guided enrolment', () => {
  it('begins with the public address: one on this machine is for a sandbox only', async () => {
    const { usable, sandboxOnly, problems } = await world.client.checkPublicAddress()
    expect({ usable, sandboxOnly }).toEqual({ usable: true, sandboxOnly: true })
    expect(problems.map(({ code }) => code)).toEqual(['not-https', 'port', 'not-public'])
  })

  it('is begun once, and only by who may enrol', async () => {
    const stranger = await world.person('stranger@acme.example', ['access'])
    expect(await problemOf(stranger.startEnrolment({ body: {} }))).toMatchObject({
      status: 403,
      detail: expect.stringContaining('"create" on "plugin"'),
    })
    expect(await world.client.startEnrolment({ body: {} })).toMatchObject({ name: NAME, startedBy: ADMIN, given: {} })
    expect(await problemOf(world.client.startEnrolment({ body: {} }))).toMatchObject({ status: 409 })
    expect((await world.client.listEnrolments()).items.map(({ name }) => name)).toEqual([NAME])
  })

  it('keeps what was given, for another administrator too, who is not overtaken unawares (GD-23)', async () => {
    const { sandbox, client } = world
    const { revision } = await client.editEnrolment({
      params,
      body: { region: sandbox.region, instanceArn: sandbox.instanceArn, integration: 'aws-oidc', roleName: ROLE },
    })
    const other = await world.person('another.admin@acme.example', ['editor'])
    expect((await other.getEnrolment({ params })).given).toMatchObject({ region: sandbox.region, roleName: ROLE })
    await other.editEnrolment({ params, body: { revision, scopedToInstance: true } })
    const late = client.editEnrolment({ params, body: { revision, scopedToInstance: false } })
    expect(await problemOf(late)).toMatchObject({ status: 412, code: 'stale' })
  })

  it('says which permissions the pasted role lacks, by name, and tries nothing that changes anything (GD-22)', async () => {
    const { sandbox, client, server } = world
    expect(await problemOf(client.checkRole({ params, body: {} }))).toMatchObject({ status: 400 })
    const arn = `arn:aws:iam::${sandbox.managementAccountId}:role/${ROLE}`
    const { audience } = await client.makeSetupScript({
      body: { integration: 'aws-oidc', role: ROLE, region: sandbox.region },
    })
    const setup = {
      issuer: server.url,
      audience,
      roleName: ROLE,
      region: sandbox.region,
      organizationId: NAME,
      integrationName: 'aws-oidc',
      instanceArn: sandbox.instanceArn,
      extras: { organizationDetails: true },
    }
    expect(await setUpAws(sandbox, setup)).toBe(arn)
    const PolicyName = setupSteps(setup).permissions.name
    const put = (document: object) =>
      sandbox.control.perform('iam', 'PutRolePolicy', {
        RoleName: ROLE,
        PolicyName,
        PolicyDocument: JSON.stringify(document),
      })
    const { document } = setupSteps(setup).permissions
    const without = (action: string) => ({
      ...document,
      Statement: document.Statement.map((one) => ({
        ...one,
        Action: (one['Action'] as string[]).filter((each) => each !== action), // as written by `setupSteps`
      })),
    })
    await client.editEnrolment({ params, body: { roleArn: arn, extras: ['organization-details'] } })
    await put(without('identitystore:ListGroups'))
    const lacking = await until(
      () => client.checkRole({ params, body: {} }),
      ({ permissions }) => permissions.filter(({ outcome, wanted }) => wanted && outcome === 'missing').length === 1,
    )
    const missing = lacking.permissions.filter(({ outcome, wanted }) => wanted && outcome === 'missing')
    expect(missing.map(({ action }) => action)).toEqual(['identitystore:ListGroups'])
    expect(lacking.message).toContain('identitystore:ListGroups')
    expect(await steps(client)).toMatchObject({ aws: 'failed' })
    expect(await problemOf(client.previewGroups({ params }))).toMatchObject({
      status: 403,
      detail: expect.stringMatching(/^AWS: ListGroups: .* is not authorized to perform: identitystore:ListGroups /),
      remedy: expect.stringContaining('add identitystore:ListGroups'),
    })

    await put(document)
    await sandbox.control.resetCalls()
    const checked = await until(
      () => client.checkRole({ params, body: {} }),
      ({ permissions }) =>
        permissions.every(({ outcome, wanted }) => !wanted || outcome !== 'missing') && permissions.length > 0,
    )
    expect(checked.assumed).toBe(true)
    const guide = checked.permissions.filter(({ extra }) => extra === undefined)
    expect(guide).toHaveLength(21)
    const unproven = guide.filter(({ outcome }) => outcome === 'unproven').map(({ action }) => action)
    expect(unproven).toEqual(
      expect.arrayContaining(['sso:CreateAccountAssignment', 'sso:DeleteAccountAssignment', 'iam:CreateRole']),
    )
    const polling = checked.permissions.filter(({ extra }) => extra === 'batch-polling')
    expect(polling.map(({ outcome, wanted }) => [outcome, wanted])).toEqual([
      ['missing', false],
      ['missing', false],
    ])
    const { actions } = await sandbox.control.calls()
    expect(Object.keys(actions).filter((action) => /\.(Create|Delete|Put|Attach|Update)/.test(action))).toEqual([])
    expect(await steps(client)).toMatchObject({ aws: 'done', preview: 'open' })
  })

  it('is not content with the role of an organization that has another instance', async () => {
    const { client, sandbox } = world
    await client.editEnrolment({ params, body: { instanceArn: 'arn:aws:sso:::instance/ssoins-0000000000000000' } })
    const checked = await client.checkRole({ params, body: {} })
    expect(checked).toMatchObject({ assumed: true, remedy: expect.stringContaining('Region and the instance ARN') })
    expect(await steps(client)).toMatchObject({ aws: 'failed' })
    const fault = { kind: 'error', service: 'sso-admin', operation: 'DescribeInstance', status: 400 } as const
    await client.editEnrolment({ params, body: { instanceArn: sandbox.instanceArn } })
    await sandbox.control.addFault({ ...fault, code: 'ResourceNotFoundException' })
    const unseen = await client.checkRole({ params, body: {} })
    await sandbox.control.clearFaults()
    expect(unseen.message).toMatch(/^AWS does not show the instance: /)
    expect(unseen.enrolment.steps[0]).toMatchObject({ step: 'aws', state: 'failed' })
    await client.checkRole({ params, body: {} })
    expect(await steps(client)).toMatchObject({ aws: 'done' })
  })

  it('previews accounts, groups and permission sets, page by page, as the filters have them (GD-24)', async () => {
    const { client, sandbox } = world
    const { accounts, groups, permissionSets } = await sandbox.control.world()
    const first = await client.previewAccounts({ params, query: { limit: 3 } })
    expect(first).toMatchObject({ total: accounts.length, inside: accounts.length, unitsReadable: true })
    expect(first.items).toHaveLength(3)
    const second = await client.previewAccounts({ params, query: { limit: 200, cursor: first.next ?? '' } })
    expect([...first.items, ...second.items].map(({ id }) => id).toSorted()).toEqual(
      accounts.map(({ id }) => id).toSorted(),
    )
    expect(first.items.concat(second.items).some((account) => account.permissionSets.length > 0)).toBe(true)

    const [group] = groups
    if (!group) throw new Error('the seed has no group')
    const pattern = `${group.displayName.slice(0, 3)}*`
    await client.editEnrolment({ params, body: { groupFilter: [{ match: 'include', field: 'name', pattern }] } })
    const inside = await client.previewGroups({ params, query: { inside: true } })
    const expected = groups.filter(({ displayName }) => displayName.startsWith(pattern.slice(0, -1)))
    expect(inside.items.map(({ name }) => name).toSorted()).toEqual(expected.map((one) => one.displayName).toSorted())
    const shown = inside.items.find(({ name }) => name === group.displayName)
    expect(shown).toMatchObject({ members: group.members.length })
    expect(shown?.assignments).toHaveLength(group.assignments.length)
    await client.editEnrolment({ params, body: { groupFilter: null, defaultOwners: [ADMIN] } })

    const sets = await client.previewPermissionSets({ params })
    expect(sets.items.map(({ name }) => name).toSorted()).toEqual(permissionSets.map(({ name }) => name).toSorted())
    expect(await steps(client)).toMatchObject({ preview: 'done', 'identity-source': 'open' })
  })

  it('names who could not sign in here, and gives them one-time links that work', async () => {
    const { client, sandbox, server } = world
    const { users } = await sandbox.control.world()
    const active = users.filter((user) => user.active)
    const listed = await client.listLockedOut({ params, query: { limit: 1000 } })
    expect(listed).toMatchObject({ users: active.length, lockedOut: active.length })
    const [first, second] = listed.items
    if (!first || !second) throw new Error('the seed has too few users')
    const one = await client.inviteLockedOut({ params, body: { users: [first.userName] } })
    expect(one).toMatchObject({ items: [{ user: first.userName, created: true }], failed: [] })
    await setPassword(one.items[0]?.url ?? '', PASSWORD)
    await server.signIn(first.userName, PASSWORD)
    const { items } = await client.listLockedOut({ params, query: { limit: 1000 } })
    expect(items.map(({ userName }) => userName)).not.toContain(first.userName)
    const all = await client.inviteLockedOut({ params, body: { all: true } })
    expect(all.items.length + all.failed.length).toBe(active.length - 1)
    const { items: waiting } = await client.listLockedOut({ params, query: { search: second.userName } })
    expect(waiting).toMatchObject([{ userName: second.userName, reason: 'no-password', linkHelps: true }])
  })

  it('takes the metadata of Identity Center, gives ours, and warns of Active Directory (GD-26)', async () => {
    const { client, server } = world
    await client.editEnrolment({
      params,
      body: { identitySource: 'active-directory', serviceProviderMetadata: '<not-metadata/>' },
    })
    const wrong = await client.getIdentitySource({ params })
    expect(wrong.problems).toHaveLength(1)
    expect(await steps(client)).toMatchObject({ 'identity-source': 'failed' })
    expect(wrong.warnings.join(' ')).toContain('deletes all users, groups and assignments')
    const body = { identitySource: 'identity-center', serviceProviderMetadata: await metadata() } as const
    await client.editEnrolment({ params, body })
    const right = await client.getIdentitySource({ params })
    expect(right.problems).toEqual([])
    expect(right.theirs?.entityId).toMatch(/platform\/saml\/d-/)
    expect(right.ours).toMatchObject({
      metadataUrl: `${server.url}/saml/metadata`,
      signInUrl: `${server.url}/saml/sso`,
    })
    expect(right.ours.certificates[0]).toContain('BEGIN CERTIFICATE')
    expect(right.clicks.length).toBeGreaterThan(3)
  })

  it('tells apart what can be wrong with SCIM, and sends nobody but AWS the token (GD-27)', async () => {
    const { client, sandbox } = world
    const tried = async (scimUrl: string, scimToken = sandbox.scimToken): Promise<string> => {
      await client.editEnrolment({ params, body: { scimUrl, scimToken } })
      return (await client.testScim({ params, body: {} })).outcome
    }
    expect(await tried('https://scim.example.com/tenant/scim/v2')).toBe('not-an-endpoint')
    expect(await tried(sandbox.endpointUrl)).toBe('not-an-endpoint')
    expect(await tried(sandbox.scimUrl, 'wrong')).toBe('unauthorized')
    expect(await tried('http://127.0.0.1:1/tenant/scim/v2')).toBe('unreachable')
    await sandbox.control.addFault({ kind: 'error', service: 'scim', code: 'InternalServerException', status: 500 })
    expect(await tried(sandbox.scimUrl)).toBe('server-error')
    await sandbox.control.clearFaults()
    expect(await steps(client)).toMatchObject({ scim: 'failed' })
    expect(await tried(sandbox.scimUrl)).toBe('ok')
    const draft = await client.getEnrolment({ params })
    expect(draft.hasScimToken).toBe(true)
    expect(JSON.stringify(draft)).not.toContain(sandbox.scimToken)
    expect(await steps(client)).toMatchObject({ aws: 'done', scim: 'done', verify: 'open' })
  })

  it('is not finished by an editor without app_labels, who is told verb, kind and label, and nothing is left (GD-19)', async () => {
    const { client } = world
    await world.client.applyDocuments({
      body: {
        text: 'kind: role\nversion: v8\nmetadata: {name: plain-v8}\nspec: {allow: {}}',
        mode: 'replace',
      },
    })
    const editor = await world.person('editor@acme.example', ['editor', 'plain-v8'])
    const refused = await problemOf(finish(editor))
    expect(refused.status).toBe(403)
    expect(refused.detail).toMatch(/create.*saml_idp_service_provider.*teleport\.dev\/origin: aws-identity-center/)
    expect((await client.listOrganizations()).items).toEqual([])
    expect((await client.getEnrolment({ params })).installed).toBe(false)
  })

  it('leaves nothing behind when the name of the service provider is taken', async () => {
    const { client } = world
    const text = JSON.stringify({
      kind: 'saml_idp_service_provider',
      version: 'v1',
      metadata: { name: 'taken' },
      spec: { entity_id: 'urn:other', acs_url: 'https://other.example/acs' },
    })
    await client.applyDocuments({ body: { text, mode: 'create' } })
    await client.editEnrolment({ params, body: { serviceProviderName: 'taken' } })
    expect((await client.getIdentitySource({ params })).problems).toHaveLength(1)
    expect(await problemOf(finish(client))).toMatchObject({ status: 409 })
    expect((await client.listOrganizations()).items).toEqual([])
    await client.editEnrolment({ params, body: { serviceProviderName: null } })
  })

  it('is not installed with the metadata of another instance', async () => {
    const { client, sandbox } = world
    const own = await metadata()
    const foreign = own.replaceAll(sandbox.identityStoreId, 'd-0123456789')
    await client.editEnrolment({ params, body: { serviceProviderMetadata: foreign } })
    expect((await client.getIdentitySource({ params })).problems).toHaveLength(1)
    await expect(finish(client)).rejects.toMatchObject({ status: 400, field: 'serviceProviderMetadata' })
    expect((await client.listOrganizations()).items).toEqual([])
    await client.editEnrolment({ params, body: { serviceProviderMetadata: own } })
    expect(await steps(client)).toMatchObject({ 'identity-source': 'done' })
  })

  it('installs organization and service provider together, in shadow mode, and goes on with the steps after (GD-25)', async () => {
    const { client, sandbox } = world
    const { startUrl, portalUrl } = sandbox
    await client.editEnrolment({ params, body: { startUrl, portalUrl } })
    expect(await finish(client)).toMatchObject({
      name: NAME,
      mode: 'shadow',
      defaultOwners: [ADMIN],
    })
    const providers = await client.listDocuments({ params: { kind: 'saml_idp_service_provider' } })
    expect(JSON.stringify(providers)).toContain('aws-identity-center')
    const done = { installed: true, hasScimToken: false, serviceProvider: 'aws-identity-center' }
    expect(await client.getEnrolment({ params })).toMatchObject(done)
    expect(await problemOf(finish(client))).toMatchObject({ status: 400 })
    await untilAdopted(client)
    expect(await steps(client)).toMatchObject({ verify: 'open', access: 'done', connect: 'open' })
    expect((await client.getIdentitySource({ params })).problems).toEqual([])
  })

  it('writes the roles that people need, and makes them when asked (GD-29)', async () => {
    const { client, sandbox } = world
    const shown = await client.writePeopleRole({ params, body: {} })
    expect(shown).toMatchObject({ created: false })
    expect(shown.yaml).toContain("'teleport.dev/origin': 'aws-identity-center'")
    const { accounts, permissionSets } = await sandbox.control.world()
    const account = accounts.find(({ id }) => id !== sandbox.managementAccountId)
    const [set] = permissionSets
    const assignments = [{ account: account?.id ?? '', permissionSet: set?.arn ?? '' }]
    const body = { name: 'prod-access', assignments, create: true }
    expect(await client.writePeopleRole({ params, body })).toMatchObject({ created: true, warnings: [] })
    expect(await problemOf(client.writePeopleRole({ params, body }))).toMatchObject({ status: 409 })
    const role = await client.getDocument({ params: { kind: 'role', name: 'prod-access' } })
    expect(JSON.stringify(role)).toContain(set?.arn ?? '-')
  })

  it('is removed without the organization that it has installed', async () => {
    const { client } = world
    await client.deleteEnrolment({ params })
    expect(await problemOf(client.getEnrolment({ params }))).toMatchObject({ status: 404 })
    expect((await client.listOrganizations()).items).toHaveLength(1)
    expect(await problemOf(client.startEnrolment({ body: {} }))).toMatchObject({ status: 409 })
  })
})

/** IAM's parts learn of a new policy after a moment. */
async function until<T>(look: () => Promise<T>, isSo: (found: T) => boolean): Promise<T> {
  const end = performance.now() + 20_000
  for (;;) {
    const found = await look()
    if (isSo(found) || performance.now() > end) return found
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
