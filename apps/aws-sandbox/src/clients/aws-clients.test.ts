import { beforeEach, describe, expect, it } from 'vitest'
import { configFor, createAwsHome, SESSION, tokenFileOf } from '../testing/aws-home.ts'
import { findAwsCli, findBotocore, run, start, versionNumbers } from '../testing/programs.ts'
import { until } from '../testing/sandbox-clients.ts'
import { startSignInScene, type SignInScene } from '../testing/sign-in-scene.ts'

const ANA = 'ana@acme.example'
const NO_V1 = 'the AWS CLI v1 is not installed'
const NO_V2 = 'the AWS CLI v2 is not installed'
const NO_BOTOCORE = 'there is no python3 with botocore'
/** Starting a Python program takes a second or two on a busy machine, and each test starts several. */
const SLOW = 90_000

const cliV1 = findAwsCli(1)
const cliV2 = findAwsCli(2)
const botocore = findBotocore()

/** The first role that Ana has in a member account, by her own portal. */
async function anyRole(scene: SignInScene) {
  const { tokens } = await scene.login(ANA)
  const { body: accounts } = await scene.portal('/assignment/accounts', tokens.accessToken)
  const accountId: string = accounts.accountList[0].accountId
  const { body: roles } = await scene.portal(`/assignment/roles?account_id=${accountId}`, tokens.accessToken)
  const roleName: string = roles.roleList[0].roleName
  const arn = new RegExp(`^arn:aws:sts::${accountId}:assumed-role/AWSReservedSSO_${roleName}_[0-9a-f]{16}/${ANA}$`)
  return { accountId, roleName, arn }
}

const calls = async (scene: SignInScene, action: string): Promise<number> =>
  (await scene.control('GET', '/calls')).actions[action]?.total ?? 0

async function prepare(how: 'variables' | 'rules' = 'variables', ssoRegion?: string) {
  const scene = await startSignInScene()
  const home = await createAwsHome(scene, how)
  const role = await anyRole(scene)
  await home.configure(configFor(scene, ssoRegion === undefined ? role : { ...role, ssoRegion }))
  return {
    scene,
    home,
    role,
    async [Symbol.asyncDispose]() {
      home[Symbol.dispose]()
      await scene.sandbox.stop()
    },
  }
}

