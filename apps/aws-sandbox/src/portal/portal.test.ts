import { CreateRoleCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { startSignInScene, type SignInScene } from '../testing/sign-in-scene.ts'

const HOUR = 3_600_000
const ANA = 'ana@acme.example'

async function assign(
  scene: SignInScene,
  permissionSet: string,
  account: string,
  { userName = ANA, operation = 'Create' }: { userName?: string; operation?: 'Create' | 'Delete' } = {},
) {
  const { accounts, permissionSets } = await scene.control('GET', '/world')
  const user = await scene.control('GET', `/users/${userName}`)
  const accountId: string = accounts.find(({ name }: { name: string }) => name === account).id
  const input = {
    InstanceArn: scene.sandbox.instanceArn,
    TargetId: accountId,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: permissionSets.find(({ name }: { name: string }) => name === permissionSet).arn,
    PrincipalType: 'USER',
    PrincipalId: user.id,
  }
  const call = { service: 'sso-admin', operation: `${operation}AccountAssignment`, input }
  const answer = await scene.control('POST', '/do', call)
  expect(JSON.stringify(answer)).toContain('SUCCEEDED')
  return accountId
}

/** In a directory nobody may write by SCIM, so that its administrator does it. */
async function disable(scene: SignInScene, userName: string) {
  await scene.control('POST', `/users/${userName}/state`, { active: false })
}

const credentialsPath = (accountId: string, role: string) =>
  `/federation/credentials?account_id=${accountId}&role_name=${role}`

async function clientsWith(scene: SignInScene, path: string, accessToken: string) {
  const { body } = await scene.portal(path, accessToken)
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = body.roleCredentials
  const credentials = { accessKeyId, secretAccessKey, sessionToken }
  const { endpointUrl: endpoint, region } = scene.sandbox
  const options = { endpoint, region, credentials, maxAttempts: 1 }
  return { iam: new IAMClient(options), sts: new STSClient(options), expiration }
}

describe('the portal API', () => {
  it('lists the accounts and roles of groups and people, page by page', async () => {
    await using scene = await startSignInScene()
    const accountId = await assign(scene, 'ReadOnlyAccess', 'Management')
    const { tokens } = await scene.login(ANA)
    const all = await scene.portal('/assignment/accounts', tokens.accessToken)
    expect(all.body.accountList).toContainEqual({
      accountId,
      accountName: 'Management',
      emailAddress: 'aws+management@acme.example',
    })
    const ids = []
    let token = ''
    do {
      const next = token === '' ? '' : `&next_token=${token}`
      const { body } = await scene.portal(`/assignment/accounts?max_result=1${next}`, tokens.accessToken)
      expect(body.accountList).toHaveLength(1)
      ids.push(body.accountList[0].accountId)
      token = body.nextToken ?? ''
    } while (token !== '')
    expect(ids).toEqual(all.body.accountList.map((row: { accountId: string }) => row.accountId))

    const roles = await scene.portal(`/assignment/roles?account_id=${accountId}`, tokens.accessToken)
    expect(roles.body.roleList).toContainEqual({ roleName: 'ReadOnlyAccess', accountId })
  })

  it('refuses tokens it does not know, bad input and roles that are not assigned', async () => {
    await using scene = await startSignInScene()
    const { tokens } = await scene.login(ANA)
    const unauthorized = { status: 401, error: 'UnauthorizedException' }
    expect(await scene.portal('/assignment/accounts', 'unknown')).toMatchObject({
      ...unauthorized,
      body: { message: 'Session token not found or invalid' },
    })
    expect(await scene.portal('/assignment/accounts')).toMatchObject(unauthorized)
    expect(await scene.portal('/eu-west-1/assignment/accounts', tokens.accessToken)).toMatchObject(unauthorized)
    expect((await scene.portal('/us-east-1/assignment/accounts', tokens.accessToken)).status).toBe(200)
    for (const path of [
      '/assignment/accounts?max_result=101',
      '/assignment/accounts?max_result=many',
      '/assignment/accounts?next_token=nonsense',
      '/assignment/roles?account_id=12',
      '/federation/credentials?account_id=123456789012',
    ]) {
      expect(await scene.portal(path, tokens.accessToken)).toMatchObject({
        status: 400,
        error: 'InvalidRequestException',
      })
    }
    const { managementAccountId } = scene.sandbox
    expect(await scene.portal(credentialsPath(managementAccountId, 'Nothing'), tokens.accessToken)).toMatchObject({
      status: 403,
      error: 'ForbiddenException',
      body: { message: 'No access' },
    })
  })

  it('takes ten calls a second from each user, and names the user in the log', async () => {
    await using scene = await startSignInScene()
    const [ana, boris] = [await scene.login(ANA), await scene.login('boris@acme.example')]
    const ask = (accessToken: string) => scene.portal('/assignment/accounts', accessToken)
    const replies = await Promise.all(Array.from({ length: 40 }, () => ask(ana.tokens.accessToken)))
    const refused = replies.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]?.error).toBe('TooManyRequestsException')
    expect((await ask(boris.tokens.accessToken)).status).toBe(200)
    expect(await scene.control('GET', '/calls/log?last=1')).toMatchObject([{ caller: 'boris@acme.example' }])
  })
})

