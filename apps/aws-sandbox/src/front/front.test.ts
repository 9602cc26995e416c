import { fileURLToPath } from 'node:url'
import {
  CreateAccessKeyCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import { ListInstancesCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { GetRoleCredentialsCommand, SSOClient } from '@aws-sdk/client-sso'
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from '@aws-sdk/client-sso-oidc'
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startIssuer } from '../testing/oidc-issuer.ts'
import { findAwsCli, run, start } from '../testing/programs.ts'
import { until } from '../testing/sandbox-clients.ts'
import { DEVICE_GRANT, startSignInScene, type SignInScene } from '../testing/sign-in-scene.ts'
import { startFront, type Front } from './front.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const AUDIENCE = 'front.test'
const ROLE = 'integration'
const USER = 'user-0000@acme.example'

let scenes: readonly [SignInScene, SignInScene]
let front: Front
beforeAll(async () => {
  scenes = await Promise.all([
    startSignInScene({ seed: 'generated:3x2x2x1xall' }),
    startSignInScene({ seed: 'generated:4x2x2x1xall:second', region: 'eu-central-1' }),
  ])
  front = await startFront({ controlUrls: scenes.map(({ sandbox }) => sandbox.controlUrl) })
})
afterAll(async () => {
  await front?.stop()
  await Promise.all(scenes.map(({ sandbox }) => sandbox.stop()))
})

interface Key {
  readonly AccessKeyId?: string | undefined
  readonly SecretAccessKey?: string | undefined
  readonly SessionToken?: string | undefined
}
const clientOf = (key: Key = {}, region = 'us-east-1') => ({
  endpoint: front.endpointUrl,
  region,
  maxAttempts: 1,
  credentials: {
    accessKeyId: key.AccessKeyId ?? '',
    secretAccessKey: key.SecretAccessKey ?? '',
    ...(key.SessionToken === undefined ? {} : { sessionToken: key.SessionToken }),
  },
})
const adminOf = ({ sandbox: { admin, region } }: SignInScene) =>
  clientOf({ AccessKeyId: admin.accessKeyId, SecretAccessKey: admin.secretAccessKey }, region)
const accountOf = async (client: ReturnType<typeof clientOf>) =>
  (await new STSClient(client).send(new GetCallerIdentityCommand({}))).Account

describe('a signed call', () => {
  it('reaches the organization of its key, in every protocol', async () => {
    for (const [scene, accounts] of [
      [scenes[0], 3],
      [scenes[1], 4],
    ] as const) {
      const client = adminOf(scene)
      const listed = await new OrganizationsClient(client).send(new ListAccountsCommand({}))
      expect(listed.Accounts).toHaveLength(accounts)
      const { Instances } = await new SSOAdminClient(client).send(new ListInstancesCommand({}))
      expect(Instances?.map(({ InstanceArn }) => InstanceArn)).toEqual([scene.sandbox.instanceArn])
      expect(await accountOf(client)).toBe(scene.sandbox.managementAccountId)
    }
  })

  it('may be signed with a key that was made through it', async () => {
    const [, scene] = scenes
    const made = await new IAMClient(adminOf(scene)).send(new CreateAccessKeyCommand({ UserName: 'administrator' }))
    const account = await until(() => accountOf(clientOf(made.AccessKey, scene.sandbox.region)).catch(() => undefined))
    expect(account).toBe(scene.sandbox.managementAccountId)
  })

  it('with an unknown key is refused in the words of its service', async () => {
    const stranger = clientOf({ AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA', SecretAccessKey: 'secret' })
    const organizations = new OrganizationsClient(stranger).send(new ListAccountsCommand({}))
    await expect(organizations).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
    await expect(accountOf(stranger)).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
  })
})

describe('AssumeRoleWithWebIdentity', () => {
  it('reaches the organization of the account in the ARN, and its credentials lead there from then on', async () => {
    await using issuer = await startIssuer()
    for (const scene of scenes) {
      const { managementAccountId } = scene.sandbox
      const RoleArn = await makeRole(scene, issuer)
      const WebIdentityToken = await issuer.token({ aud: AUDIENCE, sub: 'somebody' })
      const assume = new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'session', WebIdentityToken })
      const { Credentials } = await new STSClient(clientOf()).send(assume)
      const own = clientOf(Credentials, scene.sandbox.region)
      expect(await accountOf(own)).toBe(managementAccountId)
      const again = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'again' })
      const { Credentials: chained } = await new STSClient(own).send(again)
      expect(await accountOf(clientOf(chained, scene.sandbox.region))).toBe(managementAccountId)
      const other = scenes.find((one) => one !== scene)?.sandbox.managementAccountId ?? ''
      const elsewhere = new AssumeRoleCommand({
        RoleArn: RoleArn.replace(managementAccountId, other),
        RoleSessionName: 'no',
      })
      await expect(new STSClient(own).send(elsewhere)).rejects.toMatchObject({ name: 'AccessDenied' })
    }
  })

  it('for a role of nobody is refused', async () => {
    await using issuer = await startIssuer()
    const assume = new AssumeRoleWithWebIdentityCommand({
      RoleArn: 'arn:aws:iam::000000000000:role/none',
      RoleSessionName: 'session',
      WebIdentityToken: await issuer.token({ aud: AUDIENCE, sub: 'somebody' }),
    })
    await expect(new STSClient(clientOf()).send(assume)).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
    })
  })

  /** Trusts the issuer, and its own sessions. */
  async function makeRole(scene: SignInScene, issuer: { readonly issuer: string; readonly host: string }) {
    const iam = new IAMClient(adminOf(scene))
    const made = await iam.send(
      new CreateOpenIDConnectProviderCommand({ Url: issuer.issuer, ClientIDList: [AUDIENCE] }),
    )
    const arn = `arn:aws:iam::${scene.sandbox.managementAccountId}:role/${ROLE}`
    const document = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
    const federated = {
      Effect: 'Allow',
      Principal: { Federated: made.OpenIDConnectProviderArn },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${issuer.host}:aud`]: AUDIENCE } },
    }
    const itself = { Effect: 'Allow', Principal: { AWS: scene.sandbox.managementAccountId }, Action: 'sts:AssumeRole' }
    await iam.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: document(federated, itself) }))
    const PolicyDocument = document({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' })
    await iam.send(new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'p', PolicyDocument }))
    return arn
  }
})

describe('a login', () => {
  const oidc = () => new SSOOIDCClient(clientOf())

  it('reaches the organization of its start URL with a client that was registered with none, and so does its token', async () => {
    const { clientId, clientSecret } = await oidc().send(
      new RegisterClientCommand({ clientName: 'one', clientType: 'public', scopes: ['sso:account:access'] }),
    )
    for (const scene of scenes) {
      const { startUrl, endpointUrl } = scene.sandbox
      const device = await oidc().send(new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl }))
      expect(device.verificationUri).toContain(endpointUrl)
      const browser = await scene.signIn(USER)
      await browser.submit(await browser.open(device.verificationUriComplete ?? ''), { answer: 'allow' })
      const { deviceCode } = device
      const token = new CreateTokenCommand({ clientId, clientSecret, grantType: DEVICE_GRANT, deviceCode })
      const { accessToken, refreshToken } = await oidc().send(token)
      const renewal = { clientId, clientSecret, grantType: 'refresh_token', refreshToken }
      const renewed = await oidc().send(new CreateTokenCommand(renewal))
      for (const bearer of [accessToken, renewed.accessToken]) {
        const { accounts } = await scene.control('GET', '/world')
        const role = { accountId: accounts[1].id, roleName: 'Set0000', accessToken: bearer }
        const { roleCredentials } = await new SSOClient(clientOf()).send(new GetRoleCredentialsCommand(role))
        const { accessKeyId, secretAccessKey, sessionToken } = roleCredentials ?? {}
        const key = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken }
        expect(await accountOf(clientOf(key))).toBe(accounts[1].id)
      }
    }
  })

  it('by authorization code is sent to the pages of the organization that its client was registered for', async () => {
    for (const { sandbox } of scenes) {
      const redirectUris = ['http://127.0.0.1/oauth/callback']
      const registration = { clientName: 'one', clientType: 'public', redirectUris, issuerUrl: sandbox.startUrl }
      const grantTypes = ['authorization_code', 'refresh_token']
      const { clientId } = await oidc().send(new RegisterClientCommand({ ...registration, grantTypes }))
      const asked = `/authorize?client_id=${encodeURIComponent(clientId ?? '')}&response_type=code`
      const { headers } = await fetch(front.endpointUrl + asked, { redirect: 'manual' })
      expect(headers.get('location')).toBe(sandbox.endpointUrl + asked)
    }
  })

  it('with a token of nobody is refused', async () => {
    const asked = { accountId: '111111111111', roleName: 'none', accessToken: 'none' }
    const answer = new SSOClient(clientOf()).send(new GetRoleCredentialsCommand(asked))
    await expect(answer).rejects.toMatchObject({ name: 'UnauthorizedException' })
  })
})

describe('aws-sandbox front', () => {
  it('prints one line with its endpoint, leads the AWS CLI, and ends when it is told to', async (context) => {
    const aws = findAwsCli(1) ?? findAwsCli(2)
    if (aws === undefined) return context.skip('the AWS CLI is not installed')
    const controls = scenes.flatMap(({ sandbox }) => ['--control-url', sandbox.controlUrl])
    const program = start(process.execPath, [MAIN, 'front', ...controls], process.env)
    const line = await until(async () => /^\{.*\}\n$/.exec(program.printed.stdout)?.[0], 20_000)
    const { endpointUrl } = JSON.parse(line) as { endpointUrl: string }
    for (const { sandbox } of scenes) {
      const lead = ['env', '--control-url', sandbox.controlUrl, '--endpoint-url', endpointUrl, '--admin']
      const { stdout } = await run(process.execPath, [MAIN, ...lead], process.env)
      expect(stdout).toContain(`export AWS_ENDPOINT_URL=${endpointUrl}\n`)
      // Old ones don't know the variable.
      const script = `${stdout}\nexec ${aws} --endpoint-url "$AWS_ENDPOINT_URL" sts get-caller-identity --query Account --output text`
      const identity = await run('sh', ['-c', script], process.env)
      expect(identity.stdout.trim()).toBe(sandbox.managementAccountId)
    }
    program.kill()
    expect((await program.ended).status).toBe(0)
  }, 60_000)

  it('says so when one of the sandboxes is not there', async () => {
    const { status, stderr } = await run(
      process.execPath,
      [MAIN, 'front', '--control-url', 'http://127.0.0.1:1'],
      process.env,
    )
    expect(status).toBe(1)
    expect(stderr).toContain('No sandbox answers at http://127.0.0.1:1')
  })
})
