import { execFile, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { ApplicationView, ResourceView } from '@gatehouse/api'
import { createHome, helpsOf, type Home, launcher } from '@gatehouse/cli-kit/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tsh } from './index.ts'
import { type AnsweringServer, type Said, startAnsweringServer } from './testing/answering-server.ts'

const SESSION = {
  user: { id: 'u1', name: 'ana@acme.example' },
  roles: ['access'],
  isEditor: false,
  rights: {},
  cluster: 'acme.example',
  publicAddress: 'https://gatehouse.acme.example',
  startedAt: '2027-03-01T09:00:00Z',
  validUntil: '2027-03-01T21:00:00Z',
  assumed: [],
  activeRequests: [],
}
const anAccount = (accountName: string, account: string, ...roles: readonly string[]): ResourceView => ({
  organization: 'aws-identity-center',
  application: 'aws-identity-center',
  account,
  accountName,
  labels: {},
  region: 'us-east-1',
  startUrl: 'https://d-12345.awsapps.com/start',
  portalUrl: 'https://d-12345.awsapps.com/start',
  permissionSets: roles.map((name) => ({
    name,
    arn: `arn:aws:sso:::permissionSet/ssoins-1/ps-${name}`,
    description: '',
    resourceId: `/acme.example/aws_ic_account_assignment/${account}--${name}`,
    role: `${name}-on-${accountName}-${account}`,
    access: name === 'Wanted' ? 'requestable' : 'granted',
    requestable: true,
  })),
})
const BOTH = [anAccount('dev', '123456789012', 'Admin', 'Wanted'), anAccount('prod', '098765432109', 'Reader')]
/** The CLI guide's block, byte for byte after the path; what to do with it, below. */
const GUIDE = `
Profile                    Account Account ID   Role   SSO Session
-------------------------- ------- ------------ ------ ----------------
teleport-awsic-dev-admin   dev     123456789012 Admin  teleport-d-12345
teleport-awsic-prod-reader prod    098765432109 Reader teleport-d-12345

To use one, name it and sign in to AWS once:
  $ export AWS_PROFILE=teleport-awsic-dev-admin
  $ aws sso login

Then any command works, such as:
  $ aws sts get-caller-identity
`

let server: AnsweringServer
let folder: string
let ana: Home
let config: string
const given = (resources: Said['resources'], me: Said['me'] = SESSION): void => {
  const applications = typeof resources === 'number' ? resources : portalsOf(resources.items)
  Object.assign(server.said, { resources, me, applications })
}
const portalsOf = (accounts: readonly ResourceView[]) => ({
  items: [...new Map(accounts.map((account) => [account.application, portalOf(account)])).values()],
})
const portalOf = ({ application: name, startUrl, region }: ResourceView): ApplicationView => ({
  name,
  kind: 'identity-center',
  labels: {},
  access: 'granted',
  startUrl,
  region,
})
const holding = (...items: readonly ResourceView[]) => ({ items: [...items], isComplete: true })

beforeAll(async () => {
  server = await startAnsweringServer({ me: SESSION, resources: holding(), applications: { items: [] } })
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-tsh-'))
  ana = createHome(folder, server.url, { GATEHOUSE_URL: server.url, GATEHOUSE_TOKEN: 'token' })
  config = join(folder, '.aws', 'config')
  given(holding(...BOTH))
  return () => rmSync(folder, { recursive: true, force: true })
})

describe('tsh aws-profile', () => {
  it("prints the guide's table and writes only what AWS serves now (D8-1)", async () => {
    const { code, out, err } = await ana.tsh('aws-profile')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toBe(`AWS configuration updated at: ${config}\n${GUIDE}`)
    expect(readFileSync(config, 'utf8')).not.toContain('wanted')
    expect([statSync(config).mode & 0o777, statSync(dirname(config)).mode & 0o777]).toEqual([0o600, 0o700])
  })
  it('checks and previews without writing, and says with 10 that there is something to do (D8-29)', async () => {
    const [check, dryRun] = [await ana.tsh('aws-profile', '--check'), await ana.tsh('aws-profile', '--dry-run')]
    expect(check).toMatchObject({
      code: 10,
      out: '+ [sso-session teleport-d-12345]\n+ [profile teleport-awsic-dev-admin]\n+ [profile teleport-awsic-prod-reader]\n',
    })
    expect(dryRun).toMatchObject({ code: 0, err: '3 added, 0 changed, 0 removed.\n' })
    expect(existsSync(dirname(config))).toBe(false)
    await ana.tsh('aws-profile')
    expect(readFileSync(config, 'utf8')).toBe(dryRun.out)
    expect(await ana.tsh('aws-profile', '--check')).toMatchObject({ code: 0, out: '' })
    given(holding(anAccount('prod', '098765432109', 'Reader')))
    expect((await ana.tsh('aws-profile', '--dry-run', '--check')).code).toBe(10)
  })
  it('shows the exact difference, which patch would make (D8-29)', async () => {
    await ana.tsh('aws-profile')
    given(holding(anAccount('prod', '098765432109', 'Reader')))
    const { out, err } = await ana.tsh('aws-profile', '--diff', '--region', 'eu-west-1')
    expect(err).toBe('0 added, 1 changed, 1 removed.\n')
    expect(out.split('\n').filter((line) => /^[-+]/.test(line))).toEqual([
      `--- ${config}`,
      `+++ ${config}`,
      '-[profile teleport-awsic-dev-admin]',
      '-sso_session = teleport-d-12345',
      '-sso_account_id = 123456789012',
      '-sso_role_name = Admin',
      '-',
      '-; Do not edit. Section managed by Gatehouse (cluster acme.example).',
      '+region = eu-west-1',
    ])
    expect((await ana.tsh('aws-profile', '--diff', '--check')).code).toBe(10)
    expect(JSON.parse((await ana.tsh('aws-profile', '--diff', '-o', 'json')).out)).toMatchObject({
      differs: true,
      written: false,
      counts: { added: 0, changed: 0, removed: 1 },
      changes: [{ kind: 'removed', section: 'profile teleport-awsic-dev-admin' }],
      diff: expect.stringContaining('-[profile teleport-awsic-dev-admin]') as string,
    })
  })
  it('tells programs what it wrote', async () => {
    expect(JSON.parse((await ana.tsh('aws-profile', '--format', 'json')).out)).toMatchObject({
      path: config,
      written: true,
      counts: { added: 3, changed: 0, removed: 0 },
      profiles: [
        {
          profile: 'teleport-awsic-dev-admin',
          account: 'dev',
          accountId: '123456789012',
          role: 'Admin',
          ssoSession: 'teleport-d-12345',
        },
        { profile: 'teleport-awsic-prod-reader' },
      ],
    })
  })
  it('previews bytes that are not UTF-8 as they are (D8-8)', async () => {
    mkdirSync(dirname(config))
    writeFileSync(config, Buffer.from([0x23, 0xe9, 0x0a]))
    const dryRun = await promisify(execFile)(launcher('tsh'), ['aws-profile', '--dry-run'], {
      env: { PATH: process.env['PATH'], ...ana.environment },
      encoding: 'buffer',
    })
    await ana.tsh('aws-profile')
    expect(readFileSync(config)).toEqual(dryRun.stdout)
    expect(dryRun.stdout.subarray(0, 3)).toEqual(Buffer.from([0x23, 0xe9, 0x0a]))
  })
  it('names profiles by a template, and refuses one that it does not know', async () => {
    await ana.tsh('aws-profile')
    writeFileSync(config, readFileSync(config, 'utf8').replace('_name = Admin', '_name = Admin\ncolour = red'))
    expect((await ana.tsh('aws-profile', '--name-template', '{role}@{account_id}')).out).toContain('admin123456789012')
    expect(readFileSync(config, 'utf8')).toMatch(/^\[profile admin123456789012\](\n.+)*\ncolour = red$/m)
    expect(readFileSync(config, 'utf8')).not.toContain('teleport-awsic')
    expect(await ana.tsh('aws-profile', '--name-template', '{rôle}')).toMatchObject({
      code: 2,
      err: expect.stringContaining('{account_id}') as string,
    })
  })
  it('removes what it wrote, without asking a server', async () => {
    mkdirSync(dirname(config))
    writeFileSync(config, '[default]\n')
    await ana.tsh('aws-profile')
    await ana.tsh('aws-profile', '--proxy', server.url)
    given(500, 500)
    const check = await ana.tsh('aws-profile', 'rm', '--check')
    expect(check).toMatchObject({ code: 10, out: expect.stringContaining('- [sso-session') as string })
    expect((await ana.tsh('aws-profile', 'rm', '--cluster', 'other.example')).out).toContain('nothing to remove')
    expect(await ana.tsh('aws-profile', 'rm')).toMatchObject({
      code: 0,
      out: `AWS configuration updated at: ${config}\n0 added, 0 changed, 3 removed.\n`,
    })
    expect(readFileSync(config, 'utf8')).toBe('[default]\n')
  })
  it('asks which cluster to remove where there are several, and creates nothing (D8-15)', async () => {
    expect((await ana.tsh('aws-profile', 'rm')).out).toContain('nothing to remove')
    expect(existsSync(dirname(config))).toBe(false)
    await ana.tsh('aws-profile')
    given(holding(anAccount('qa', '111111111111', 'Admin')), { ...SESSION, cluster: 'other.example' })
    await ana.tsh('aws-profile')
    expect(await ana.tsh('aws-profile', 'rm')).toMatchObject({
      code: 2,
      err: expect.stringContaining('acme.example, other.example') as string,
    })
    await ana.tsh('aws-profile', 'rm', '--all')
    expect(readFileSync(config, 'utf8')).toBe('')
  })
  it.each([
    ['a section that is not closed', '[default]\nregion = x\n[profile x\n', 'line 3'],
    ['NUL bytes', '[default]\nregion = \0\n', 'line 2'],
    ['UTF-16', Buffer.from('[default]\n', 'utf16le'), 'UTF-16'],
  ])('refuses a file with %s, names the line, and leaves it', async (_, content, said) => {
    mkdirSync(dirname(config))
    writeFileSync(config, content)
    expect(await ana.tsh('aws-profile')).toMatchObject({ code: 1, err: expect.stringContaining(said) as string })
    expect(readFileSync(config)).toEqual(Buffer.from(content))
  })
  it.each([tmpdir(), '/dev/null', '/dev/full'])('refuses %s, which is no file', async (path) => {
    expect(await ana.with({ AWS_CONFIG_FILE: path }).tsh('aws-profile', '--dry-run')).toMatchObject({
      code: 1,
      err: expect.stringContaining(`${path} is not a file`) as string,
    })
  })
  it.each([
    ['--region', 'eu west'],
    ['--output', 'json\n[x]'],
    ['--aws-sso-region', ''],
  ])('takes no %s that is not one word', async (option, value) => {
    expect((await ana.tsh('aws-profile', option, value)).code).toBe(2)
  })
  it('takes away what is over, and says so in one line when nothing is left', async () => {
    await ana.tsh('aws-profile')
    given(holding())
    expect(await ana.tsh('aws-profile')).toMatchObject({
      code: 0,
      out: 'No AWS IAM Identity Center accounts or roles are available to you.\n',
    })
    expect(readFileSync(config, 'utf8')).toBe('')
  })
  it('takes nothing away on the word of a server that fails, does not know, or has forgotten us', async () => {
    await ana.tsh('aws-profile')
    const before = readFileSync(config, 'utf8')
    given({ items: [], isComplete: false })
    expect((await ana.tsh('aws-profile')).code).toBe(1)
    given(500)
    expect((await ana.tsh('aws-profile')).code).toBe(1)
    given(holding(), 401)
    expect((await ana.tsh('aws-profile')).code).toBe(3)
    expect(readFileSync(config, 'utf8')).toBe(before)
  })
  it('keeps links and modes, and writes to AWS_CONFIG_FILE (D8-21, D8-23, D8-25)', async () => {
    const real = join(folder, 'dotfiles', 'aws')
    const link = join(folder, 'link')
    mkdirSync(dirname(real))
    writeFileSync(real, '[default]\n')
    chmodSync(real, 0o640)
    symlinkSync('dotfiles/aws', link)
    const { out } = await ana.with({ AWS_CONFIG_FILE: link }).tsh('aws-profile')
    expect(out).toContain(`updated at: ${link}\n`)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readFileSync(real, 'utf8')).toMatch(/^\[default\]\n\n; Do not edit/)
    expect(statSync(real).mode & 0o777).toBe(0o640)
    expect(existsSync(config)).toBe(false)
  })
  it('does not write to a file that is read-only or not its own to change (D8-17, D8-22)', async () => {
    mkdirSync(dirname(config))
    writeFileSync(config, '[profile teleport-awsic-dev-admin]\nregion = x\n')
    expect(await ana.tsh('aws-profile')).toMatchObject({ code: 6, err: expect.stringContaining('--force') as string })
    chmodSync(config, 0o400)
    expect((await ana.tsh('aws-profile', '--force')).code).toBe(1)
    chmodSync(config, 0o600)
    expect((await ana.tsh('aws-profile', '--force')).code).toBe(0)
    expect(readFileSync(config, 'utf8')).toContain('region = x\nsso_session = teleport-d-12345\n')
  })
  it('loses nothing when several run at once (D8-24)', async () => {
    const runs = await Promise.all(
      ['eu-west-1', 'eu-north-1', 'us-west-2'].map((region) => ana.tsh('aws-profile', '--region', region)),
    )
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0])
    const names = [...readFileSync(config, 'utf8').matchAll(/^\[(.*)\]$/gm)].map(([, name]) => name)
    expect(names).toEqual([
      'sso-session teleport-d-12345',
      'profile teleport-awsic-dev-admin',
      'profile teleport-awsic-prod-reader',
    ])
    expect(existsSync(`${config}.gatehouse-lock`)).toBe(false)
  })
  it('writes no line that a name from the server smuggles in', async () => {
    given(holding(anAccount('dev]\n[default', '123456789012', 'Admin')))
    expect((await ana.tsh('aws-profile')).code).toBe(0)
    given(holding(anAccount('dev', '123456789012', 'Admin\ncredential_process = evil')))
    expect((await ana.tsh('aws-profile')).code).toBe(1)
    const smuggling = 'acme).\n[profile evil]\ncredential_process = evil\n; (x'
    given(holding(anAccount('dev', '123456789012', 'Admin')), { ...SESSION, cluster: smuggling })
    expect((await ana.tsh('aws-profile')).code).toBe(1)
    expect(readFileSync(config, 'utf8')).not.toMatch(/evil|^\[default/m)
  })
  it('needs a Region from somewhere', async () => {
    given(holding({ ...anAccount('dev', '123456789012', 'Admin'), region: '' }))
    expect(await ana.tsh('aws-profile')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--aws-sso-region') as string,
    })
    expect((await ana.tsh('aws-profile', '--aws-sso-region', 'eu-west-1')).code).toBe(0)
  })
})