describe('faults', () => {
  it('meet the login APIs in their own words', async () => {
    await using scene = await startSignInScene()
    const { client, tokens } = await scene.login(ANA)
    const fault = (body: object) => scene.control('POST', '/faults', { times: 1, ...body })
    const accounts = () => scene.portal('/assignment/accounts', tokens.accessToken)
    await fault({ kind: 'throttle', service: 'sso' })
    expect(await accounts()).toMatchObject({ status: 429, error: 'TooManyRequestsException' })
    await fault({ kind: 'error', service: 'sso', code: 'InternalServerException', message: 'no', status: 500 })
    expect(await accounts()).toMatchObject({ status: 500, body: { message: 'no' } })
    await fault({ kind: 'truncated-page', service: 'sso', operation: 'ListAccounts' })
    const half = await accounts()
    expect(half.body.accountList.length).toBeLessThan((await accounts()).body.accountList.length)
    expect(half.body).not.toHaveProperty('nextToken')
    await fault({ kind: 'expired-page-token', service: 'sso' })
    const expired = await scene.portal('/assignment/accounts?next_token=any', tokens.accessToken)
    expect(expired.error).toBe('InvalidRequestException')
    await fault({ kind: 'throttle', service: 'sso-oidc' })
    expect(await scene.oidc('/token', client)).toMatchObject({
      error: 'SlowDownException',
      body: { error: 'slow_down' },
    })
  })
})