describe('the AWS CLI v1', { timeout: SLOW }, () => {
  beforeEach((context) => {
    if (cliV1 === undefined) context.skip(NO_V1)
  })

  it.each(['variables', 'rules'] as const)('works with a cached token, led here by %s', async (how) => {
    await using world = await prepare(how)
    const { scene, home, role } = world
    await home.cacheToken(SESSION, tokenFileOf(scene, await scene.login(ANA)))
    const identity = await run(cliV1 ?? '', ['--profile', 'work', 'sts', 'get-caller-identity'], home.env)
    expect(identity.stderr).toBe('')
    expect(JSON.parse(identity.stdout).Arn).toMatch(role.arn)
  })

  it('may do what the permission set allows, and is told what it does not', async () => {
    await using world = await prepare()
    const { scene, home } = world
    const { managementAccountId, instanceArn } = scene.sandbox
    const { permissionSets } = await scene.control('GET', '/world')
    const { id: PrincipalId } = await scene.control('GET', `/users/${ANA}`)
    const input = {
      InstanceArn: instanceArn,
      TargetId: managementAccountId,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: permissionSets.find(({ name }: { name: string }) => name === 'ReadOnlyAccess').arn,
      PrincipalType: 'USER',
      PrincipalId,
    }
    await scene.control('POST', '/do', { service: 'sso-admin', operation: 'CreateAccountAssignment', input })
    await home.configure(configFor(scene, { accountId: managementAccountId, roleName: 'ReadOnlyAccess' }))
    await home.cacheToken(SESSION, tokenFileOf(scene, await scene.login(ANA)))
    const listed = await run(cliV1 ?? '', ['--profile', 'work', 'iam', 'list-roles'], home.env)
    expect(JSON.parse(listed.stdout).Roles.length).toBeGreaterThan(0)
    const create = ['iam', 'create-role', '--role-name', 'mine', '--assume-role-policy-document', '{}']
    const created = await run(cliV1 ?? '', ['--profile', 'work', ...create], home.env)
    expect(created.stderr).toContain('AccessDenied')
    expect(created.stderr).toContain('iam:CreateRole')
  })

  it('speaks every operation of the login APIs', async () => {
    await using world = await prepare()
    const { scene, home, role } = world
    const aws = async (...args: string[]) => {
      const { stdout, stderr, status } = await run(cliV1 ?? '', [...args, '--no-sign-request'], home.env)
      if (status !== 0) throw new Error(stderr)
      return stdout === '' ? {} : JSON.parse(stdout)
    }
    // Or it would fetch what a start URL leads to.
    await home.configure('[default]\ncli_follow_urlparam = false\n')
    const register = ['--client-name', 'cli', '--client-type', 'public', '--scopes', 'sso:account:access']
    const client = await aws('sso-oidc', 'register-client', ...register)
    // Secrets may begin with a hyphen, which would make options of them.
    const secrets = [`--client-id=${client.clientId}`, `--client-secret=${client.clientSecret}`]
    const { startUrl } = scene.sandbox
    const device = await aws('sso-oidc', 'start-device-authorization', ...secrets, '--start-url', startUrl)
    const grant = ['--grant-type', 'urn:ietf:params:oauth:grant-type:device_code', `--device-code=${device.deviceCode}`]
    await expect(aws('sso-oidc', 'create-token', ...secrets, ...grant)).rejects.toThrow('AuthorizationPendingException')
    const browser = await scene.signIn(ANA)
    await browser.submit(await browser.open(device.verificationUriComplete), { answer: 'allow' })
    const { accessToken } = await aws('sso-oidc', 'create-token', ...secrets, ...grant)
    const bearer = [`--access-token=${accessToken}`]
    const { accountList } = await aws('sso', 'list-accounts', ...bearer, '--page-size', '1')
    expect(accountList.length).toBeGreaterThan(1)
    const account = ['--account-id', role.accountId]
    const { roleList } = await aws('sso', 'list-account-roles', ...bearer, ...account)
    expect(roleList).toContainEqual({ roleName: role.roleName, accountId: role.accountId })
    const { roleCredentials } = await aws(
      'sso',
      'get-role-credentials',
      ...bearer,
      ...account,
      '--role-name',
      role.roleName,
    )
    expect(roleCredentials.expiration).toBeGreaterThan(Date.now())
    await aws('sso', 'logout', ...bearer)
    await expect(aws('sso', 'list-accounts', ...bearer)).rejects.toThrow('UnauthorizedException')
  })
})

describe('botocore', { timeout: SLOW }, () => {
  beforeEach((context) => {
    if (botocore === undefined) context.skip(NO_BOTOCORE)
  })
  const SCRIPT = `
import botocore.session
session = botocore.session.Session(profile='work')
print(session.create_client('sts').get_caller_identity()['Arn'])
`

  it('works with a token that it renews by itself', async () => {
    await using world = await prepare()
    const { scene, home, role } = world
    const before = tokenFileOf(scene, await scene.login(ANA), 60)
    await home.cacheToken(SESSION, before)
    const issued = await calls(scene, 'sso-oidc.CreateToken')
    const { stdout, stderr } = await run(botocore ?? '', ['-c', SCRIPT], home.env)
    expect(stderr).toBe('')
    expect(stdout.trim()).toMatch(role.arn)
    expect(await calls(scene, 'sso-oidc.CreateToken')).toBe(issued + 1)
    expect((await home.cachedToken(SESSION)).accessToken).not.toBe(Object(before).accessToken)
  })

  it('says that access is gone once nobody is signed in any more', async () => {
    await using world = await prepare()
    const { scene, home } = world
    const login = await scene.login(ANA)
    await home.cacheToken(SESSION, tokenFileOf(scene, login))
    await scene.portal('/logout', login.tokens.accessToken, 'POST')
    const { status, stderr } = await run(botocore ?? '', ['-c', SCRIPT], home.env)
    expect(status).toBe(1)
    expect(stderr).toContain('UnauthorizedSSOTokenError')
  })
})