describe('tsh', () => {
  it('lists accounts for people and for programs', async () => {
    const { out } = await ana.tsh('apps', 'ls', '--search', 'prod')
    expect(out).toMatch(/^Account Account ID +Permission Set Access +Until\n-/)
    expect(out).toContain('098765432109')
    expect(out).not.toContain('dev')
    expect(JSON.parse((await ana.tsh('apps', 'ls', '-o', 'json')).out)).toMatchObject([
      { startUrl: 'https://d-12345.awsapps.com/start', ssoRegion: 'us-east-1', ssoSession: 'teleport-d-12345' },
      { accountName: 'prod' },
    ])
  })
  it('says in its status where to sign in to AWS, if there is anything to sign in for', async () => {
    const { out } = await ana.tsh('status')
    expect(out).toMatch(/^SSO Start URL: +https:\/\/d-12345\.awsapps\.com\/start$/m)
    expect(out).toMatch(/^SSO Region: +us-east-1\nSSO Session: +teleport-d-12345$/m)
    expect(JSON.parse((await ana.tsh('status', '-o', 'json')).out)).toMatchObject({
      active: {
        identityCenter: {
          startUrl: 'https://d-12345.awsapps.com/start',
          ssoRegion: 'us-east-1',
          ssoSession: 'teleport-d-12345',
        },
        identityCenters: [{ name: 'aws-identity-center' }],
      },
    })
    const lab = {
      ...anAccount('lab', '999999999999', 'Reader'),
      application: 'lab',
      startUrl: 'https://d-6.awsapps.com/start',
    }
    given(holding(anAccount('prod', '098765432109', 'Reader'), lab))
    expect((await ana.tsh('status')).out).toMatch(
      /Organization: +aws-identity-center\nSSO Start URL: .*d-12345[^]*Organization: +lab\nSSO Start URL: .*d-6/,
    )
    given(500)
    expect(await ana.tsh('status')).toMatchObject({ code: 0, out: expect.not.stringContaining('SSO') as string })
  })
  it('understands --proxy wherever it stands', async () => {
    const elsewhere = ana.with({ GATEHOUSE_URL: 'https://nowhere.acme.example' })
    for (const args of [
      ['--proxy', server.url, 'apps', 'ls'],
      ['apps', '--proxy', server.url, 'ls'],
      ['apps', 'ls', '--proxy', server.url],
    ])
      // The token is for another server, so nobody is signed in at this one.
      expect(await elsewhere.tsh(...args)).toMatchObject({
        code: 3,
        err: expect.stringContaining(`not signed in to ${server.url}`) as string,
      })
  })
  it('stops on Ctrl-C (exit 130)', async () => {
    given(holding(), 'silent')
    const child = spawn(launcher('tsh'), ['status'], { env: { PATH: process.env['PATH'] ?? '', ...ana.environment } })
    const ended = new Promise((resolve) => child.on('close', resolve))
    await server.asked()
    child.kill('SIGINT')
    expect(await ended).toBe(130)
  })
  it('keeps every help on one screen, 80 columns wide', async () => {
    expect(await ana.tsh('aws-profile', '--help')).toMatchObject({ code: 0, err: '' })
    for (const lines of helpsOf(tsh('0.0.0')).map((help) => help.split('\n'))) {
      expect(lines.length).toBeLessThan(40)
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
    }
  })
})
