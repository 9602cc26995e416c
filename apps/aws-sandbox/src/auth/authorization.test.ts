import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allow, deny, type Keys, makeIamUser, makeRole, policy, toKeys } from '../testing/iam-scene.ts'
import { startTestSandbox } from '../testing/sandbox-clients.ts'

const world = await startTestSandbox({ seed: 'empty', knobs: { organizationsListBurst: 100, iamBurst: 200 } })
afterAll(() => world[Symbol.asyncDispose]())
const { endpointUrl: endpoint, region, managementAccountId, organizationId } = world.sandbox

let drawn = 0
async function mayList(...statements: readonly object[]): Promise<boolean> {
  drawn += 1
  return canListAccounts(await makeIamUser(world, `user-${drawn}`, ...statements))
}

async function canListAccounts(credentials: Keys): Promise<boolean> {
  const client = new OrganizationsClient({ endpoint, region, credentials: { ...credentials }, maxAttempts: 1 })
  try {
    await client.send(new ListAccountsCommand({}))
    return true
  } catch (error) {
    expect(error).toMatchObject({ name: 'AccessDeniedException' })
    return false
  }
}

const LIST = 'organizations:ListAccounts'
const when = (operator: string, key: string, value: string) => ({ Condition: { [operator]: { [key]: value } } })

