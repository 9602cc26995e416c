import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { ListAccountsCommand, ListRootsCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, it } from 'vitest'
import { startSandbox } from './sandbox.ts'
import { startIssuer } from './testing/oidc-issuer.ts'
import { startTestSandbox } from './testing/sandbox-clients.ts'

const AUDIENCE = 'discover.teleport'
const SUBJECT = 'system:proxy'

it('lets an outsider with a token of a known issuer in, for what the role allows and no more', async () => {
  await using issuer = await startIssuer()
  await using world = await startTestSandbox()
  const provider = await world.iam.send(
    new CreateOpenIDConnectProviderCommand({ Url: issuer.issuer, ClientIDList: [AUDIENCE] }),
  )
  const { host } = issuer
  const trust = {
    Effect: 'Allow',
    Principal: { Federated: provider.OpenIDConnectProviderArn },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${host}:aud`]: AUDIENCE, [`${host}:sub`]: SUBJECT } },
  }
  const policy = { Effect: 'Allow', Action: 'organizations:ListAccounts', Resource: '*' }
  const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const RoleName = 'integration'
  const { Role } = await world.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(trust) }))
  await world.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: document(policy) }))

  const { endpointUrl: endpoint, region } = world.sandbox
  const assume = async (subject: string) =>
    world.sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: Role?.Arn,
        RoleSessionName: 'session',
        WebIdentityToken: await issuer.token({ aud: AUDIENCE, sub: subject }),
      }),
    )
  await expect(assume('somebody:else')).rejects.toMatchObject({ name: 'AccessDenied' })
  const { Credentials: given } = await assume(SUBJECT)
  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  }
  const own = { endpoint, region, credentials, maxAttempts: 1 }
  const { Arn } = await new STSClient(own).send(new GetCallerIdentityCommand({}))
  expect(Arn).toBe(`arn:aws:sts::${world.sandbox.managementAccountId}:assumed-role/${RoleName}/session`)
  const organizations = new OrganizationsClient(own)
  expect((await organizations.send(new ListAccountsCommand({}))).Accounts).toHaveLength(20)
  await expect(organizations.send(new ListRootsCommand({}))).rejects.toMatchObject({ name: 'AccessDeniedException' })

  world.sandbox.setClockOffset(3_700_000)
  await expect(organizations.send(new ListAccountsCommand({}))).rejects.toMatchObject({ name: 'ExpiredTokenException' })
})

it('leaves nothing running when one of its ports is taken', async () => {
  await using world = await startTestSandbox()
  const taken = Number(new URL(world.sandbox.controlUrl).port)
  const dataDir = mkdtempSync(join(tmpdir(), 'aws-sandbox-'))
  await expect(startSandbox({ seed: 'empty', dataDir, controlPort: taken })).rejects.toThrow('EADDRINUSE')
  const again = await startSandbox({ seed: 'empty', dataDir }) // the folder is free again
  expect(again.controlUrl).toContain('http')
  await again.stop()
  rmSync(dataDir, { recursive: true })
})