describe('the SDK for JavaScript', { timeout: SLOW }, () => {
  const SCRIPT = `
import { STSClient, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}))
console.log(Arn)
`
  const sdk = (env: NodeJS.ProcessEnv) =>
    run(process.execPath, ['--input-type=module', '-e', SCRIPT], { ...env, AWS_PROFILE: 'work' })

  it('works with a profile and a token that it renews by itself', async () => {
    await using world = await prepare()
    const { scene, home, role } = world
    await home.cacheToken(SESSION, tokenFileOf(scene, await scene.login(ANA), 60))
    const issued = await calls(scene, 'sso-oidc.CreateToken')
    const { stdout, stderr } = await sdk(home.env)
    expect(stderr).toBe('')
    expect(stdout.trim()).toMatch(role.arn)
    expect(await calls(scene, 'sso-oidc.CreateToken')).toBe(issued + 1)
  })

  it('works with fromSSO, naming the profile', async () => {
    await using world = await prepare()
    const { scene, home, role } = world
    await home.cacheToken(SESSION, tokenFileOf(scene, await scene.login(ANA)))
    const provider = JSON.stringify(import.meta.resolve('@aws-sdk/credential-provider-sso'))
    const named = `
const { fromSSO } = await import(${provider})
${SCRIPT.replace('new STSClient({})', "new STSClient({ credentials: fromSSO({ profile: 'work' }) })")}`
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', named], home.env)
    expect(stderr).toBe('')
    expect(stdout.trim()).toMatch(role.arn)
    expect(await calls(scene, 'sso.GetRoleCredentials')).toBe(1)
  })
})

describe('the AWS CLI v2', { timeout: SLOW }, () => {
  beforeEach((context) => {
    if (cliV2 === undefined) context.skip(NO_V2)
  })
  /** AWS CLI 2.13 is the first that reads AWS_ENDPOINT_URL, 2.22 the first that signs in by authorization code. */
  const [, minor] = cliV2 === undefined ? [0, 0] : versionNumbers(cliV2)
  const how = minor < 13 ? 'rules' : 'variables'

  it('signs in with a device code, works, and signs out', async () => {
    await using world = await prepare(how)
    const { scene, home, role } = world
    const device = minor < 22 ? [] : ['--use-device-code']
    const args = ['sso', 'login', '--sso-session', SESSION, '--no-browser', ...device]
    const login = start(cliV2 ?? '', args, home.env)
    const page = await until(
      async () => /http:\/\/\S+user_code=\S+/.exec(login.printed.stdout + login.printed.stderr)?.[0],
      30_000,
    )
    const browser = await scene.signIn(ANA)
    await browser.submit(await browser.open(page), { answer: 'allow' })
    const { status, stderr } = await login.ended
    expect([status, stderr]).toEqual([0, expect.any(String)])
    const identity = await run(cliV2 ?? '', ['--profile', 'work', 'sts', 'get-caller-identity'], home.env)
    expect(JSON.parse(identity.stdout).Arn).toMatch(role.arn)
    await run(cliV2 ?? '', ['sso', 'logout'], home.env)
    expect(await calls(scene, 'sso.Logout')).toBe(1)
  })

  it('signs in with an authorization code', async (context) => {
    if (minor < 22) return context.skip('this AWS CLI v2 knows the device flow only')
    await using world = await prepare(how)
    const { scene, home, role } = world
    const login = start(cliV2 ?? '', ['sso', 'login', '--sso-session', SESSION, '--no-browser'], home.env)
    const page = await until(async () => /http:\/\/\S+\/authorize\?\S+/.exec(login.printed.stdout)?.[0], 30_000)
    const browser = await scene.signIn(ANA)
    const { leavesTo } = await browser.submit(await browser.open(page), { answer: 'allow' })
    await fetch(leavesTo ?? '')
    expect((await login.ended).status).toBe(0)
    const identity = await run(cliV2 ?? '', ['--profile', 'work', 'sts', 'get-caller-identity'], home.env)
    expect(JSON.parse(identity.stdout).Arn).toMatch(role.arn)
  })

  it('is refused when sso_region is another Region', async () => {
    await using world = await prepare('rules', 'eu-west-1')
    const { home } = world
    const args = ['sso', 'login', '--sso-session', SESSION, '--no-browser']
    const login = start(cliV2 ?? '', minor < 22 ? args : [...args, '--use-device-code'], home.env)
    expect(await login.ended).toMatchObject({ status: 254, stderr: expect.stringContaining('InvalidRequestException') })
  })

  it('ends on the invalid-callback page when sso_region is another Region and it signs in by authorization code', async (context) => {
    if (minor < 22) return context.skip('this AWS CLI v2 knows the device flow only')
    await using world = await prepare('rules', 'eu-west-1')
    const { scene, home } = world
    const login = start(cliV2 ?? '', ['sso', 'login', '--sso-session', SESSION, '--no-browser'], home.env)
    const page = await until(async () => /http:\/\/\S+\/authorize\?\S+/.exec(login.printed.stdout)?.[0], 30_000)
    const browser = await scene.signIn(ANA)
    expect((await browser.open(page)).body).toContain('Invalid Callback')
    login.kill()
    await login.ended
  })
})