describe('policies of a caller', () => {
  it.each<[boolean, string, readonly object[]]>([
    [true, 'an Allow', [allow(LIST)]],
    [false, 'silence', [allow('organizations:ListRoots')]],
    [false, 'a Deny beside an Allow', [allow('*'), deny(LIST)]],
    [true, 'a wildcard, in any letter case', [allow('ORGANIZATIONS:list*')]],
    [true, 'a question mark', [allow('organizations:ListAccount?')]],
    [false, 'a wildcard for something else', [allow('organizations:ListAccountsFor*')]],
    [true, 'NotAction with something else', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]],
    [false, 'NotAction with this', [{ Effect: 'Allow', NotAction: 'organizations:*', Resource: '*' }]],
    [false, 'a Deny of all but something else', [allow('*'), { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' }]],
    [
      false,
      'a Deny of all resources but one',
      [allow('*'), { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::b' }],
    ],
    [true, 'a condition that holds', [allow(LIST, when('StringEquals', 'aws:PrincipalOrgID', organizationId))]],
    [false, 'a condition that does not', [allow(LIST, when('StringEquals', 'aws:PrincipalOrgID', 'o-other'))]],
    [false, 'an Allow on a condition key nobody knows', [allow(LIST, when('StringNotEquals', 'aws:NoSuchKey', 'x'))]],
    [
      false,
      'a Deny on a condition key nobody knows',
      [allow(LIST), deny(LIST, when('StringEquals', 'aws:NoSuchKey', 'x'))],
    ],
    [
      true,
      'a Deny whose condition does not hold',
      [allow(LIST), deny(LIST, when('StringEquals', 'aws:username', 'x'))],
    ],
    [true, 'the presence of a key', [allow(LIST, when('Null', 'aws:username', 'false'))]],
  ])('say %s to %s', async (expected, _what, statements) => {
    expect(await mayList(...statements)).toBe(expected)
  })

  it('name who, what and why not in the refusal', async () => {
    const credentials = await makeIamUser(world, 'nobody', allow(LIST))
    const client = new OrganizationsClient({ endpoint, region, credentials: { ...credentials }, maxAttempts: 1 })
    const who = `arn:aws:iam::${managementAccountId}:user/nobody`
    await expect(client.send(new ListRootsCommand({}))).rejects.toThrow(
      `User: ${who} is not authorized to perform: organizations:ListRoots on resource: * because no identity-based policy allows the organizations:ListRoots action`,
    )
    await expect(client.send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
  })

  it('count for the resources that they name', async () => {
    const trust = { Effect: 'Allow', Principal: { AWS: managementAccountId }, Action: 'sts:AssumeRole' }
    const one = await makeRole(world, 'team-one', { trust, may: [allow(LIST)] })
    await makeRole(world, 'other', { trust, may: [allow(LIST)] })
    const Resource = one.replace('one', '*')
    const credentials = await makeIamUser(world, 'reader', allow('iam:GetRole', { Resource }))
    const client = new IAMClient({ endpoint, region, credentials: { ...credentials }, maxAttempts: 1 })
    expect((await client.send(new GetRoleCommand({ RoleName: 'team-one' }))).Role?.Arn).toBe(one)
    const other = client.send(new GetRoleCommand({ RoleName: 'other' }))
    await expect(other).rejects.toMatchObject({ name: 'AccessDenied' })
  })
})

describe('a role that is assumed', () => {
  let RoleArn = ''
  beforeAll(async () => {
    const trust = { Effect: 'Allow', Principal: { AWS: managementAccountId }, Action: 'sts:AssumeRole' }
    RoleArn = await makeRole(world, 'worker', { trust, may: [allow('organizations:*')] })
  })

  it('is narrowed by the policy of the session, never widened', async () => {
    const assume = async (Policy?: string) => {
      const asked = { RoleArn, RoleSessionName: 'session', ...(Policy === undefined ? {} : { Policy }) }
      const { Credentials } = await world.sts.send(new AssumeRoleCommand(asked))
      return canListAccounts(toKeys(Credentials))
    }
    expect(await assume()).toBe(true)
    expect(await assume(policy(allow(LIST)))).toBe(true)
    expect(await assume(policy(allow('iam:*')))).toBe(false)
    expect(await assume(policy(allow('*'), deny(LIST)))).toBe(false)
  })

  it('takes both the trust of the role and the rights of the caller', async () => {
    const assumeAs = async (name: string, ...statements: readonly object[]) => {
      const credentials = await makeIamUser(world, name, ...statements)
      const sts = new STSClient({ endpoint, region, credentials: { ...credentials }, maxAttempts: 1 })
      return (await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }))).AssumedRoleUser?.Arn
    }
    expect(await assumeAs('may', allow('sts:AssumeRole'))).toContain('assumed-role/worker/session')
    await expect(assumeAs('may-not', allow('sts:GetCallerIdentity'))).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  it('lasts an hour at most when another role assumed it', async () => {
    const may = [allow('sts:AssumeRole')]
    const trust = { Effect: 'Allow', Principal: { AWS: managementAccountId }, Action: 'sts:AssumeRole' }
    const first = await makeRole(world, 'first', { trust, may })
    await world.iam.send(new UpdateRoleCommand({ RoleName: 'worker', MaxSessionDuration: 7_200 }))
    const asked = { RoleSessionName: 'session', DurationSeconds: 7_200 }
    await world.sts.send(new AssumeRoleCommand({ ...asked, RoleArn })) // not chained: as long as the role allows
    const { Credentials } = await world.sts.send(new AssumeRoleCommand({ RoleArn: first, RoleSessionName: 'session' }))
    const chained = new STSClient({ endpoint, region, credentials: toKeys(Credentials), maxAttempts: 1 })
    await expect(chained.send(new AssumeRoleCommand({ ...asked, RoleArn }))).rejects.toThrow(/role chaining/)
    await chained.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', DurationSeconds: 3_600 }))
  })

  it('may do no more than its permissions boundary', async () => {
    const PolicyDocument = policy(allow('organizations:ListRoots'))
    const { Policy } = await world.iam.send(new CreatePolicyCommand({ PolicyName: 'boundary', PolicyDocument }))
    const trust = policy({ Effect: 'Allow', Principal: { AWS: managementAccountId }, Action: 'sts:AssumeRole' })
    const RoleName = 'bounded'
    const bounded = { RoleName, AssumeRolePolicyDocument: trust, PermissionsBoundary: Policy?.Arn }
    const { Role } = await world.iam.send(new CreateRoleCommand(bounded))
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
    await world.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
    const asked = { RoleArn: Role?.Arn, RoleSessionName: 'session' }
    const { Credentials } = await world.sts.send(new AssumeRoleCommand(asked))
    const credentials = toKeys(Credentials)
    const client = new OrganizationsClient({ endpoint, region, credentials, maxAttempts: 1 })
    expect((await client.send(new ListRootsCommand({}))).Roots).toHaveLength(1)
    await expect(client.send(new ListAccountsCommand({}))).rejects.toThrow(/because no permissions boundary allows/)
  })
})
