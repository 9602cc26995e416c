import { createSign, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { createGate, type IdentityCenter } from '@gatehouse/application'
import {
  identityCenterContract,
  type IdentityCenterUnderTest,
  type SandboxProcess,
  startSandboxProcess,
} from '@gatehouse/application/testing'
import type { AccountId, AwsGroupId, AwsUserId, GrantKey, PermissionSetArn } from '@gatehouse/domain'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type CredentialSource, fixedCredentials, webIdentityCredentials } from './credentials.ts'
import { createIdentityCenter } from './identity-center.ts'
import { type SetupExtras, setupSteps } from './setup-steps.ts'
import { failureOf, pointSdkTo, sweep } from './testing/an-identity-center.ts'

interface World {
  readonly managementAccountId: string
  readonly accounts: readonly { id: string; state: string }[]
  readonly permissionSets: readonly { arn: string; name: string }[]
  readonly users: readonly {
    id: string
    userName: string
    groups: readonly string[]
    assignments: readonly unknown[]
  }[]
  readonly groups: readonly {
    id: string
    displayName: string
    members: readonly string[]
    assignments: readonly { accountId: string; permissionSetArn: string }[]
  }[]
}

let sandbox: SandboxProcess
beforeAll(async () => {
  // Quotas have a test of their own; here they would only take time.
  sandbox = await startSandboxProcess(['--sso-tps', '500', '--sso-burst', '500', '--identity-store-tps', '500'])
  pointSdkTo(sandbox.endpointUrl)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await sandbox?.[Symbol.asyncDispose]()
})

const silent = { info() {}, warn() {}, error() {} }

function anIdentityCenter(credentials: CredentialSource = fixedCredentials(sandbox.admin)): IdentityCenter {
  const { region, instanceArn, identityStoreId } = sandbox
  const rate = { perSecond: 200, burst: 50 }
  const rates = { 'sso-admin': rate, identitystore: rate, organizations: { perSecond: 8, burst: 8 }, scim: rate }
  const gate = createGate({ log: silent, rates })
  return createIdentityCenter({ region, instanceArn, identityStoreId, credentials, gate })
}

/** The organization as the control API tells it; the casts say what the sandbox's texts are. */
async function asTold(identityCenter: IdentityCenter): Promise<IdentityCenterUnderTest> {
  const world = await sandbox.control<World>('GET', '/world')
  const idOf = new Map(world.users.map(({ id, userName }) => [userName, id as AwsUserId]))
  const group = world.groups.find(({ assignments, members }) => assignments.length > 0 && members.length > 0)
  const user = world.users.find(
    ({ assignments, groups }) => assignments.length === 0 && groups.includes(group?.displayName ?? ''),
  )
  const account = world.accounts.find(({ id, state }) => id !== world.managementAccountId && state === 'ACTIVE')
  if (!group || !user || !account) throw new Error('the seed lacks what the contract needs')
  return {
    identityCenter,
    instanceArn: sandbox.instanceArn,
    identityStoreId: sandbox.identityStoreId,
    managementAccount: world.managementAccountId as AccountId,
    accounts: new Set(world.accounts.map(({ id }) => id as AccountId)),
    permissionSets: new Map(world.permissionSets.map(({ arn, name }) => [arn as PermissionSetArn, name])),
    users: new Map(world.users.map(({ id, userName }) => [id as AwsUserId, userName])),
    groups: new Map(
      world.groups.map(({ id, displayName, members }) => [
        id as AwsGroupId,
        { displayName, members: new Set(members.flatMap((name) => idOf.get(name) ?? [])) },
      ]),
    ),
    user: user.id as AwsUserId,
    group: {
      id: group.id as AwsGroupId,
      assignments: new Set(
        group.assignments.map(({ accountId, permissionSetArn }) => `${accountId}|${permissionSetArn}` as GrantKey),
      ),
    },
    account: account.id as AccountId,
    tick: () => wait(20),
  }
}

const LISTS = {
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  claims_supported: ['sub', 'aud', 'exp', 'iat', 'iss'],
}

