import { createHash, randomBytes } from 'node:crypto'
import type { SandboxOptions } from '../sandbox.ts'
import { createBrowser, type Browser } from './browser.ts'
import { startTestSandbox, type TestSandbox } from './sandbox-clients.ts'

export interface RestReply {
  readonly status: number
  readonly error: string | null
  readonly body: any // oxlint-disable-line typescript/no-explicit-any -- tests read free JSON
}

/** A sandbox whose people sign in with a password, and the login APIs spoken as they are on the wire. */
export interface SignInScene extends TestSandbox {
  readonly oidc: (path: string, body: unknown) => Promise<RestReply>
  readonly portal: (path: string, accessToken?: string, method?: string) => Promise<RestReply>
  /** A new browser in which somebody of the directory has signed in. */
  readonly signIn: (userName: string) => Promise<Browser>
  /** An access token, by device code. */
  readonly login: (userName: string, client?: object) => Promise<{ readonly client: Client; readonly tokens: Tokens }>
}
export interface Client {
  readonly clientId: string
  readonly clientSecret: string
}
export interface Tokens {
  readonly accessToken: string
  readonly refreshToken?: string
  readonly expiresIn: number
}

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
export const PASSWORD = 'correct horse'
export const CLI_CLIENT = {
  clientName: 'botocore-client-test',
  clientType: 'public',
  scopes: ['sso:account:access'],
}

export async function startSignInScene(options: SandboxOptions = {}): Promise<SignInScene> {
  const knobs = { directoryPassword: PASSWORD, ...options.knobs }
  const world = await startTestSandbox({ identitySource: 'directory', ...options, knobs })
  const { endpointUrl, startUrl } = world.sandbox

  async function call(path: string, init: RequestInit): Promise<RestReply> {
    const response = await fetch(endpointUrl + path, init)
    const text = await response.text()
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    return { status: response.status, error: response.headers.get('x-amzn-errortype'), body }
  }
  const oidc: SignInScene['oidc'] = (path, body) =>
    call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

  const signIn: SignInScene['signIn'] = async (userName) => {
    const browser = createBrowser(endpointUrl)
    const page = await browser.open('/start')
    const { status, body } = await browser.submit(page, { username: userName, password: PASSWORD })
    if (status !== 200) throw new Error(`${userName} did not sign in: ${body}`)
    return browser
  }
  return {
    ...world,
    oidc,
    signIn,
    portal: (path, accessToken, method = 'GET') =>
      call(path, { method, headers: accessToken === undefined ? {} : { 'x-amz-sso_bearer_token': accessToken } }),
    async login(userName, asked = CLI_CLIENT) {
      const { body: client } = await oidc('/client/register', asked)
      const { body: device } = await oidc('/device_authorization', { ...client, startUrl })
      const browser = await signIn(userName)
      await browser.submit(await browser.open(device.verificationUriComplete), { answer: 'allow' })
      const { deviceCode } = device
      const { body: tokens } = await oidc('/token', { ...client, grantType: DEVICE_GRANT, deviceCode })
      return { client, tokens }
    },
  }
}

/** A verifier and its challenge (RFC 7636). */
export function createPkce() {
  const codeVerifier = randomBytes(48).toString('base64url')
  return { codeVerifier, challenge: createHash('sha256').update(codeVerifier).digest('base64url') }
}
