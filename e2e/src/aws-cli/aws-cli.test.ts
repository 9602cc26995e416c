import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { TERMINAL } from '../harness/aws-shell.ts'
import { type AwsWorld, startAwsWorld, USER } from './aws-user.ts'
import { findAwsCli } from '../harness/find-aws-cli.ts'
import { commandsOf } from './guide.ts'

const cli = findAwsCli()
const INVALID_CALLBACK: unknown = expect.stringMatching(/^invalid callback/i)
const ACCOUNT_1 = 'teleport-awsic-account-0001-set0000'
const ACCOUNT_2 = 'teleport-awsic-account-0002-set0001'

describe('the guide to the AWS CLI', { timeout: 120_000 }, () => {
  let world: AwsWorld | undefined
  beforeAll(async () => {
    if (cli) world = await startAwsWorld(cli)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())
  beforeEach((context) => {
    if (!cli) context.skip('there is no AWS CLI of version 2 here')
  })

  const started = (): AwsWorld => {
    if (!world) throw new Error('the world has not started')
    return world
  }
  const session = (): string => `teleport-${new URL(started().sandbox.startUrl).host.split('.')[0]}`
  /** The guide's commands with the names that this world has. */
  const adapted = (commands: string): string =>
    commands
      .replaceAll('https://gatehouse.example.com', started().server.url)
      .replaceAll('alice@example.com', USER)
      .replaceAll('teleport-awsic-prod-reader', ACCOUNT_1)
      .replaceAll('teleport-awsic-dev-admin', ACCOUNT_2)
      .replaceAll('teleport-d-12345', session())
  const identity = (set: string): RegExp =>
    new RegExp(`assumed-role/AWSReservedSSO_${set}_[0-9a-f]{16}/${USER.replaceAll('.', '\\.')}"`, 'g')

  it('works as it stands with tsh: one sign-in, every profile, any program (GD-8, GD-9, GD-10, GD-11, GD-12)', async () => {
    const user = await started().user()
    const { code, said } = await user.shell(adapted(commandsOf('With tsh')))
    expect(code, said).toBe(0)
    expect(said.match(identity('Set0000'))).toHaveLength(2)
    expect(said.match(identity('Set0001'))).toHaveLength(2)
    expect(said).toContain(`AWS_PROFILE=${ACCOUNT_2}\n`)
    expect(user.seen).toHaveLength(1)
    expect(user.seen[0]?.titles.slice(0, 2)).toEqual(['Sign in · Gatehouse', 'Signing in · Gatehouse'])
  })

  it('works as it stands by hand, at a terminal (GD-14)', async (context) => {
    if (spawnSync(TERMINAL, ['--version']).status !== 0) return context.skip('there is no script of util-linux here')
    const { sandbox, server } = started()
    const user = await started().user()
    await user.shell(`tsh login --proxy=${server.url} --user=${USER}`)
    const [before = '', after = ''] = commandsOf('By hand').split('aws configure sso\n')
    const told = await user.shell(before)
    expect(told.said).toContain(`SSO Start URL: ${sandbox.startUrl}`)
    expect(told.said).toContain(`SSO Region:    ${sandbox.region}`)
    const { code, said } = await user.shell('aws configure sso', [
      ['SSO session name', 'gatehouse'],
      ['SSO start URL', sandbox.startUrl],
      ['SSO region', sandbox.region],
      ['SSO registration scopes', ''],
      ['> account-0001', ''],
      ['> Set0000', ''],
      ['default client Region', sandbox.region],
      ['default output format', 'json'],
      ['CLI profile name', 'admin-on-staging'],
    ])
    expect(said).toContain('To use this profile')
    expect(code).toBe(0)
    const who = await user.shell(after)
    expect(who.said).toMatch(identity('Set000\\d'))
    expect(user.seen).toHaveLength(1)
  })

  it('is right about a wrong sso_region, and tsh mends it (GD-15)', async () => {
    const { server } = started()
    const user = await started().user()
    await user.shell(`tsh login --proxy=${server.url} --user=${USER}; tsh aws-profile --aws-sso-region eu-west-3`)
    const { code, said } = await user.shell(`aws sso login --sso-session ${session()}`)
    expect(code).not.toBe(0)
    // Up to 2.21 the AWS CLI asks for a device code first, and is refused before a browser opens.
    const titles = user.seen.flatMap((seen) => seen.titles)
    if (titles.length > 0) expect(titles).toContainEqual(INVALID_CALLBACK)
    else expect(said).toContain('InvalidRequestException')
    await user.shell('tsh aws-profile')
    expect((await user.shell(`aws sso login --sso-session ${session()}`)).code).toBe(0)
  })

  it('is right about the page that a newer AWS CLI opens with a wrong sso_region (GD-15)', async () => {
    const { sandbox } = started()
    const redirect = 'http://127.0.0.1/oauth/callback'
    // As the AWS CLI does since 2.22: the Region decides who knows the client (AWS CLI, awscli/customizations/sso/utils.py).
    const register = async (region: string): Promise<string> => {
      const response = await fetch(`${sandbox.endpointUrl}/${region}/client/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          clientName: 'botocore-client-test',
          clientType: 'public',
          grantTypes: ['authorization_code', 'refresh_token'],
          redirectUris: [redirect],
          issuerUrl: sandbox.startUrl,
          scopes: ['sso:account:access'],
        }),
      })
      return z.object({ clientId: z.string() }).parse(await response.json()).clientId
    }
    const page = async (clientId: string) => {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirect.replace('127.0.0.1', '127.0.0.1:9'),
        state: 'x',
        code_challenge_method: 'S256',
        scopes: 'sso:account:access',
        code_challenge: 'x'.repeat(43),
      })
      const response = await fetch(`${sandbox.endpointUrl}/authorize?${query}`)
      return /<title>([^<]*)/.exec(await response.text())?.[1]
    }
    expect(await page(await register('eu-west-3'))).toEqual(INVALID_CALLBACK)
    expect(await page(await register(sandbox.region))).not.toEqual(INVALID_CALLBACK)
  })

  it('is right about a token cache that was deleted (GD-16)', async () => {
    const { server } = started()
    const user = await started().user()
    await user.shell(
      `tsh login --proxy=${server.url} --user=${USER}; tsh aws-profile; aws sso login --profile ${ACCOUNT_1}`,
    )
    rmSync(join(user.home, '.aws', 'sso', 'cache'), { recursive: true })
    const ask = `aws sts get-caller-identity --profile ${ACCOUNT_1}`
    const refused = await user.shell(ask)
    expect(refused.code).not.toBe(0)
    expect(refused.said).toContain('Error loading SSO Token')
    const again = adapted(commandsOf('When something is wrong'))
    expect((await user.shell(`${again}\n${ask}`)).said).toMatch(identity('Set0000'))
  })
})
