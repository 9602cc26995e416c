import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareAws, untilAdopted } from '../harness/enrol.ts'
import { ADMIN, type EnrolmentWorld, PASSWORD, startEnrolmentWorld } from './enrolment-world.ts'

const TCTL = fileURLToPath(new URL('../../../bin/tctl', import.meta.url))

let world: EnrolmentWorld
let folder: string
let token: string
beforeAll(async () => {
  world = await startEnrolmentWorld('generated:4x2x4x2x3')
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-tctl-'))
  token = (await world.server.client().signIn({ body: { user: ADMIN, password: PASSWORD } })).token
})
afterAll(async () => {
  await world?.[Symbol.asyncDispose]()
  if (folder) await rm(folder, { recursive: true })
})

const tctl = (...args: string[]) => tctlWith('plugins', ...args)
async function tctlWith(...args: string[]) {
  const env = { ...process.env, HOME: folder, GATEHOUSE_URL: world.server.url, GATEHOUSE_TOKEN: token }
  const child = spawn(TCTL, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { out, err, code: Number(code) }
}
const keep = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

// One organization, from its enrolment to its end: each test goes on where the one before has ended.
describe('tctl plugins', () => {
  const given = async (changes: Readonly<Record<string, string>> = {}): Promise<string[]> => {
    const { sandbox } = world
    const { serviceProvider } = await sandbox.control.identitySource()
    const options = {
      'instance-region': sandbox.region,
      'instance-arn': sandbox.instanceArn,
      'scim-url': sandbox.scimUrl,
      'scim-token-file': keep('token', sandbox.scimToken),
      'assume-role-arn': `arn:aws:iam::${sandbox.managementAccountId}:role/GatehouseIdentityCenter`,
      'access-list-default-owner': ADMIN,
      'service-provider-metadata': keep('sp.xml', await (await fetch(serviceProvider.metadataUrl)).text()),
      'start-url': sandbox.startUrl,
      ...changes,
    }
    return ['install', 'awsic', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])]
  }

  it('prints the AWS side as bash, CloudFormation or Terraform', async () => {
    const { region, instanceArn } = world.sandbox
    const asked = ['install', 'awsic', '--script', '--instance-region', region, '--instance-arn', instanceArn]
    const cloudFormation = await tctl(...asked, '--script-format', 'cloudformation', '--scope-to-instance')
    expect(JSON.parse(cloudFormation.out).Resources.Role).toMatchObject({
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'GatehouseIdentityCenter' },
    })
    expect(cloudFormation.out).toContain(instanceArn)
    expect((await tctl(...asked, '--script-format', 'terraform')).out).toMatch(/^resource "aws_iam_openid_connect/)
  })

  it(
    'install goes through the steps, says at which one it stopped, and goes on with what it has kept',
    {
      // It waits some seconds for a role that is not there.
      timeout: 90_000,
    },
    async () => {
      const { client, server, sandbox } = world
      const early = await tctl(...(await given()))
      expect(early).toMatchObject({ code: 1 })
      expect(early.err).toMatch(/The role can not be assumed[^]*What was given is kept/)
      await prepareAws({ client, server, sandbox, owner: ADMIN })
      const wrong = await tctl(...(await given({ 'scim-token-file': keep('wrong', 'not-a-token') })))
      expect(wrong.err).toMatch(/answered 401[^]*Copy the token again/)
      expect((await client.listEnrolments()).items).toHaveLength(1)
      const none = await tctl(...(await given({ 'service-provider-metadata': keep('none.xml', '<nothing/>') })))
      expect(none).toMatchObject({ code: 1, err: expect.stringMatching(/^--service-provider-metadata: [^]*paste all/) })
      const done = await tctl(...(await given()))
      expect(done).toMatchObject({ code: 0, err: '' })
      expect(done.out).toMatch(/Successfully created[^]*signed in to AWS through Gatehouse yet/)
      expect((await client.listEnrolments()).items).toEqual([])
      expect((await tctl(...(await given()))).code).toBe(6)
      await untilAdopted(client)
    },
  )

  it('metrics sums up what the last hour took of the quotas', async () => {
    const { code, out } = await tctl('metrics')
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^Organization: +aws-identity-center\n/) })
    expect(out).toMatch(/^sso-admin +[1-9]\d* +[\d.]+\/s/m)
    const { services } = JSON.parse((await tctl('metrics', '-o', 'json')).out).calls
    expect(services).toContainEqual(expect.objectContaining({ service: 'scim', waiting: expect.any(Number) }))
  })

  it('plan shows what is about some accounts, as a part that nothing is started with', async () => {
    const { out, code } = await tctlWith('plan', '--account', 'account-0')
    expect({ out, code }).toMatchObject({
      code: 0,
      out: expect.stringContaining('with "account-0" in their name or id'),
    })
    expect(out).not.toContain('Hash:')
  })

  it('edit shows the effect of a filter before it is saved', async () => {
    const [account] = (await world.sandbox.control.world()).accounts
    const shown = await tctl('edit', 'awsic', '--exclude-account-id', account?.id ?? '', '--dry-run')
    expect(shown.out).toMatch(/1 account leaves the filter[^]*Hash:/)
    expect((await tctl('get', '-o', 'json')).out).toContain('"accountFilter": []')
    expect((await tctl('edit', 'awsic')).code).toBe(2)
  })

  it('edit sets what becomes of changes made in AWS, and says which kinds and answers there are', async () => {
    expect(await tctl('edit', 'awsic', '--drift-policy', 'member-added=report')).toMatchObject({
      code: 0,
      out: 'Saved of aws-identity-center: driftPolicy.\n',
    })
    const organization = JSON.parse((await tctl('get', '-o', 'json')).out)
    expect(organization.driftPolicy).toMatchObject({ 'member-added': 'report', 'member-removed': 'revert' })
    expect((await tctl('edit', 'awsic', '--drift-policy', 'member-added=ask')).err).toContain(
      'revert or report or adopt',
    )
    expect((await tctl('edit', 'awsic', '--drift-policy', 'members')).err).toContain('group-deleted')
  })

  it('edit takes units and tags of accounts, and says what is neither', async () => {
    const { control } = world.sandbox
    const { accounts } = await control.world()
    const below = await tctl('edit', 'awsic', '--exclude-account', 'ou=Root/Unit 1', '--dry-run')
    expect(below.out).toMatch(/\d+ accounts? leaves? the filter[^]*account-/)
    const tagged = await tctl('edit', 'awsic', '--account', 'tag=environment=*', '--dry-run')
    expect(tagged.out).toContain(`${accounts.length} accounts leave the filter`)
    for (const wrong of ['Root/Prod', 'tag=environment', 'tag==prod', 'ou=', 'name=web']) {
      const { code, err } = await tctl('edit', 'awsic', '--account', wrong, '--dry-run')
      expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('Enter one such as ou=Root/Prod') })
    }
    const unknown = await tctl('edit', 'awsic', '--account', 'ou=ou-wrong', '--dry-run')
    expect(unknown.err).toMatch(/^--account: "ou-wrong"[^]*such as ou-ab12-cdefghij/)
  })

  it('status says which account the filter kept out last', async () => {
    const [account] = (await world.sandbox.control.world()).accounts
    expect(await tctl('edit', 'awsic', '--exclude-account-id', account?.id ?? '')).toMatchObject({ code: 0 })
    expect(await tctlWith('plan', '--refresh')).toMatchObject({ code: 0 })
    expect((await tctl('status')).out).toMatch(
      new RegExp(`^Accounts Changed: +[^ ]+: kept out by the filter: [^(]+\\(${account?.id}\\)$`, 'm'),
    )
  })

  it('rotate tries the new token before the present one goes', async () => {
    expect(await tctl('rotate', 'awsic', 'not-a-token')).toMatchObject({ code: 2 })
    const { code, out } = await tctl('rotate', 'awsic', '--scim-token-file', keep('new', world.sandbox.scimToken))
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('was replaced') })
  })

  it('delete shows what goes, asks for the identity source, and says what went and what is left (GD-52, GD-55, GD-56)', async () => {
    const shown = await tctl('delete', '--dry-run')
    expect(shown.code).toBe(0)
    expect(shown.out).toMatch(/would go:[^]*access lists made from groups[^]*refused as things are[^]*delete-role /)
    expect(await tctl('delete', '--yes')).toMatchObject({ code: 6 })
    expect((await tctl('delete', '--identity-source-changed')).code).toBe(2)
    const gone = await tctl('delete', '--identity-source-changed', '--yes')
    expect(gone).toMatchObject({ code: 0, err: '' })
    expect(gone.out).toMatch(/^With organization aws-identity-center went:/)
    expect((await tctl('ls')).out).toBe('There are no plugins.\n')
  })

  it('install without the metadata says that nobody can sign in to AWS, and the command that changes that', async () => {
    const args = await given()
    const metadata = args.indexOf('--service-provider-metadata')
    const [, file = ''] = args.splice(metadata, 2)
    const { out, code } = await tctl(...args)
    expect({ out, code }).toMatchObject({ code: 0, out: expect.stringContaining('Nobody can sign in to AWS') })
    const [, added = ''] = /^tctl (saml add .*)$/m.exec(out) ?? []
    const words = added.split(' ').map((word) => (word === '<file>' ? file : word))
    expect(await tctlWith(...words)).toMatchObject({ code: 0 })
    const { items } = await world.client.listDocuments({ params: { kind: 'saml_idp_service_provider' } })
    expect(items).toMatchObject([{ metadata: { name: 'aws-identity-center' } }])
  })
})