/** An OIDC issuer of the test's own: what signs here is not what Gatehouse signs with. */
async function startIssuer() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }
  const server = createServer((request, response) => {
    const isKeys = request.url === '/keys'
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(isKeys ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/keys`, ...LISTS }))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server
  return {
    issuer,
    token(sub: string, aud: string) {
      const now = Math.floor(Date.now() / 1_000)
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
      const head = part({ alg: 'RS256', kid: 'k1', typ: 'JWT' })
      const text = `${head}.${part({ iss: issuer, sub, aud, iat: now, exp: now + 600 })}`
      return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`
    },
    [Symbol.dispose]: () => void server.close(),
  }
}

/** Does what the script does, as the management account's root. */
async function setUp(issuer: string, roleName: string, extras?: SetupExtras) {
  const steps = setupSteps({
    issuer,
    audience: 'gatehouse',
    roleName,
    region: sandbox.region,
    organizationId: 'org-1',
    integrationName: 'aws-identity-center',
    ...(extras ? { extras } : {}),
  })
  const iam = (operation: string, input: object) => sandbox.control('POST', '/do', { service: 'iam', operation, input })
  await iam('CreateOpenIDConnectProvider', { Url: steps.provider.url, ClientIDList: [steps.provider.audience] })
  const provider = `arn:aws:iam::${sandbox.managementAccountId}:${steps.provider.arnSuffix}`
  await iam('CreateRole', {
    RoleName: steps.role.name,
    Description: steps.role.description,
    Tags: steps.role.tags,
    AssumeRolePolicyDocument: JSON.stringify(steps.trustPolicy(provider)),
  })
  const { name, document } = steps.permissions
  await iam('PutRolePolicy', { RoleName: roleName, PolicyName: name, PolicyDocument: JSON.stringify(document) })
  return `arn:aws:iam::${sandbox.managementAccountId}:role/${roleName}`
}

describe('the sandbox through the SDK, as an administrator,', () => {
  identityCenterContract(() => asTold(anIdentityCenter()))

  it('tells all requests in progress in one call', async () => {
    const identityCenter = anIdentityCenter()
    const { account, user, permissionSets } = await asTold(identityCenter)
    const [permissionSet] = permissionSets.keys()
    if (!permissionSet) throw new Error('no permission set')
    const principal = { type: 'USER', id: user } as const
    const slow = [1_000, 1_000]
    const { durationAssign, durationProvision } = await sandbox.control<Record<string, unknown>>('GET', '/knobs')
    await sandbox.control('PATCH', '/knobs', { durationAssign: slow, durationProvision: slow })
    const begun = await identityCenter.createAssignment({ account, permissionSet, principal }, sweep())
    expect(begun.status).toBe('in-progress')
    expect(await identityCenter.listRequestsInProgress('creation', sweep())).toEqual(new Set([begun.requestId]))
    await vi.waitFor(
      async () => expect(await identityCenter.listRequestsInProgress('creation', sweep())).toEqual(new Set()),
      { timeout: 10_000, interval: 200 },
    )
    await sandbox.control('PATCH', '/knobs', { durationAssign, durationProvision })
  })
})

