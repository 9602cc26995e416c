import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type CliWorld, helpsOf, type Home, launcher, startServer } from '@gatehouse/cli-kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tctl } from './index.ts'

const BOB = 'bob@acme.example'
const ROLE = `kind: role
version: v8
metadata: {name: on-call}
spec: {allow: {account_assignments: [{account: '*', permission_set: ReadOnly}]}}
`
const LIST = `kind: access_list
version: v1
metadata: {name: crew}
spec:
  title: Crew
  owners: [{name: ana@acme.example}]
  audit: {recurrence: {frequency: 6months}}
  grants: {roles: [on-call]}
`

let world: CliWorld
let ana: Home
beforeAll(async () => {
  world = await startServer()
  ana = world.home('ana')
})
afterAll(() => world[Symbol.asyncDispose]())

const json = (text: string): unknown => JSON.parse(text)

describe('signing in', () => {
  it('is needed for everything that asks the server (exit 3)', async () => {
    const stranger = world.home('stranger')
    expect(await stranger.tctl('get', 'roles')).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringContaining('tsh login') as string,
    })
    expect((await stranger.tsh('status')).code).toBe(3)
    expect((await stranger.signIn('nobody@acme.example')).code).toBe(3)
  })
  it('keeps the session for this person only, and serves both programs', async () => {
    expect(await ana.signIn()).toMatchObject({ code: 0, out: expect.stringContaining('ana@acme.example') as string })
    const folder = join(ana.folder, '.gatehouse')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'sessions.json')).mode & 0o777).toBe(0o600)
    const status = await ana.tsh('status', '-o', 'json')
    expect(json(status.out)).toMatchObject({ active: { url: world.url, isEditor: true } })
    expect(status.out).not.toContain('token')
    expect((await ana.tctl('users', 'ls')).code).toBe(0)
    expect((await ana.tsh('login')).code).toBe(0)
  })
  it('says where it can not be kept (exit 1)', async () => {
    const { code, err } = await world.home('homeless').with({ HOME: '/dev/null' }).signIn()
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('/dev/null/.gatehouse') as string })
    expect(err).toContain('XDG_STATE_HOME')
    expect(err).not.toMatch(/\n +at /)
  })
  it('may come from the environment, for that server only', async () => {
    const stored = json(readFileSync(join(ana.folder, '.gatehouse', 'sessions.json'), 'utf8')) as {
      sessions: [{ token: string }]
    }
    const robot = world.home('robot')
    const environment = { GATEHOUSE_TOKEN: stored.sessions[0].token }
    expect((await robot.with(environment).tctl('get', 'role')).code).toBe(2)
    const both = robot.with({ ...environment, GATEHOUSE_URL: world.url })
    expect((await both.tctl('get', 'role')).code).toBe(0)
    expect((await both.tctl('get', 'role', '--proxy', 'https://elsewhere.example')).code).toBe(3)
  })
})

