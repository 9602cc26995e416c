import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatEnvLines } from '../env/env-lines.ts'
import type { SignInScene } from './sign-in-scene.ts'

/** A home folder of somebody who uses AWS's clients, and the environment they run in. */
export interface AwsHome extends Disposable {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  /** Text of `~/.aws/config`. */
  configure(text: string): Promise<void>
  /** What `aws sso login` leaves behind. */
  cacheToken(session: string, token: object): Promise<void>
  cachedToken(session: string): Promise<Record<string, string>>
}

export const SESSION = 'acme'

/** @param how by environment variables, or by endpoint rules with the Region in the path */
export async function createAwsHome(scene: SignInScene, how: 'variables' | 'rules' = 'variables'): Promise<AwsHome> {
  const folder = mkdtempSync(join(tmpdir(), 'aws-sandbox-home-'))
  const models = how === 'rules' ? join(folder, 'models') : undefined
  const lines = await formatEnvLines({ controlUrl: scene.sandbox.controlUrl, models })
  const variables = Object.fromEntries(lines.map((line) => line.replace('export ', '').split(/=(.*)/s)))
  const aws = join(folder, '.aws')
  const cache = join(aws, 'sso', 'cache')
  await mkdir(cache, { recursive: true })
  const tokenFile = (session: string) => join(cache, `${createHash('sha1').update(session).digest('hex')}.json`)
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))
  return {
    folder,
    env: {
      ...Object.fromEntries(inherited),
      ...variables,
      HOME: folder,
      AWS_CONFIG_FILE: join(aws, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(aws, 'credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '2',
      AWS_PAGER: '',
    },
    configure: (text) => writeFile(join(aws, 'config'), text),
    cacheToken: (session, token) => writeFile(tokenFile(session), JSON.stringify(token)),
    cachedToken: async (session) => JSON.parse(await readFile(tokenFile(session), 'utf8')),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The config file of the guides: one session, and a profile for a role. */
export function configFor(
  scene: SignInScene,
  profile: { readonly accountId: string; readonly roleName: string; readonly ssoRegion?: string },
): string {
  const { startUrl, region } = scene.sandbox
  return `[sso-session ${SESSION}]
sso_start_url = ${startUrl}
sso_region = ${profile.ssoRegion ?? region}
sso_registration_scopes = sso:account:access

[profile work]
sso_session = ${SESSION}
sso_account_id = ${profile.accountId}
sso_role_name = ${profile.roleName}
region = ${region}
output = json
`
}

/** The token file that the AWS CLI writes (AWS CLI, awscli/botocore/utils.py). */
export function tokenFileOf(
  scene: SignInScene,
  { client, tokens }: Awaited<ReturnType<SignInScene['login']>>,
  expiresInSeconds = tokens.expiresIn,
): object {
  const until = (seconds: number) => `${new Date(Date.now() + seconds * 1_000).toISOString().slice(0, 19)}Z`
  return {
    startUrl: scene.sandbox.startUrl,
    region: scene.sandbox.region,
    accessToken: tokens.accessToken,
    expiresAt: until(expiresInSeconds),
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    registrationExpiresAt: until(80 * 86_400),
    refreshToken: tokens.refreshToken,
  }
}
