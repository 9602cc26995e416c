import { type CliWorld, type Home, startServer } from '@gatehouse/cli-kit/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const LIST = `kind: user
metadata: {name: bob@acme.example}
spec: {roles: []}
---
kind: access_list
metadata: {name: crew}
spec:
  title: Crew
  owners: [{name: ana@acme.example}]
  members: [{name: bob@acme.example, reason: on call}]
  membership_requires: {traits: {team: [web]}}
  audit:
    next_audit_date: "2020-01-01T00:00:00Z"
    escalate_after: 72h
    escalate_to: [{name: bob@acme.example}]
`

let world: CliWorld
let ana: Home
beforeAll(async () => {
  world = await startServer()
  ana = world.home('ana')
  await ana.signIn()
  const file = join(ana.folder, 'list.yaml')
  writeFileSync(file, LIST)
  expect(await ana.tctl('create', file)).toMatchObject({ code: 0 })
})
afterAll(() => world[Symbol.asyncDispose]())

it('a task is shown by both programs until it is done, and the review is read as a document', async () => {
  const shown = await ana.tsh('tasks', '-o', 'json')
  expect(JSON.parse(shown.out)).toMatchObject([{ kind: 'list-review', subject: { kind: 'access_list', id: 'crew' } }])
  expect((await ana.tctl('todo')).out).toContain('tctl acl reviews create crew')
  expect((await ana.tctl('get', 'acl/crew')).out).toContain('escalate_after: 3d')
  expect((await ana.tctl('acl', 'users', 'ls', 'crew')).out).toContain('lacks trait team=web')
  expect((await ana.tctl('acl', 'reviews', 'create', 'crew', '--notes', 'all well')).code).toBe(0)
  expect((await ana.tsh('tasks')).out).toBe('Nothing waits for you.\n')
  const reviews = await ana.tctl('get', 'access_list_reviews')
  expect(reviews.out).toMatch(/kind: access_list_review[^]*access_list: crew[^]*notes: all well/)
  expect((await ana.tctl('rm', 'access_list_review/x')).code).toBe(2)
})
it('a search for resources says what is wrong with it, and that there is nothing', async () => {
  const search = (...flags: readonly string[]) => ana.tsh('request', 'search', ...flags)
  expect((await search('--search', 'prod', '--labels', 'a=b')).out).toBe('There is nothing that you may ask for.\n')
  expect((await search('--kind', 'node')).code).toBe(2)
  for (const wrong of [
    ['--query', 'labels['],
    ['--labels', 'novalue'],
  ])
    expect((await search(...wrong)).code).not.toBe(0)
})
