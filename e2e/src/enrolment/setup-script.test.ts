import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setupSteps } from '@gatehouse/adapter-aws'
import type { GatehouseClient } from '@gatehouse/api'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createAwsShell } from '../harness/aws-shell.ts'
import { findAwsCli } from '../harness/find-aws-cli.ts'
import { type Sandbox, startSandbox } from '../harness/sandbox.ts'
import { type Server, startServer } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'

const ADMIN = 'admin@acme.example'
const PASSWORD = 'correct horse battery staple'
const ROLE = 'GatehouseIdentityCenter'
const cli = findAwsCli()

const policySchema = z.object({ PolicyDocument: z.string() })
const roleSchema = z.object({ Role: z.object({ Arn: z.string(), AssumeRolePolicyDocument: z.string() }) })
const parsed = (encoded: string): unknown => JSON.parse(decodeURIComponent(encoded))

interface World {
  readonly sandbox: Sandbox
  readonly server: Server
  readonly client: GatehouseClient
  readonly folder: string
}

/** What the server prints, run by AWS's own command line as an administrator of the sandbox's organization. */
describe('the script for the AWS side, with the AWS CLI,', { timeout: 120_000 }, () => {
  let world: World | undefined
  beforeAll(async () => {
    if (!cli) return
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-script-'))
    const sandbox = await startSandbox({ pace: 'demo' })
    const server = await startServer({ folder, awsEndpointUrl: sandbox.endpointUrl, bootstrapAdmin: ADMIN })
    await setPassword(server.url + (server.bootstrapLink() ?? ''), PASSWORD)
    world = { folder, sandbox, server, client: await server.signIn(ADMIN, PASSWORD) }
  })
  afterAll(async () => {
    await Promise.all([world?.server.stop(), world?.sandbox.stop()])
    if (world) rmSync(world.folder, { recursive: true, force: true })
  })
  beforeEach((context) => {
    if (!cli) context.skip('there is no AWS CLI of version 2 here')
  })

  const started = (): World => {
    if (!world) throw new Error('the world has not started')
    return world
  }
  const shell = () => {
    const { folder, sandbox } = started()
    const environment = {
      AWS_ACCESS_KEY_ID: sandbox.admin.accessKeyId,
      AWS_SECRET_ACCESS_KEY: sandbox.admin.secretAccessKey,
    }
    const open = () => Promise.reject(new Error('nothing opens a browser here'))
    return createAwsShell({ home: join(folder, 'home'), cli: cli ?? '', sandbox, environment, open })
  }

  it('makes provider and role once, says its plan first and the role last, and changes nothing when run again (GD-22)', async () => {
    const { client, sandbox, server } = started()
    const asked = { integration: 'aws-oidc', role: ROLE, region: sandbox.region, instanceArn: sandbox.instanceArn }
    const { script, audience } = await client.makeSetupScript({ body: { ...asked, extras: ['batch-polling'] } })
    const user = await shell()
    const asArgument = `bash -c '${script.replaceAll("'", `'\\''`)}' setup --yes`

    const first = await user.run(asArgument)
    expect(first.code, first.said).toBe(0)
    const arn = `arn:aws:iam::${sandbox.managementAccountId}:role/${ROLE}`
    expect(first.said.trimEnd().split('\n').at(-1)).toBe(arn)
    expect(first.said.indexOf('this makes or updates')).toBeLessThan(first.said.indexOf('was made.'))

    const iam = (operation: string, input: object) => sandbox.control.perform('iam', operation, input)
    const steps = setupSteps({
      issuer: server.url,
      audience,
      roleName: ROLE,
      region: sandbox.region,
      organizationId: 'aws-identity-center',
      integrationName: 'aws-oidc',
      instanceArn: sandbox.instanceArn,
      extras: { batchPolling: true },
    })
    const look = async () => {
      const policy = { RoleName: ROLE, PolicyName: steps.permissions.name }
      const { PolicyDocument } = policySchema.parse(await iam('GetRolePolicy', policy))
      const { Role } = roleSchema.parse(await iam('GetRole', { RoleName: ROLE }))
      return { permissions: parsed(PolicyDocument), trust: parsed(Role.AssumeRolePolicyDocument), arn: Role.Arn }
    }
    const made = await look()
    const provider = `arn:aws:iam::${sandbox.managementAccountId}:${steps.provider.arnSuffix}`
    expect(made).toEqual({ permissions: steps.permissions.document, trust: steps.trustPolicy(provider), arn })

    const again = await user.run(asArgument)
    expect(again.code, again.said).toBe(0)
    expect(again.said).toContain('The identity provider was there.')
    expect(again.said.trimEnd().split('\n').at(-1)).toBe(arn)
    expect(await look()).toEqual(made)
  })
})
