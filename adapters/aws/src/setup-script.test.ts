import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { awsicSetupScript } from './setup-script.ts'
import { type SetupOptions, setupSteps } from './setup-steps.ts'

const run = promisify(execFile)

const options: SetupOptions = {
  issuer: 'https://gatehouse.example.com',
  audience: 'sts.amazonaws.com',
  roleName: 'gatehouse-identity-center',
  region: 'eu-central-1',
  organizationId: 'org-1',
  integrationName: 'aws-identity-center',
}

/** The guide's list ("AWS IAM Identity Center integration guide", permissions of the role). */
const GUIDE =
  `organizations:ListAccounts organizations:ListAccountsForParent identitystore:ListUsers identitystore:ListGroups
  identitystore:ListGroupMemberships sso:DescribeInstance sso:DescribePermissionSet sso:ListPermissionSets
  sso:ListAccountAssignmentsForPrincipal sso:ListPermissionSetsProvisionedToAccount sso:CreateAccountAssignment
  sso:DescribeAccountAssignmentCreationStatus sso:DeleteAccountAssignment sso:DescribeAccountAssignmentDeletionStatus
  iam:AttachRolePolicy iam:CreateRole iam:GetRole iam:ListAttachedRolePolicies iam:ListRolePolicies iam:GetSAMLProvider
  iam:ListRoles`.split(/\s+/)

const actionsOf = (from: SetupOptions): readonly string[] =>
  setupSteps(from).permissions.document.Statement.flatMap(({ Action }) => Action as string[]) // as written

/** An `aws` that remembers what was made in a file, and notes every call. */
const FAKE_AWS = `#!${process.execPath}
const fs = require('node:fs')
const at = (name) => require('node:path').join(__dirname, name)
const read = (name) => (fs.existsSync(at(name)) ? JSON.parse(fs.readFileSync(at(name), 'utf8')) : undefined)
const [service, operation, ...rest] = process.argv.slice(2)
const given = {}
for (let i = 0; i < rest.length; i += 2) given[rest[i].slice(2)] = rest[i + 1]
fs.appendFileSync(at('calls'), JSON.stringify({ operation, given }) + '\\n')
const absent = () => { console.error('An error occurred (NoSuchEntity) when calling the operation: not there'); process.exit(254) }
const world = read('world') ?? {}
const save = () => fs.writeFileSync(at('world'), JSON.stringify(world))
if (operation === 'get-caller-identity') console.log('111122223333\\tarn:aws:sts::111122223333:assumed-role/admin/me')
if (operation === 'get-open-id-connect-provider' && !world.provider) absent()
if (operation === 'create-open-id-connect-provider' && read('old') && !given['thumbprint-list']) {
  console.error('usage: aws [options]\\n\\naws: error: the following arguments are required: --thumbprint-list')
  process.exit(252)
}
if (operation === 'create-open-id-connect-provider') { world.provider = given; save() }
if (operation === 'get-role') {
  if (read('denied')) { console.error('An error occurred (AccessDenied) when calling the operation: no'); process.exit(254) }
  // Readers of IAM see what was made a little later.
  if (!world.role || (world.role.unseen ?? 0) > 0) absent()
  console.log('arn:aws:iam::111122223333:role/' + given['role-name'] + '\\t' + JSON.parse(world.role.tags)[0].Value)
}
if (operation === 'wait') { world.role.unseen = 0; save() }
if (operation === 'put-role-policy' && world.role?.unseen) absent()
if (operation === 'create-role') {
  world.role = { ...given, unseen: 1 }
  save()
  if (given.query) console.log('arn:aws:iam::111122223333:role/' + given['role-name'])
}
if (operation === 'update-assume-role-policy') { world.role['assume-role-policy-document'] = given['policy-document']; save() }
if (operation === 'put-role-policy') { world.policy = given; save() }
`

interface World {
  readonly provider?: Record<string, string>
  readonly role?: Record<string, string>
  readonly policy?: Record<string, string>
}

const folders: string[] = []
async function aShell() {
  const folder = await mkdtemp(join(tmpdir(), 'setup-'))
  folders.push(folder)
  await writeFile(join(folder, 'aws'), FAKE_AWS)
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}')
  await chmod(join(folder, 'aws'), 0o755)
  return {
    folder,
    run: (script: string, ...args: string[]) =>
      run('bash', ['-c', script, 'setup', ...args], {
        cwd: folder,
        env: { PATH: `${folder}:${process.env['PATH']}`, HOME: folder },
      }),
    world: async (): Promise<World> => JSON.parse(await readFile(join(folder, 'world'), 'utf8').catch(() => '{}')),
    calls: async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n'),
  }
}
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })))
})