describe('tctl', () => {
  it('keeps every help on one screen, 80 columns wide', () => {
    for (const lines of helpsOf(tctl('0.0.0')).map((help) => help.split('\n'))) {
      expect(lines.length).toBeLessThan(40)
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
    }
  })
  it('says what is wrong with a call (exit 2)', async () => {
    const calls = await Promise.all([
      ana.tctl('creat'),
      ana.tctl('get', 'rolle'),
      ana.tctl('get', 'role', '--format', 'xml'),
      ana.tctl('rm', 'role'),
      ana.tctl('requests', 'review', 'x', '--approve', '--deny'),
      ana.tctl('get', 'role', '--proxy', 'http://elsewhere.example'),
      ana.tctl('requests', 'rm', ' , '),
      ana.tctl('requests', 'approve', ''),
      ana.tctl('lock', '--role', 'on-call', '--ttl', '99999999999h'),
      ana.tctl('users', 'add', 'eve@acme.example', '--traits', '__proto__=a'),
      ana.with({ GATEHOUSE_URL: world.url, GATEHOUSE_TOKEN: 'sec\nret' }).tctl('get', 'role'),
    ])
    expect(calls.map(({ code, out }) => [code, out])).toEqual(calls.map(() => [2, '']))
    expect(calls[0]?.err).toContain('create')
    expect(calls[1]?.err).toContain('Did you mean "role"?')
    for (const { err } of calls) expect(err).not.toMatch(/\n +at |sec\nret/)
    expect((await ana.tctl('users', 'ls')).out).not.toContain('eve@')
  })
  it('waits as long as it is told, also longer than a timer runs', async () => {
    for (const timeout of ['1000h', '9999999h'])
      expect(await ana.tctl('get', 'role', '--timeout', timeout)).toMatchObject({ code: 0, err: '' })
  })
  it.skipIf(!existsSync('/dev/full'))('says so when a disk is full (exit 1)', () => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(launcher('tctl'), ['get', 'role'], {
      env: { PATH: process.env['PATH'], ...ana.environment },
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    closeSync(full)
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^ENOSPC.*\nCheck .*\n$/) as string,
    })
  })
  it('creates, shows, replaces and deletes what YAML says', async () => {
    const file = join(ana.folder, 'role.yaml')
    writeFileSync(file, ROLE)
    expect(await ana.tctl('create', '--dry-run', file)).toMatchObject({
      code: 0,
      out: 'role "on-call" would be created\n',
    })
    expect((await ana.tctl('get', 'role/on-call')).code).toBe(5)
    expect(await ana.tctl('create', file)).toMatchObject({
      code: 0,
      out: 'role "on-call" has been created\n',
      err: expect.stringContaining('Warning: spec.allow.account_assignments[0].permission_set: AWS has no') as string,
    })
    expect((await ana.tctl('create', file)).code).toBe(6)
    expect((await ana.tctl('create', '-f', file)).out).toBe('role "on-call" is unchanged\n')
    const shown = await ana.tctl('get', 'role/on-call')
    expect(await ana.pipe(shown.out, 'tctl', 'create', '-f', '-')).toMatchObject({ code: 0 })
    const all = await ana.tctl('get', 'roles')
    expect(all.out.split('\n---\n').length).toBeGreaterThan(3)
    expect(await ana.pipe('kind: role\nversoin: v8\n', 'tctl', 'create')).toMatchObject({ code: 1, out: '' })
    expect((await ana.tctl('create', `${file}.none`)).code).toBe(5)
  })
  it('adds users with a link that works once', async () => {
    const added = json((await ana.tctl('users', 'add', BOB, '--roles', 'on-call,requester', '-o', 'json')).out) as {
      link: { url: string }
    }
    await world.setPassword(added.link.url)
    const bob = world.home('bob')
    expect((await bob.signIn(BOB)).code).toBe(0)
    expect(await bob.tctl('users', 'ls')).toMatchObject({ code: 4, out: '' })
    const list = await ana.tctl('users', 'ls')
    expect(list.out).toContain(`${BOB} `)
    expect((await ana.tctl('users', 'reset', BOB)).out).toContain('/set-password/')
    expect((await ana.tctl('users', 'add', BOB)).code).toBe(6)
  })
  it('manages who is in a list', async () => {
    expect(await ana.pipe(LIST, 'tctl', 'create')).toMatchObject({ code: 0 })
    expect(await ana.tctl('acl', 'users', 'add', 'crew', BOB, '2099-01-01T00:00:00Z', 'on call')).toMatchObject({
      code: 0,
    })
    const members = await ana.tctl('acl', 'users', 'ls', 'crew')
    expect(members.out).toMatch(/^Member +Type +Date Added +Reason Added Expires\n-+ /)
    expect(members.out).toContain('2099-01-01T00:00:00Z')
    const many = Array.from({ length: 20 }, (_, i) => `ReadOnly-on-account-${100_000_000_000 + i}`).join(', ')
    await ana.pipe(LIST.replace('[on-call]', `[${many}]`).replaceAll(/crew/gi, 'wide'), 'tctl', 'create')
    const lists = (await ana.tctl('acl', 'ls', '-o', 'text')).out
    expect(lists).toContain('Crew')
    expect(Math.max(...lists.split('\n').map((line) => line.length))).toBeLessThan(160)
    expect(await ana.tctl('acl', 'users', 'rm', 'crew', BOB)).toMatchObject({
      code: 0,
      out: `${BOB} is no longer in the access list crew.\n`,
    })
    expect((await ana.tctl('acl', 'users', 'rm', 'crew')).code).toBe(2)
    expect((await ana.tctl('acl', 'get', 'none')).code).toBe(5)
  })
  it('takes several members out of a list at once, or none of them', async () => {
    const members = (await ana.tctl('acl', 'users', 'ls', 'wide')).out
    for (const name of [BOB, 'crew']) {
      const kind = name === BOB ? 'user' : 'list'
      expect((await ana.tctl('acl', 'users', 'add', 'wide', name, '--kind', kind)).code).toBe(0)
    }
    expect(await ana.tctl('acl', 'users', 'rm', 'wide', BOB, 'crew', 'carl', 'dora')).toMatchObject({
      code: 5,
      out: '',
      err: expect.stringContaining('body.members: there is no member of "wide" "carl", "dora".') as string,
    })
    expect((await ana.tctl('acl', 'users', 'ls', 'wide')).out).toContain(BOB)
    const removed = await ana.tctl('acl', 'users', 'rm', 'wide', BOB, 'crew', '-o', 'json')
    expect(json(removed.out)).toEqual({ list: 'wide', members: [BOB, 'crew'], outcome: 'removed' })
    expect((await ana.tctl('acl', 'users', 'ls', 'wide')).out).toBe(members)
  })
  it('reviews a list, and shows what was found', async () => {
    const due = LIST.replaceAll(/crew/gi, 'reviewed').replace(
      '6months}',
      '6months}, next_audit_date: "2020-01-01T00:00:00Z"',
    )
    expect(await ana.pipe(due, 'tctl', 'create')).toMatchObject({ code: 0 })
    await ana.tctl('acl', 'users', 'add', 'reviewed', BOB)
    expect((await ana.tctl('acl', 'ls', '--review-only', '-o', 'text')).out).toContain('2020-01-01 (overdue)')
    const rows = await ana.tctl('acl', 'reviews', 'rows', 'reviewed')
    expect(rows.out).toMatch(/^Member +Since +Added By +Reason +Expires +Last Sign-in +People +Would Lose\n/)
    expect(rows.out).toContain(BOB)
    expect((await ana.tctl('acl', 'reviews', 'create', 'reviewed', '--frequency', '2')).code).toBe(2)
    const filed = await ana.tctl(
      'acl',
      'reviews',
      'create',
      'reviewed',
      '--notes',
      'bob has left',
      '--remove-members',
      BOB,
    )
    expect(filed.out).toMatch(/^Review of reviewed filed\. Next audit date: \d{4}-\d{2}-01\n$/)
    const reviews = await ana.tctl('acl', 'reviews', 'ls', 'reviewed')
    expect(reviews.out).toMatch(/^ID +Reviewer +Review Date +Removed Members +Notes\n/)
    expect(reviews.out).toMatch(/ana@acme\.example \S+ +bob@acme\.example bob has left\n$/)
    expect(json((await ana.tctl('acl', 'summary', 'reviewed', '-o', 'json')).out)).toMatchObject([
      { list: { id: 'reviewed' }, members: [], lastReview: { reviewers: ['ana@acme.example'], notes: 'bob has left' } },
    ])
    expect((await ana.tctl('acl', 'ls', '--review-only', '-o', 'text')).out).not.toContain('reviewed')
  })
  it('tells apart what it did and what it could not do (exit 8)', async () => {
    const bob = world.home('bob')
    const reviewers = `kind: role
version: v8
metadata: {name: asker}
spec: {allow: {request: {roles: [on-call, asker]}}}
`
    await ana.pipe(reviewers, 'tctl', 'create')
    await ana.tctl('users', 'rm', BOB)
    const added = json((await ana.tctl('users', 'add', BOB, '--roles', 'asker', '-o', 'json')).out) as {
      link: { url: string }
    }
    await world.setPassword(added.link.url)
    await bob.signIn(BOB)
    const filed = await bob.tsh('request', 'create', '--roles', 'on-call,asker', '--reason', 'INC-7', '-o', 'json')
    expect(filed).toMatchObject({ code: 0, err: expect.stringContaining('Warning: You have role "asker"') as string })
    const { id } = json(filed.out) as { id: string }
    expect((await bob.tsh('request', 'ls')).out).toContain('PENDING')
    const brief = ['--roles', 'on-call', '--reason', 'INC-8', '--request-ttl', '1s', '--wait', '1m']
    expect(await bob.tsh('request', 'create', ...brief)).toMatchObject({
      code: 7,
      out: expect.stringContaining('EXPIRED') as string,
    })
    expect((await bob.tsh('request', 'review', id, '--approve')).code).toBe(4)
    expect((await ana.tctl('requests', 'approve', id, '--delegator', BOB)).code).toBe(4)
    const both = await ana.tctl('requests', 'approve', `${id},none`)
    expect(both).toMatchObject({ code: 8, out: expect.stringContaining('approved') as string })
    expect(both.err).toContain('none')
    expect((await bob.tsh('request', 'show', id)).out).toContain('APPROVED')
    expect((await bob.tsh('login', '--request-id', id)).out).toContain(id)
    expect((await bob.tsh('request', 'drop', id)).code).toBe(0)
    expect((await ana.tctl('requests', 'ls')).out).toContain('INC-7')
    expect((await ana.tctl('requests', 'rm', id)).code).toBe(0)
  })
  it('locks, and shows it in the audit log', async () => {
    const locked = json((await ana.tctl('lock', '--user', BOB, '--ttl', '1h', '-o', 'json')).out) as {
      metadata: { name: string }
    }
    expect((await world.home('bob').tsh('status')).code).not.toBe(0)
    expect((await ana.tctl('rm', `lock/${locked.metadata.name}`)).code).toBe(0)
    expect((await ana.tctl('audit', 'tail', '-n', '5')).out).toContain('lock.deleted')
    expect((await ana.tctl('audit', 'verify')).code).toBe(0)
    const wanted = [
      'audit',
      'search',
      '--event',
      'lock.created',
      '--user',
      'ana@acme.example',
      '--text',
      'LOCK',
      '-o',
      'json',
    ]
    expect(json((await ana.tctl(...wanted)).out)).toMatchObject({ items: [{ code: 'TLK00I' }] })
    expect(json((await ana.tctl('audit', 'search', '--to', '2020-01-01T00:00:00Z', '-o', 'json')).out)).toEqual({
      items: [],
    })
    expect((await ana.tctl('audit', 'search', '--limit', '1')).err).toContain('--cursor p')
    expect((await ana.tctl('audit', 'search', '--from', 'yesterday')).code).toBe(2)
    const file = join(ana.folder, 'audit.jsonl')
    expect(await ana.tctl('audit', 'export', '--file', file)).toMatchObject({ code: 0 })
    expect((await ana.tctl('audit', 'export', '--file', file)).code).toBe(6)
    expect((await ana.tctl('audit', 'verify', '--file', `${file}.none`)).code).toBe(5)
    expect(await world.home('auditor').tctl('audit', 'verify', '--file', file)).toMatchObject({
      code: 0,
      out: expect.stringContaining('(1 to ') as string,
    })
    writeFileSync(file, readFileSync(file, 'utf8').replace('user.login', 'user.logon'))
    expect(await ana.tctl('audit', 'verify', '--file', file)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/line \d+ \(event \d+\): It was changed/) as string,
    })
    expect((await ana.tctl('audit', 'export', '--as', 'csv')).out).toMatch(/^seq,time,code,event,/)
  })
  it('adds an application, shows what it is told, and rolls over the certificate', async () => {
    const provider = ['--entity-id', 'urn:app', '--acs-url', 'https://app.example/acs', '--label', 'env=prod']
    expect((await ana.tctl('saml', 'add', 'app')).code).toBe(2)
    expect((await ana.tctl('saml', 'add', 'app', ...provider)).out).toContain('"app": created')
    expect((await ana.tctl('get', 'saml_sp/app')).out).toContain('acs_url: https://app.example/acs')
    expect((await ana.tctl('saml', 'metadata')).out).toMatch(
      /^<\?xml [^]*<md:EntityDescriptor [^]*EntityDescriptor>\n$/,
    )
    const added = json((await ana.tctl('saml', 'certificates', 'add', '-o', 'json')).out) as { fingerprint: string }
    expect((await ana.tctl('saml', 'certificates', 'rm', 'nothing1')).code).toBe(5)
    expect((await ana.tctl('saml', 'certificates', 'activate', added.fingerprint)).code).toBe(0)
    const shown = (await ana.tctl('saml', 'show')).out
    expect(shown).toMatch(new RegExp(`${added.fingerprint.slice(0, 16)} +yes`))
    expect(shown).toContain('/saml/sso')
    expect((await ana.tctl('rm', 'saml_sp/app')).code).toBe(0)
  })
  it('applies a folder of files, shows how it differs, prunes, and says in which file something is wrong', async () => {
    const folder = join(ana.folder, 'infra')
    mkdirSync(join(folder, 'roles'), { recursive: true })
    const write = (file: string, text: string): void => writeFileSync(join(folder, file), text)
    const role = (name: string, description: string): string =>
      `kind: role\nmetadata: {name: ${name}, description: ${description}}\nspec: {}\n`
    expect((await ana.tctl('apply', '-f', folder)).code).toBe(5)
    write('roles/a.yaml', role('file-a', 'first'))
    write('roles/b.yml', role('file-b', 'second'))
    expect((await ana.tctl('apply', '-f', folder)).out).toBe(
      '+ role "file-a"\n+ role "file-b"\n2 created, 0 changed, 0 removed, 0 unchanged.\n',
    )
    expect(await ana.tctl('diff', '-f', folder, '--prune')).toMatchObject({ code: 0, out: 'Nothing differs.\n' })
    write('roles/a.yaml', role('file-a', 'changed'))
    rmSync(join(folder, 'roles/b.yml'))
    const diff = await ana.tctl('diff', '-f', folder, '--prune')
    expect(diff.code).toBe(10)
    expect(diff.out).toMatch(
      /^--- role\/file-a\n\+\+\+ role\/file-a\n[^]*-  description: first\n\+  description: changed\n/,
    )
    expect(diff.out).toMatch(/--- role\/file-b\n\+\+\+ \/dev\/null\n/)
    expect((await ana.pipe(role('file-a', 'by hand'), 'tctl', 'create', '-f', '-')).err).toContain('set "default"')
    expect((await ana.tctl('apply', '-f', folder, '--prune')).out).toContain('- role "file-b"')
    write('roles/c.yaml', 'kind: role\nmetadata: {name: file-c}\nspec: {alow: {}}\n')
    expect((await ana.tctl('apply', '-f', folder)).err).toContain(`${join(folder, 'roles/c.yaml')}, line 3`)
    const exported = join(ana.folder, 'exported')
    expect((await ana.tctl('export', exported)).code).toBe(0)
    expect(readFileSync(join(exported, 'role', 'file-a.yaml'), 'utf8')).toContain('description: changed')
    expect((await ana.tctl('diff', '-f', join(exported, 'role'))).code).toBe(10)
    expect((await ana.pipe(role('file-a', 'mine'), 'tctl', 'create', '-f', '--take-over', '-')).code).toBe(0)
    expect((await ana.tctl('rm', 'role/file-a')).code).toBe(0)
  })
  it('prints the script for the AWS side and nothing else', async () => {
    const { code, out, err } = await ana.tctl(
      'plugins',
      'install',
      'awsic',
      '--script',
      '--instance-region',
      'us-east-1',
    )
    expect({ code, err, start: out.slice(0, 2) }).toEqual({ code: 0, err: '', start: '#!' })
    expect((await ana.tctl('plan')).code).toBe(5)
    expect((await ana.tctl('plugins', 'install', 'awsic', '--roles-sync-mode', 'NONE')).code).toBe(2)
  })
  it('install names the flag of what the server does not take, and not the field of a request', async () => {
    const given = {
      'plugin-name': 'flags',
      'instance-region': 'us-east-1',
      'instance-arn': 'arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6',
      'assume-role-arn': 'arn:aws:iam::111122223333:role/gatehouse',
      'scim-url': 'https://scim.us-east-1.amazonaws.com/0a1b2c3d4e/scim/v2',
      'scim-token': 'token',
      'access-list-default-owner': 'ana@acme.example',
    }
    for (const [flag, value] of [
      ['plugin-name', 'x'.repeat(65)],
      ['instance-region', 'atlantis'],
      ['assume-role-arn', 'arn:aws:iam::1'],
      ['access-list-default-owner', 'nobody@acme.example'],
      ['start-url', 'https://aws.acme.example/start'],
      ['exclude-group-name', '^($'],
      ['account', 'ou=ou-wrong'],
      ['account-name', '^($'],
    ] as const) {
      const flags = Object.entries({ ...given, [flag]: value }).flatMap(([name, typed]) => [`--${name}`, typed])
      const { err } = await ana.tctl('plugins', 'install', 'awsic', ...flags)
      expect(err.split(': ', 1)).toEqual([`--${flag}`])
    }
  })
  it('gives up on a server that is not there (exit 1) or does not answer (exit 7)', async () => {
    const lines = new Set<Socket>()
    const silent = createServer((line) => lines.add(line))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const late = ana.with({ GATEHOUSE_URL: `http://127.0.0.1:${port}`, GATEHOUSE_TOKEN: 'x' })
    expect((await late.tctl('users', 'reset', BOB, '--timeout', '100ms')).code).toBe(7)
    for (const line of lines) line.destroy()
    await new Promise((resolve) => silent.close(resolve))
    expect((await late.tctl('users', 'reset', BOB)).code).toBe(1)
  })
  it('signs out here and there', async () => {
    expect((await ana.tsh('logout')).code).toBe(0)
    expect((await ana.tctl('users', 'ls')).code).toBe(3)
  })
})