describe('the sandbox with no more than what the script grants', () => {
  it('does everything of the port (GD-18, GD-22), says which permission is missing, and lets in no other organization', async () => {
    using issuer = await startIssuer()
    const roleArn = await setUp(issuer.issuer, 'gatehouse')
    const as = (sub: string, aud = 'gatehouse'): CredentialSource =>
      webIdentityCredentials({
        roleArn,
        sessionName: 'gatehouse',
        token: () => Promise.resolve(issuer.token(sub, aud)),
        region: sandbox.region,
      })
    const identityCenter = anIdentityCenter(as('system:gatehouse:org-1'))
    const told = await asTold(identityCenter)
    expect(await identityCenter.listAccounts(sweep())).toHaveLength(told.accounts.size)
    expect(await identityCenter.listUsers(sweep())).toHaveLength(told.users.size)
    expect(await identityCenter.listGroups(sweep())).toHaveLength(told.groups.size)
    expect(await identityCenter.listRequestsInProgress('creation', sweep())).toBeUndefined()
    const [arn] = told.permissionSets.keys()
    if (!arn) throw new Error('no permission set')
    expect(await identityCenter.readPermissionSet(arn, sweep())).not.toHaveProperty('policies')
    const [account] = await identityCenter.listAccounts(sweep())
    if (!account) throw new Error('no account')
    expect(await identityCenter.listAccountTags(account.id, sweep())).toBeUndefined()
    expect(await identityCenter.listOrganizationalUnits(sweep())).toBeUndefined()
    const [unit] = account.parents ?? []
    expect(await identityCenter.listAccountsInUnit(unit?.id ?? '', sweep())).toContain(account.id)
    const other = anIdentityCenter(as('system:gatehouse:org-2'))
    expect(await failureOf(other.listAccounts(sweep()))).toBe('access-denied')
    const elsewhere = anIdentityCenter(as('system:gatehouse:org-1', 'other'))
    expect(await failureOf(elsewhere.listAccounts(sweep()))).toBe('access-denied')
  })

  describe('as a role with the optional permission,', () => {
    let issuer: Awaited<ReturnType<typeof startIssuer>>
    let credentials: CredentialSource
    beforeAll(async () => {
      issuer = await startIssuer()
      credentials = webIdentityCredentials({
        roleArn: await setUp(issuer.issuer, 'gatehouse-more', {
          batchPolling: true,
          permissionSetContents: true,
          organizationDetails: true,
        }),
        sessionName: 'gatehouse',
        token: () => Promise.resolve(issuer.token('system:gatehouse:org-1', 'gatehouse')),
        region: sandbox.region,
      })
    })
    afterAll(() => issuer?.[Symbol.dispose]())
    identityCenterContract(() => asTold(anIdentityCenter(credentials)))

    it('reads tags of accounts, and every organizational unit up to the root', async () => {
      const identityCenter = anIdentityCenter(credentials)
      const paths = (await identityCenter.listOrganizationalUnits(sweep())) ?? []
      const named = paths.map((path) => path.map(({ name }) => name).join(' < '))
      expect(named).toEqual(expect.arrayContaining(['Root', 'Workloads < Root', 'Production < Workloads < Root']))
      const accounts = await identityCenter.listAccounts(sweep())
      const web = accounts.find(({ name }) => name === 'Web Prod')
      if (!web) throw new Error('the seed lacks an account')
      expect(await identityCenter.listAccountTags(web.id, sweep())).toEqual({ environment: 'prod', team: 'web' })
      expect(web.parents?.map(({ id }) => id)).toEqual(
        paths.find(([{ name }]) => name === 'Production')?.map(({ id }) => id),
      )
    })

    it('reads what a permission set allows, and sees at once that it changed', async () => {
      const identityCenter = anIdentityCenter(credentials)
      const { permissionSets } = await asTold(identityCenter)
      const [arn] = permissionSets.keys()
      if (!arn) throw new Error('no permission set')
      const before = await identityCenter.readPermissionSet(arn, sweep())
      expect(before.policies?.managedPolicies.every((policy) => policy.startsWith('arn:aws:iam::aws:'))).toBe(true)
      const InlinePolicy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
      const input = { InstanceArn: sandbox.instanceArn, PermissionSetArn: arn, InlinePolicy }
      await sandbox.control('POST', '/do', {
        service: 'sso-admin',
        operation: 'PutInlinePolicyToPermissionSet',
        input,
      })
      const after = await identityCenter.readPermissionSet(arn, sweep())
      expect(after).toEqual({ ...before, policies: { ...before.policies, inlinePolicy: InlinePolicy } })
    })
  })
})

describe('the gate against the quotas of the sandbox', () => {
  it('keeps twenty calls a second, and is never throttled (I6)', async () => {
    await using strict = await startSandboxProcess()
    vi.stubEnv('AWS_ENDPOINT_URL', strict.endpointUrl)
    const gate = createGate({ log: silent })
    const identityCenter = createIdentityCenter({
      region: strict.region,
      instanceArn: strict.instanceArn,
      identityStoreId: strict.identityStoreId,
      credentials: fixedCredentials(strict.admin),
      gate,
    })
    const groups = await identityCenter.listGroups(sweep())
    const work = [...groups, ...groups, ...groups].map(({ id }) =>
      identityCenter.listAssignments({ type: 'GROUP', id }, sweep()),
    )
    const begun = performance.now()
    await Promise.all(work)
    const seconds = (performance.now() - begun) / 1_000
    vi.stubEnv('AWS_ENDPOINT_URL', sandbox.endpointUrl)
    // How they arrive within one second is up to the machine; the gate's own tests hold it to each second exactly.
    expect(work.length).toBeLessThanOrEqual(20 * (seconds + 1))
    expect(gate.stats()['sso-admin']).toMatchObject({ throttled: 0, taken: work.length })
  })
})
