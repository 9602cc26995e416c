import { DeleteRoleCommand, DeleteRolePolicyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam'
import { ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, describe, expect, it } from 'vitest'
import { allow, type Keys, makeIamUser, makeRole, toKeys } from '../testing/iam-scene.ts'
import { startTestSandbox } from '../testing/sandbox-clients.ts'

const world = await startTestSandbox({ seed: 'empty' })
afterAll(() => world[Symbol.asyncDispose]())
const { endpointUrl: endpoint, region, admin, managementAccountId } = world.sandbox

interface SignedRequest {
  headers: Record<string, string>
  query: Record<string, string>
  body: string
  path: string
}

/** Sends calls whose requests somebody changes on their way, after they were signed. */
async function callThrough(tamper: (request: SignedRequest) => void, credentials: Keys = admin, systemClockOffset = 0) {
  const client = new OrganizationsClient({
    endpoint,
    region,
    credentials: { ...credentials },
    maxAttempts: 1,
    systemClockOffset,
  })
  client.middlewareStack.add(
    (next) => (args) => {
      tamper(args.request as SignedRequest) // what every HTTP client of the SDK sends
      return next(args)
    },
    { step: 'deserialize', priority: 'low' },
  )
  return client.send(new ListAccountsCommand({ MaxResults: 5 }))
}
const nothing = () => {}
const nextSecond = (date: string) => date.replace(/\dZ$/, (end) => `${(Number(end[0]) + 1) % 10}Z`)

describe('a signature', () => {
  it('lets an untouched request pass', async () => {
    expect((await callThrough(nothing)).Accounts).toHaveLength(1)
  })

  it.each<[string, (request: SignedRequest) => void]>([
    ['header', ({ headers }) => (headers['x-amz-target'] = 'AWSOrganizationsV20161128.ListRoots')],
    ['body', (request) => (request.body = '{"MaxResults":6}')],
    ['query', ({ query }) => (query['x'] = '1')],
    ['path', (request) => (request.path = '/other')],
    ['date', ({ headers }) => (headers['x-amz-date'] = nextSecond(headers['x-amz-date'] ?? ''))],
    ['unsigned header of ours', ({ headers }) => (headers['x-amz-extra'] = 'x')],
  ])('does not fit a request with a changed %s', async (_what, tamper) => {
    await expect(callThrough(tamper)).rejects.toMatchObject({ name: 'InvalidSignatureException' })
  })

  it('needs the right secret and a known key', async () => {
    const wrong = { ...admin, secretAccessKey: 'wrong' }
    await expect(callThrough(nothing, wrong)).rejects.toMatchObject({ name: 'InvalidSignatureException' })
    const unknown = { ...admin, accessKeyId: 'AKIAUNKNOWN000000000' }
    await expect(callThrough(nothing, unknown)).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
    const sts = new STSClient({ endpoint, region, credentials: wrong, maxAttempts: 1 })
    const refused = sts.send(new GetCallerIdentityCommand({}))
    await expect(refused).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
    const bare = callThrough(({ headers }) => delete headers['authorization'])
    await expect(bare).rejects.toMatchObject({ name: 'MissingAuthenticationTokenException' })
  })

  it('is good for five minutes around its time, by the wall clock', async () => {
    const minutes = (count: number) => callThrough(nothing, admin, count * 60_000)
    expect((await minutes(-4)).Accounts).toHaveLength(1)
    expect((await minutes(4)).Accounts).toHaveLength(1)
    await expect(minutes(-6)).rejects.toThrow(/^Signature expired/)
    await expect(minutes(6)).rejects.toThrow(/^Signature not yet current/)
  })

  it('fails when its access key is made inactive', async () => {
    const keys = await makeIamUser(world, 'leaver', allow('organizations:ListAccounts'))
    expect((await callThrough(nothing, keys)).Accounts).toHaveLength(1)
    const { accessKeyId: AccessKeyId } = keys
    await world.iam.send(new UpdateAccessKeyCommand({ UserName: 'leaver', AccessKeyId, Status: 'Inactive' }))
    await expect(callThrough(nothing, keys)).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
  })

  it('of a session needs its token, and ends with it', async () => {
    const trust = { Effect: 'Allow', Principal: { AWS: managementAccountId }, Action: 'sts:AssumeRole' }
    const RoleArn = await makeRole(world, 'reader', { trust, may: [allow('organizations:List*')] })
    const { Credentials } = await world.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }))
    const { sessionToken = '', ...keys } = toKeys(Credentials)
    expect((await callThrough(nothing, { ...keys, sessionToken })).Accounts).toHaveLength(1)
    const other = callThrough(nothing, { ...keys, sessionToken: `${sessionToken}x` })
    await expect(other).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
    await expect(callThrough(nothing, keys)).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
    world.sandbox.setClockOffset(3_601_000)
    const late = callThrough(nothing, { ...keys, sessionToken })
    await expect(late).rejects.toMatchObject({ name: 'ExpiredTokenException' })
    world.sandbox.setClockOffset(0)
  })

  it('of a session ends with its role, even when a new one has the same name', async () => {
    const trust = { Effect: 'Allow', Principal: { AWS: managementAccountId }, Action: 'sts:AssumeRole' }
    const make = () => makeRole(world, 'passing', { trust, may: [allow('organizations:List*')] })
    const RoleArn = await make()
    const { Credentials } = await world.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }))
    const keys = toKeys(Credentials)
    const RoleName = 'passing'
    await world.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }))
    await world.iam.send(new DeleteRoleCommand({ RoleName }))
    await expect(callThrough(nothing, keys)).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
    await make()
    await expect(callThrough(nothing, keys)).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
  })
})