describe('role credentials', () => {
  it('do what the permission set allows at every service, under the user name', async () => {
    await using scene = await startSignInScene()
    const accountId = await assign(scene, 'ReadOnlyAccess', 'Management')
    const { tokens } = await scene.login(ANA)
    const { iam, sts } = await clientsWith(scene, credentialsPath(accountId, 'ReadOnlyAccess'), tokens.accessToken)
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}))
    expect(Arn).toMatch(
      new RegExp(`^arn:aws:sts::${accountId}:assumed-role/AWSReservedSSO_ReadOnlyAccess_[0-9a-f]{16}/${ANA}$`),
    )
    expect((await iam.send(new ListRolesCommand({}))).Roles?.length).toBeGreaterThan(0)
    const create = new CreateRoleCommand({ RoleName: 'mine', AssumeRolePolicyDocument: '{}' })
    await expect(iam.send(create)).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  it('last as long as the permission set says, and fail afterwards', async () => {
    await using scene = await startSignInScene()
    const accountId = await assign(scene, 'ReadOnlyAccess', 'Management')
    const { tokens } = await scene.login(ANA)
    const before = Date.now()
    const { sts, expiration } = await clientsWith(
      scene,
      credentialsPath(accountId, 'ReadOnlyAccess'),
      tokens.accessToken,
    )
    const { permissionSets } = await scene.control('GET', '/world')
    const set = permissionSets.find(({ name }: { name: string }) => name === 'ReadOnlyAccess')
    const hours = Number(/^PT(\d+)H$/.exec(set.sessionDuration)?.[1])
    expect(expiration).toBeGreaterThanOrEqual(before + hours * HOUR)
    expect(expiration).toBeLessThan(before + hours * HOUR + 60_000)
    scene.sandbox.setClockOffset(hours * HOUR - 60_000)
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(accountId)
    scene.sandbox.setClockOffset(hours * HOUR + 60_000)
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'ExpiredToken' })
  })

  it('are no longer given once the assignment is gone, while those given out run on', async () => {
    await using scene = await startSignInScene()
    const account = 'Sandbox Web'
    const boris = { userName: 'boris@acme.example' }
    const accountId = await assign(scene, 'AdministratorAccess', account)
    await assign(scene, 'AdministratorAccess', account, boris)
    const path = credentialsPath(accountId, 'AdministratorAccess')
    const { tokens } = await scene.login(ANA)
    const { sts } = await clientsWith(scene, path, tokens.accessToken)
    await assign(scene, 'AdministratorAccess', account, { operation: 'Delete' })
    expect((await scene.portal(path, tokens.accessToken)).status).toBe(403)
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(accountId)
    // The last assignment of a set takes the role with it, and the role its sessions.
    await assign(scene, 'AdministratorAccess', account, { ...boris, operation: 'Delete' })
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
  })

  it('are no longer given to somebody who left the group, nor in an account that is suspended', async () => {
    await using scene = await startSignInScene()
    const { tokens } = await scene.login(ANA)
    const list = async (): Promise<string[]> => {
      const { body } = await scene.portal('/assignment/accounts', tokens.accessToken)
      return body.accountList.map(({ accountId }: { accountId: string }) => accountId)
    }
    const [suspended, ...others] = await list()
    await scene.control('POST', `/accounts/${suspended}/state`, { state: 'SUSPENDED' })
    expect(await list()).toEqual(others)

    const { id: UserId } = await scene.control('GET', `/users/${ANA}`)
    const { identityStoreId: IdentityStoreId } = scene.sandbox
    const directory = (operation: string, input: object) =>
      scene.control('POST', '/do', { service: 'identitystore', operation, input: { IdentityStoreId, ...input } })
    const found = await directory('ListGroupMembershipsForMember', { MemberId: { UserId } })
    for (const { MembershipId } of found.GroupMemberships) await directory('DeleteGroupMembership', { MembershipId })
    expect((await list()).length).toBeLessThan(others.length)
  })

  it('are given to somebody who was disabled for an hour more, and to nobody after logout', async () => {
    await using scene = await startSignInScene()
    const accountId = await assign(scene, 'ReadOnlyAccess', 'Management')
    const path = credentialsPath(accountId, 'ReadOnlyAccess')
    // A token that can't be renewed lives for eight hours.
    const { tokens } = await scene.login(ANA, { clientName: 'old', clientType: 'public' })
    await disable(scene, ANA)
    expect((await scene.portal(path, tokens.accessToken)).status).toBe(200)
    scene.sandbox.setClockOffset(HOUR + 60_000)
    expect((await scene.portal(path, tokens.accessToken)).status).toBe(401)
    await expect(scene.signIn(ANA)).rejects.toThrow('did not sign in')
    const other = await scene.login('boris@acme.example')
    expect((await scene.portal('/logout', other.tokens.accessToken, 'POST')).status).toBe(200)
    expect((await scene.portal('/assignment/accounts', other.tokens.accessToken)).status).toBe(401)
    expect((await scene.portal('/logout', other.tokens.accessToken, 'POST')).status).toBe(401)
  })
})