describe('the steps on the AWS side (GD-22)', () => {
  it('permit exactly the 21 actions of the guide', () => {
    expect(actionsOf(options).toSorted()).toEqual(GUIDE.toSorted())
  })

  it('keep every action of IAM but iam:ListRoles to the roles and providers of Identity Center', () => {
    for (const { Action, Resource } of setupSteps(options).permissions.document.Statement) {
      const iam = (Action as string[]).filter((action) => action.startsWith('iam:') && action !== 'iam:ListRoles')
      if (iam.length > 0)
        expect([
          'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*',
          'arn:aws:iam::*:saml-provider/AWSSSO_*',
        ]).toContain(Resource)
    }
  })

  it('add what is ticked and nothing else', () => {
    const ticked = actionsOf({ ...options, extras: { batchPolling: true } })
    expect(ticked.filter((action) => !GUIDE.includes(action))).toEqual([
      'sso:ListAccountAssignmentCreationStatus',
      'sso:ListAccountAssignmentDeletionStatus',
    ])
  })

  it('let in only tokens for this audience and this organization', () => {
    const arn = 'arn:aws:iam::111122223333:oidc-provider/gatehouse.example.com'
    expect(setupSteps(options).trustPolicy(arn).Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Federated: arn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'gatehouse.example.com:aud': 'sts.amazonaws.com',
            'gatehouse.example.com:sub': 'system:gatehouse:org-1',
          },
        },
      },
    ])
  })

  it.each([
    ['issuer', 'https://a.example/$(id)'],
    ['issuer', 'ftp://a.example'],
    ['roleName', "x'; touch hacked; '"],
    ['roleName', 'r'.repeat(65)],
    ['region', 'eu-central-1; id'],
    ['organizationId', 'a\nb'],
    ['audience', 'file:///etc/passwd'],
  ])('refuse the %s %j', (field, value) => {
    expect(() => setupSteps({ ...options, [field]: value })).toThrow('is not valid')
  })
})

describe('the script for the AWS side', () => {
  it('makes provider, role and policy, and prints the ARN of the role last', async () => {
    const shell = await aShell()
    const { stdout } = await shell.run(awsicSetupScript(options), '--yes')
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('arn:aws:iam::111122223333:role/gatehouse-identity-center')
    const { provider, role, policy } = await shell.world()
    expect(provider).toEqual({ url: options.issuer, 'client-id-list': '["sts.amazonaws.com"]' })
    const steps = setupSteps(options)
    const arn = 'arn:aws:iam::111122223333:oidc-provider/gatehouse.example.com'
    expect(JSON.parse(role?.['assume-role-policy-document'] ?? '')).toEqual(steps.trustPolicy(arn))
    expect(JSON.parse(policy?.['policy-document'] ?? '')).toEqual(steps.permissions.document)
    expect(policy?.['policy-name']).toBe('GatehouseIdentityCenterIntegration')
  })

  it('writes the trust policy anew when run again, and makes nothing twice', async () => {
    const shell = await aShell()
    await shell.run(awsicSetupScript(options), '--yes')
    await shell.run(awsicSetupScript({ ...options, audience: 'other' }), '--yes')
    expect((await shell.world()).role?.['assume-role-policy-document']).toContain('"gatehouse.example.com:aud":"other"')
    const made = (await shell.calls()).filter((call) => /"operation":"create-/.test(call))
    expect(made).toHaveLength(2)
  })

  it('leaves a role alone that it did not make', async () => {
    const shell = await aShell()
    await shell.run(awsicSetupScript({ ...options, organizationId: 'org-2' }), '--yes')
    const before = await shell.world()
    await expect(shell.run(awsicSetupScript(options), '--yes')).rejects.toThrow('was not made for this organization')
    expect((await shell.world()).role).toEqual(before.role)
  })

  it('changes nothing without --yes when there is nobody to ask', async () => {
    const shell = await aShell()
    // A session of its own has no terminal.
    const child = spawn('bash', ['-c', awsicSetupScript(options)], {
      env: { PATH: `${shell.folder}:${process.env['PATH']}` },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    })
    const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect(complaint).toContain('nobody to ask')
    expect(code).toBe(1)
    expect(await shell.world()).toEqual({})
  })

  it('gives command lines from before 2023 the thumbprint that they demand', async () => {
    const shell = await aShell()
    await writeFile(join(shell.folder, 'old'), 'true')
    await shell.run(awsicSetupScript(options), '--yes')
    expect((await shell.world()).provider?.['thumbprint-list']).toBe('f'.repeat(40))
  })

  it('stops at a refusal, which is not the same as "not there"', async () => {
    const shell = await aShell()
    await writeFile(join(shell.folder, 'denied'), 'true')
    await expect(shell.run(awsicSetupScript(options), '--yes')).rejects.toThrow('AccessDenied')
    expect((await shell.world()).role).toBeUndefined()
  })

  it('carries hostile names as text and runs none of them', async () => {
    const shell = await aShell()
    const integrationName = `'; touch hacked; '$(touch hacked)\`touch hacked\`"\\\n--yes\u202e$account\0`
    const organizationId = `a'$(touch${'${IFS}'}hacked)"\\`
    await shell.run(awsicSetupScript({ ...options, integrationName, organizationId }), '--yes')
    const { role } = await shell.world()
    expect(role?.['description']).toContain(`'; touch hacked; '$(touch hacked)\`touch hacked\`"\\_--yes_$account_`)
    expect(JSON.parse(role?.['assume-role-policy-document'] ?? '').Statement[0].Condition.StringEquals).toMatchObject({
      'gatehouse.example.com:sub': `system:gatehouse:${organizationId}`,
    })
    await expect(readFile(join(shell.folder, 'hacked'))).rejects.toThrow('ENOENT')
  })
})
