import { type CliWorld, type Home, startServer } from '@gatehouse/cli-kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from './list-documents.ts'

let world: CliWorld
let ana: Home
beforeAll(async () => {
  world = await startServer()
  ana = world.home('ana')
  await ana.signIn()
  await ana.pipe('kind: role\nmetadata: {name: dba}\nspec: {}\n', 'tctl', 'create')
})
afterAll(() => world[Symbol.asyncDispose]())

describe('tctl acl create', () => {
  it('makes a list whose members have the roles', async () => {
    expect(await ana.tctl('acl', 'create', 'Café Crew', '--roles', 'dba', '--frequency', '3')).toMatchObject({
      code: 0,
      out: 'access_list "cafe-crew" has been created\n',
    })
    const { out } = await ana.tctl('get', 'acl/cafe-crew')
    expect(out).toContain('title: Café Crew')
    expect(out).toContain('name: ana@acme.example')
    expect(out).toContain('frequency: 3 months')
    expect(await ana.tctl('acl', 'create', 'cafe crew', '--roles', 'dba')).toMatchObject({ code: 6, out: '' })
  })
  it('makes a list whose members may ask for the roles, and whose owners review that', async () => {
    const short = ['--preset', 'short-term', '--roles', 'dba', '--max-duration', '4h', '--members', 'ana@acme.example']
    const { code, out } = await ana.tctl('acl', 'create', 'Ops', '--name', 'ops', ...short)
    expect({ code, lines: out.split('\n').slice(0, 3) }).toEqual({
      code: 0,
      lines: [
        'role "ops-requester" has been created',
        'role "ops-reviewer" has been created',
        'access_list "ops" has been created',
      ],
    })
    expect((await ana.tctl('get', 'role/ops-requester')).out).toContain('max_duration: 4h')
    expect((await ana.tctl('get', 'role/ops-reviewer')).out).toMatch(/review_requests:\n +roles:\n +- dba/)
    expect((await ana.tctl('acl', 'users', 'ls', 'ops')).out).toContain('ana@acme.example')
  })
  it('prints what can be kept in files, and saves nothing', async () => {
    const dry = ['acl', 'create', 'Planned', '--preset', 'short-term', '--roles', 'dba', '--dry-run']
    const { code, out } = await ana.tctl(...dry)
    expect(code).toBe(0)
    expect((await ana.tctl(...dry, '-o', 'yaml')).out).toBe(out)
    expect((await ana.tctl('get', 'acl/planned')).code).toBe(5)
    expect((await ana.pipe(out, 'tctl', 'create')).code).toBe(0)
    expect((await ana.pipe(out, 'tctl', 'create', '-f')).out).toMatch(/^(?:\S+ "planned\S* is unchanged\n){3}$/)
  })
  it('says what is wrong with a call, and changes nothing (exit 2, 5)', async () => {
    expect((await ana.tctl('acl', 'create', 'Nothing')).code).toBe(2)
    expect((await ana.tctl('acl', 'create', '!!!', '--roles', 'dba')).code).toBe(2)
    expect((await ana.tctl('acl', 'create', 'Long', '--roles', 'dba', '--max-duration', '4h')).code).toBe(2)
    expect((await ana.tctl('acl', 'create', 'Unknown', '--roles', 'nobody')).code).toBe(5)
    expect((await ana.tctl('get', 'acl/unknown')).code).toBe(5)
  })
  it('makes an id of a title as people would', () => {
    expect(['Zürich – on call (prod)', '  A  ', '日本'].map(idOf)).toEqual(['zurich-on-call-prod', 'a', ''])
  })
})

describe('what is asked for as in the described product', () => {
  it('is understood: --review-only without a value, --with-secrets', async () => {
    expect((await ana.tctl('acl', 'summary', '--review-only', '-o', 'json')).out).toBe('[]\n')
    expect((await ana.tctl('acl', 'summary', '--review-only', 'false', '-o', 'json')).out).toContain('cafe-crew')
    expect((await ana.tctl('acl', 'summary', '--review-only=maybe')).code).toBe(2)
    expect(await ana.tctl('get', 'users', '--with-secrets')).toMatchObject({ code: 0, err: '' })
  })
})
