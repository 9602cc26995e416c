import { type CliWorld, type Home, startServer } from '@gatehouse/cli-kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const BOB = 'bob@acme.example'
const ROLES = `kind: role
metadata: {name: on-call}
spec: {}
---
kind: role
metadata: {name: asker}
spec: {allow: {request: {roles: [on-call, dba]}}}
---
kind: role
metadata: {name: dba}
spec: {}
`
let world: CliWorld
let ana: Home
let bob: Home
beforeAll(async () => {
  world = await startServer()
  ;[ana, bob] = [world.home('ana'), world.home('bob')]
  await ana.signIn()
  await ana.pipe(ROLES, 'tctl', 'create')
  const added = JSON.parse((await ana.tctl('users', 'add', BOB, '--roles', 'asker', '-o', 'json')).out) as {
    link: { url: string }
  }
  await world.setPassword(added.link.url)
  await bob.signIn(BOB)
})
afterAll(() => world[Symbol.asyncDispose]())

const file = async (...roles: readonly string[]): Promise<string> => {
  const { out } = await bob.tsh('request', 'create', '--roles', roles.join(','), '--nowait', '-o', 'json')
  return (JSON.parse(out) as { id: string }).id
}
const assumed = async (): Promise<string[]> => {
  const { active } = JSON.parse((await bob.tsh('status', '-o', 'json')).out) as {
    active: { assumed: { id: string }[] }
  }
  return active.assumed.map(({ id }) => id)
}

describe('tsh login', () => {
  it('asks on the way in without waiting, and takes no way to sign in that there is not', async () => {
    const asking = await bob.tsh('login', '--request-roles', 'on-call', '--request-nowait', '--auth', 'local')
    expect(asking).toMatchObject({ code: 0, err: expect.stringContaining('waits for a decision') as string })
    expect(await bob.tsh('login', '--auth', 'okta')).toMatchObject({
      code: 2,
      err: expect.stringContaining('okta') as string,
    })
  })
})

describe('tsh request drop', () => {
  it('drops all that is assumed when nothing is named', async () => {
    expect((await bob.tsh('request', 'drop')).out).toBe('No request is assumed.\n')
    const ids = [await file('on-call'), await file('dba')]
    for (const id of ids) {
      expect((await ana.tctl('requests', 'approve', id)).code).toBe(0)
      expect((await bob.tsh('login', '--request-id', id)).code).toBe(0)
    }
    expect((await assumed()).toSorted()).toEqual(ids.toSorted())
    expect((await bob.tsh('request', 'drop')).code).toBe(0)
    expect(await assumed()).toEqual([])
  })
})

describe('tctl requests approve', () => {
  it('approves only the roles that are named, which denies the others', async () => {
    const id = await file('on-call', 'dba')
    expect((await ana.tctl('requests', 'approve', id, '--roles', 'dba')).code).toBe(0)
    const { out } = await bob.tsh('request', 'show', id)
    expect(out).toMatch(/\ndba +approved\n/)
    expect(out).toMatch(/\non-call +denied\n/)
  })
  it('refuses annotations instead of forgetting them (exit 2)', async () => {
    const id = await file('dba')
    for (const verb of ['approve', 'deny'])
      expect((await ana.tctl('requests', verb, id, '--annotations', 'ticket=1')).code).toBe(2)
    expect((await bob.tsh('request', 'show', id)).out).toContain('PENDING')
  })
})

describe('tsh apps ls', () => {
  it('takes a condition, and says what is wrong with one', async () => {
    expect((await bob.tsh('apps', 'ls', '--query', 'labels["env"] == "prod"')).code).toBe(0)
    expect((await bob.tsh('apps', 'ls', '--query', 'labels[')).code).not.toBe(0)
  })
})

describe('tsh logout', () => {
  it('signs out only the user who is named', async () => {
    expect((await bob.tsh('logout', '--user', 'eva@acme.example')).code).toBe(3)
    expect((await bob.tsh('status')).code).toBe(0)
    expect((await bob.tsh('logout', '--user', BOB)).out).toContain(`${BOB} is signed out`)
    expect((await bob.tsh('status')).code).toBe(3)
  })
})
