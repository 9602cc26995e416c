import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CliWorld, type Home, startServer } from '@gatehouse/cli-kit/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ON_CALL = `kind: bundle
version: v1
metadata:
  name: on-call
spec:
  title: On call
  accounts:
    - name: prod-*
  permission_sets:
    - ReadOnlyAccess
`

let world: CliWorld
let ana: Home
beforeAll(async () => {
  world = await startServer()
  ana = world.home('ana')
  await ana.signIn()
})
afterAll(() => world[Symbol.asyncDispose]())

it('bundles are made, listed, shown, exported and removed like other records', async () => {
  expect(await ana.tsh('bundles', 'ls')).toMatchObject({ code: 0, out: 'There are no bundles for you.\n' })
  const file = join(ana.folder, 'on-call.yaml')
  writeFileSync(file, ON_CALL)
  expect((await ana.tctl('create', '-f', file)).code).toBe(0)
  const listed = await ana.tctl('bundles', 'ls')
  expect(listed.out).toContain('on-call On call 0')
  expect(listed.err).toContain('on-call: accounts[0] fits no account.')
  expect(await ana.tsh('bundles', 'show', 'on-call')).toMatchObject({ code: 0, out: 'It stands for nothing now.\n' })
  expect((await ana.tctl('get', 'bundles', '-o', 'yaml')).out).toContain('title: On call')
  expect((await ana.tctl('export', join(ana.folder, 'all'))).code).toBe(0)
  expect(readFileSync(join(ana.folder, 'all', 'bundle', 'on-call.yaml'), 'utf8')).toContain('- name: prod-*')
  expect((await ana.tctl('rm', 'bundle/on-call')).code).toBe(0)
  expect((await ana.tctl('bundles', 'show', 'on-call')).code).not.toBe(0)
})

it('a key that a bundle does not know is refused, with the one that was meant', async () => {
  const file = join(ana.folder, 'wrong.yaml')
  writeFileSync(file, ON_CALL.replace('permission_sets', 'permission_set'))
  const { code, err } = await ana.tctl('create', '-f', file)
  expect(code).not.toBe(0)
  expect(err).toContain('permission_sets')
})
