import { expect } from 'vitest'
import { CLI_CLIENT, createPkce, DEVICE_GRANT } from '../testing/sign-in-scene.ts'
import type { Claim, Stage } from './claim.ts'

const API = 'IAM Identity Center OIDC API Reference'
const ANA = 'ana@acme.example'

export function oidcClaims({ oidc, sandbox, signIn, login }: Stage): readonly Claim[] {
  const documented = { source: API, standing: 'documented' } as const
  const reported = { source: 'users of the AWS CLI', standing: 'reported' } as const
  const { startUrl } = sandbox
  const redirectUri = 'http://127.0.0.1:50000/oauth/callback'
  const redirectUris = ['http://127.0.0.1/oauth/callback']
  return [
    {
      operation: 'RegisterClient',
      behaviour: 'gives a client for 90 days',
      ...reported,
      async check() {
        const { body } = await oidc('/client/register', CLI_CLIENT)
        expect(body.clientSecretExpiresAt - body.clientIdIssuedAt).toBe(90 * 86_400)
      },
    },
    {
      operation: 'RegisterClient',
      behaviour: 'takes public clients only: InvalidClientMetadataException',
      ...documented,
      async check() {
        const { error } = await oidc('/client/register', { ...CLI_CLIENT, clientType: 'confidential' })
        expect(error).toBe('InvalidClientMetadataException')
      },
    },
    {
      operation: 'StartDeviceAuthorization',
      behaviour: 'gives codes for ten minutes, and an interval of one second',
      ...reported,
      async check() {
        const { body: client } = await oidc('/client/register', CLI_CLIENT)
        const { body } = await oidc('/device_authorization', { ...client, startUrl })
        expect(body).toMatchObject({ expiresIn: 600, interval: 1 })
        expect(body.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
      },
    },
    {
      operation: 'CreateToken',
      behaviour: 'waits for a device: AuthorizationPendingException, or SlowDownException when polled too fast',
      ...documented,
      async check() {
        const { body: client } = await oidc('/client/register', CLI_CLIENT)
        const { body: device } = await oidc('/device_authorization', { ...client, startUrl })
        const ask = () => oidc('/token', { ...client, grantType: DEVICE_GRANT, deviceCode: device.deviceCode })
        expect((await ask()).error).toBe('AuthorizationPendingException')
        const later = [await ask(), await ask(), await ask()]
        expect(later.at(-1)?.error).toBe('SlowDownException')
      },
    },
    {
      operation: 'CreateToken',
      behaviour: 'gives a device a token for an hour that can be renewed until the sign-in ends',
      ...reported,
      async check() {
        const { client, tokens } = await login(ANA)
        expect(tokens).toMatchObject({ expiresIn: 3_600, refreshToken: expect.any(String) })
        const renewed = await oidc('/token', {
          ...client,
          grantType: 'refresh_token',
          refreshToken: tokens.refreshToken,
        })
        expect(renewed.status).toBe(200)
      },
    },
    {
      operation: 'CreateToken',
      behaviour: 'exchanges an authorization code with PKCE, on any port of the loopback address',
      ...documented,
      async check() {
        const grantTypes = ['authorization_code', 'refresh_token']
        const { body: client } = await oidc('/client/register', { ...CLI_CLIENT, grantTypes, redirectUris })
        const { codeVerifier, challenge } = createPkce()
        const query = new URLSearchParams({
          response_type: 'code',
          client_id: client.clientId,
          redirect_uri: redirectUri,
          code_challenge_method: 'S256',
          code_challenge: challenge,
        })
        const browser = await signIn(ANA)
        const page = await browser.open(`/authorize?${query.toString()}`)
        const { leavesTo } = await browser.submit(page, { answer: 'allow' })
        const code = leavesTo?.searchParams.get('code')
        const asked = { ...client, grantType: 'authorization_code', code, redirectUri, codeVerifier }
        expect((await oidc('/token', asked)).status).toBe(200)
      },
    },
  ]
}

export function portalClaims({ portal, login }: Stage): readonly Claim[] {
  const documented = { source: 'AWS SSO Portal API Reference', standing: 'documented' } as const
  const reported = { source: 'users of the AWS CLI', standing: 'reported' } as const
  let [accessToken, accountId, roleName] = ['', '', '']
  return [
    {
      operation: 'ListAccounts',
      behaviour: 'lists the accounts of groups and of the user, page by page',
      ...documented,
      async check() {
        accessToken = (await login(ANA)).tokens.accessToken
        const { body } = await portal('/assignment/accounts?max_result=1', accessToken)
        expect(body.accountList).toHaveLength(1)
        expect(body.nextToken).toBeDefined()
        accountId = body.accountList[0].accountId
      },
    },
    {
      operation: 'ListAccountRoles',
      behaviour: 'lists names of permission sets',
      ...documented,
      async check() {
        const { body } = await portal(`/assignment/roles?account_id=${accountId}`, accessToken)
        roleName = body.roleList[0].roleName
      },
    },
    {
      operation: 'GetRoleCredentials',
      behaviour: 'gives credentials with their end in milliseconds',
      ...documented,
      async check() {
        const path = `/federation/credentials?account_id=${accountId}&role_name=${roleName}`
        const { body } = await portal(path, accessToken)
        expect(body.roleCredentials.expiration).toBeGreaterThan(Date.now())
      },
    },
    {
      operation: 'GetRoleCredentials',
      behaviour: 'refuses what is not assigned: ForbiddenException, No access',
      ...reported,
      async check() {
        const path = `/federation/credentials?account_id=${accountId}&role_name=Other`
        expect(await portal(path, accessToken)).toMatchObject({ status: 403, body: { message: 'No access' } })
      },
    },
    {
      operation: 'Logout',
      behaviour: 'ends the token at once: UnauthorizedException',
      ...documented,
      async check() {
        expect((await portal('/logout', accessToken, 'POST')).status).toBe(200)
        expect((await portal('/assignment/accounts', accessToken)).error).toBe('UnauthorizedException')
      },
    },
  ]
}
