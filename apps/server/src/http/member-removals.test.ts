import type { GatehouseClient } from '@gatehouse/api'
import type { AccessListId } from '@gatehouse/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ANA, startTestServer, type TestServer } from '../testing/start-test-server.ts'

const CREW = Array.from({ length: 12 }, (_, index) => `crew-${index}@acme.example`)
const LIST = { kind: 'access_list', version: 'v1', metadata: { name: 'crew' } }
const params = { id: 'crew' as AccessListId }

let server: TestServer
let ana: GatehouseClient
beforeAll(async () => {
  server = await startTestServer()
  ana = await server.signIn()
  const users = CREW.map((name) => ({ kind: 'user', version: 'v2', metadata: { name }, spec: {} }))
  await apply(users)
})
beforeEach(async () => {
  const members = CREW.map((name) => ({ name }))
  await apply([{ ...LIST, spec: { title: 'Crew', owners: [{ name: ANA }], members } }])
})
afterAll(async () => {
  expect(server.faults).toEqual([])
  await server[Symbol.asyncDispose]()
})

const apply = (documents: readonly object[]) =>
  ana.applyDocuments({
    body: { mode: 'replace', text: documents.map((document) => JSON.stringify(document)).join('\n---\n') },
  })
const remove = (members: readonly string[], more: { confirmRemovals?: number; dryRun?: boolean } = {}) =>
  ana.removeMembers({ params, body: { members: [...members], ...more } })
const namesLeft = async () => (await ana.listMembers({ params })).items.map(({ name }) => name)

describe('removals of members', () => {
  it('take several out of a list by one request, and say how many', async () => {
    expect(await remove([...CREW.slice(0, 3), CREW[0]?.toUpperCase() ?? ''])).toEqual({
      dryRun: false,
      removed: 3,
      removals: { memberships: 3, assignments: 0 },
    })
    expect(await namesLeft()).toEqual(CREW.slice(3).toSorted())
  })

  it('name the number that many together take, in a dry run as in the refusal', async () => {
    const { removals, removed } = await remove(CREW, { dryRun: true })
    expect({ removed, removals }).toEqual({ removed: 12, removals: { memberships: 12, assignments: 0, confirm: 12 } })
    await expect(remove(CREW)).rejects.toMatchObject({
      status: 409,
      code: 'too-many-removals',
      details: { confirm: 12 },
    })
    await expect(remove(CREW, { confirmRemovals: 11 })).rejects.toMatchObject({ status: 409 })
    expect(await namesLeft()).toHaveLength(12)
    expect(await remove(CREW, { confirmRemovals: 12 })).toMatchObject({ removed: 12 })
    expect(await namesLeft()).toEqual([])
  })

  it('take out the one of the kind that is named, where a user and a list are called the same', async () => {
    const name = CREW[0] ?? ''
    await apply([{ ...LIST, metadata: { name }, spec: { title: 'Namesake', owners: [{ name: ANA }], members: [] } }])
    const added = await ana.addMember({ params, body: { kind: 'list', name } })
    expect(added).toMatchObject({ kind: 'list', title: 'Namesake' })
    const refusal = { status: 409, code: 'conflict', remedy: expect.stringContaining('list or user') as string }
    await expect(ana.removeMember({ params: { ...params, member: name } })).rejects.toMatchObject(refusal)
    await expect(remove([name])).rejects.toMatchObject(refusal)
    await ana.removeMember({ params: { ...params, member: name }, query: { kind: 'list' } })
    expect(await namesLeft()).toEqual(CREW.toSorted())
    await ana.addMember({ params, body: { kind: 'list', name } })
    const kinds = (['user', 'list'] as const).map((kind) => ({ name, kind }))
    expect(await ana.removeMembers({ params, body: { members: kinds } })).toMatchObject({ removed: 2 })
    expect(await namesLeft()).toEqual(CREW.slice(1).toSorted())
  })

  it('take out nobody where a name is nobody’s, and say which names by the field that holds them', async () => {
    await expect(remove([...CREW.slice(0, 2), 'crew-99@acme.example'])).rejects.toMatchObject({
      status: 404,
      code: 'not-found',
      field: 'body.members[2]',
      remedy: expect.stringMatching(/^Did you mean "crew-/) as string,
      details: { missing: ['crew-99@acme.example'] },
    })
    const strangers = Array.from({ length: 120 }, (_, index) => `stranger ${index}`)
    await expect(remove([...strangers, ...CREW.slice(0, 2)])).rejects.toMatchObject({
      status: 404,
      field: 'body.members',
      message:
        'body.members: there is no member of "Crew" "stranger 0", "stranger 1", "stranger 2", "stranger 3", "stranger 4" and 115 more.',
      details: { missing: strangers.slice(0, 100) },
    })
    expect(await namesLeft()).toHaveLength(12)
  })

  it('are at least one and at most ten thousand', async () => {
    await expect(remove([])).rejects.toMatchObject({ status: 400, field: 'body.members' })
    const names = Array.from({ length: 10_001 }, (_, index) => `${String(index).padStart(5, '0')}${'x'.repeat(251)}`)
    await expect(remove(names)).rejects.toMatchObject({ status: 400, field: 'body.members' })
    await expect(remove(names.slice(1))).rejects.toMatchObject({ status: 404, code: 'not-found' })
  })

  it('are nothing that a mere member, or somebody who is not signed in, may ask for', async () => {
    const [crew = ''] = CREW
    await server.givePassword(crew)
    const member = await server.signIn(crew)
    const body = { members: CREW.slice(0, 2) }
    for (const dryRun of [true, false])
      await expect(member.removeMembers({ params, body: { ...body, dryRun } })).rejects.toMatchObject({ status: 403 })
    await expect(server.client().removeMembers({ params, body })).rejects.toMatchObject({ status: 401 })
    expect(await namesLeft()).toHaveLength(12)
  })
})
