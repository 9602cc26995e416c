import { expect } from 'vitest'
import { CLI_CLIENT, createPkce, DEVICE_GRANT } from '../testing/sign-in-scene.ts'
import { type Claim, known, type Stage } from './claim.ts'

const API = 'IAM Identity Center OIDC API Reference'
const ANA = 'ana@acme.example'

export function oidcClaims({ aws: { oidc }, sandbox, signIn, login }: Stage): readonly Claim[] {
  const documented = { source: API, standing: 'documented' } as const
  const reported = { source: 'users of the AWS CLI', standing: 'reported' } as const
  const { startUrl } = sandbox
  const redirectUri = 'http://127.0.0.1:50000/oauth/callback'
  const redirectUris = ['http://127.0.0.1/oauth/callback']
  const register = async (client: Parameters<typeof oidc.registerClient>[0]) => {
    const { clientId, clientSecret } = await oidc.registerClient(client)
    return { clientId: known(clientId), clientSecret: known(clientSecret) }
  }
  return [
    {
      operation: 'RegisterClient',
      behaviour: 'gives a client for 90 days',
      ...reported,
      async check() {
        const client = await oidc.registerClient(CLI_CLIENT)
        expect(known(client.clientSecretExpiresAt) - known(client.clientIdIssuedAt)).toBe(90 * 86_400)
      },
    },
    {
      operation: 'RegisterClient',
      behaviour: 'takes public clients only: InvalidClientMetadataException',
      ...documented,
      async check() {
        const asking = oidc.registerClient({ ...CLI_CLIENT, clientType: 'confidential' })
        await expect(asking).rejects.toMatchObject({ name: 'InvalidClientMetadataException' })
      },
    },
    {
      operation: 'StartDeviceAuthorization',
      behaviour: 'gives codes for ten minutes, and an interval of one second',
      ...reported,
      async check() {
        const device = await oidc.startDeviceAuthorization({ ...(await register(CLI_CLIENT)), startUrl })
        expect(device).toMatchObject({ expiresIn: 600, interval: 1 })
        expect(device.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
      },
    },
    {
      operation: 'CreateToken',
      behaviour: 'waits for a device: AuthorizationPendingException, or SlowDownException when polled too fast',
      ...documented,
      async check() {
        const client = await register(CLI_CLIENT)
        const { deviceCode } = await oidc.startDeviceAuthorization({ ...client, startUrl })
        const ask = (): Promise<string> =>
          oidc.createToken({ ...client, grantType: DEVICE_GRANT, deviceCode }).then(
            () => 'a token',
            (error: unknown) => (error instanceof Error ? error.name : ''),
          )
        expect(await ask()).toBe('AuthorizationPendingException')
        const later = [await ask(), await ask(), await ask()]
        expect(later.at(-1)).toBe('SlowDownException')
      },
    },
    {
      operation: 'CreateToken',
      behaviour: 'gives a device a token for an hour that can be renewed until the sign-in ends',
      ...reported,
      async check() {
        const { client, tokens } = await login(ANA)
        expect(tokens).toMatchObject({ expiresIn: 3_600, refreshToken: expect.any(String) })
        const { refreshToken } = tokens
        const renewed = await oidc.createToken({ ...client, grantType: 'refresh_token', refreshToken })
        expect(renewed.expiresIn).toBe(3_600)
      },
    },
    {
      operation: 'CreateToken',
      behaviour: 'exchanges an authorization code with PKCE, on any port of the loopback address',
      ...documented,
      async check() {
        const grantTypes = ['authorization_code', 'refresh_token']
        const client = await register({ ...CLI_CLIENT, grantTypes, redirectUris })
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
        const asked = { ...client, grantType: 'authorization_code', code: known(code), redirectUri, codeVerifier }
        expect((await oidc.createToken(asked)).tokenType).toBe('Bearer')
      },
    },
  ]
}

export function portalClaims({ aws: { portal }, login }: Stage): readonly Claim[] {
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
        const { accountList, nextToken } = await portal.listAccounts({ accessToken, maxResults: 1 })
        expect(accountList).toHaveLength(1)
        expect(nextToken).toBeDefined()
        accountId = known(accountList?.[0]?.accountId)
      },
    },
    {
      operation: 'ListAccountRoles',
      behaviour: 'lists names of permission sets',
      ...documented,
      async check() {
        const { roleList } = await portal.listAccountRoles({ accessToken, accountId })
        roleName = known(roleList?.[0]?.roleName)
      },
    },
    {
      operation: 'GetRoleCredentials',
      behaviour: 'gives credentials with their end in milliseconds',
      ...documented,
      async check() {
        const { roleCredentials } = await portal.getRoleCredentials({ accessToken, accountId, roleName })
        expect(roleCredentials?.expiration).toBeGreaterThan(Date.now())
      },
    },
    {
      operation: 'GetRoleCredentials',
      behaviour: 'refuses what is not assigned: ForbiddenException, No access',
      ...reported,
      async check() {
        await expect(portal.getRoleCredentials({ accessToken, accountId, roleName: 'Other' })).rejects.toMatchObject({
          name: 'ForbiddenException',
          message: 'No access',
        })
      },
    },
    {
      operation: 'Logout',
      behaviour: 'ends the token at once: UnauthorizedException',
      ...documented,
      async check() {
        await portal.logout({ accessToken })
        await expect(portal.listAccounts({ accessToken })).rejects.toMatchObject({ name: 'UnauthorizedException' })
      },
    },
  ]
}
