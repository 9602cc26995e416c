import type { AwsUserId } from '@gatehouse/domain'
import { describe, expect, it } from 'vitest'
import { aScene, call, failureOf, ANA, ana, U, G, members, memberOps } from './testing/a-directory.ts'
import { scimError, scimList } from './testing/scripted-scim.ts'

describe('finding', () => {
  it('asks with eq, quotes what is asked for, and keeps out whoever the server adds (D3-out-1, D3-out-12)', async () => {
    await using scene = await aScene()
    scene.scim.on(
      'GET Users',
      scimList([{ id: 'x', userName: 'someone@example.com' }, ana({ userName: 'O"Neil\\@x' })]),
    )
    expect(await scene.directory.findUser('o"neil\\@X', call())).toEqual({ id: 'u-ana', externalId: 'ours' })
    expect(scene.scim.requests[0]?.query.get('filter')).toBe('userName eq "o\\"neil\\\\@X"')
    expect(await scene.directory.findUser('nobody@example.com', call())).toBeUndefined()
  })

  it('follows cursors through empty pages, and fails on one that repeats (D3-out-12)', async () => {
    await using scene = await aScene()
    scene.scim.on('GET Groups', scimList([], 'c1='), scimList([], 'c2'), scimList([{ id: 'g', displayName: 'Ops' }]))
    expect(await scene.directory.findGroup('ops', call())).toEqual({ id: 'g' })
    expect(scene.scim.requests.map(({ query }) => query.get('cursor'))).toEqual(['', 'c1=', 'c2'])
    scene.scim.on('GET Groups', scimList([], 'again'))
    expect(await failureOf(scene.directory.findGroup('ops', call()))).toBe('unavailable')
  })

  it('never doubles the slash at the end of the address', async () => {
    await using scene = await aScene()
    scene.scim.on('GET ServiceProviderConfig', { status: 200, json: { schemas: ['s'] } })
    await scene.directory.check(call())
    expect(scene.scim.requests[0]?.url).toBe('/tenant/scim/v2/ServiceProviderConfig')
    expect(scene.scim.requests[0]?.authorization).toBe('Bearer secret-token')
  })
})

describe('creating a user', () => {
  it('sends what AWS demands, one primary address, and nothing it refuses (D3-out-7, D3-out-8, D3-out-14)', async () => {
    await using scene = await aScene()
    scene.scim.on('POST Users', { status: 201, json: ana() })
    expect(await scene.directory.createUser(ANA, 'ours', call())).toBe('u-ana')
    expect(scene.scim.requests[0]?.body).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      externalId: 'ours',
      userName: 'ana@example.com',
      name: { givenName: 'Ana', familyName: 'Lopez' },
      displayName: 'Ana Lopez',
      active: true,
      emails: [{ value: 'ana@example.com', type: 'work', primary: true }],
    })
  })

  it.each(['userName', 'givenName', 'familyName', 'displayName'])(
    'refuses an empty %s before AWS does (D3-out-8)',
    async (field) => {
      await using scene = await aScene()
      expect(await failureOf(scene.directory.createUser({ ...ANA, [field]: ' ' }, 'ours', call()))).toBe('invalid')
      expect(await failureOf(scene.directory.changeUser(U, { [field]: '' }, call()))).toBe('invalid')
      expect(await failureOf(scene.directory.changeUser(U, { [field]: 'a\u0007' }, call()))).toBe('invalid')
      expect(scene.scim.requests).toEqual([])
    },
  )

  it('recognises its own after a repeated POST was refused as a duplicate (D3-out-10)', async () => {
    await using scene = await aScene()
    scene.scim.on('POST Users', 'reset', scimError(409, 'Refused to create a new, duplicate resource.'))
    scene.scim.on('GET Users', scimList([ana()]))
    expect(await scene.directory.createUser(ANA, 'ours', call())).toBe('u-ana')
    expect(scene.scim.requests.map(({ route }) => route)).toEqual(['POST Users', 'POST Users', 'GET Users'])
    expect(scene.scim.requests[2]?.query.get('filter')).toBe('externalId eq "ours"')
  })

  it('brings its own up to date when an earlier attempt made it with another profile', async () => {
    await using scene = await aScene()
    scene.scim.on('POST Users', scimError(409, 'Refused to create a new, duplicate resource.'))
    scene.scim.on('GET Users', scimList([ana({ displayName: 'Ana L.' })]))
    scene.scim.on('PATCH Users/u-ana', { status: 200, json: ana() })
    expect(await scene.directory.createUser(ANA, 'ours', call())).toBe('u-ana')
    expect(scene.scim.requests.at(-1)?.body['Operations']).toEqual([
      { op: 'replace', path: 'displayName', value: 'Ana Lopez' },
    ])
  })

  it('never takes over a user of that name who is not ours (D3-out-10)', async () => {
    await using scene = await aScene()
    scene.scim.on('POST Users', scimError(409, 'Refused to create a new, duplicate resource.'))
    scene.scim.on('GET Users', scimList([]))
    expect(await failureOf(scene.directory.createUser(ANA, 'ours', call()))).toBe('name-taken')
  })

  it('waits until AWS knows what was made a moment ago (D3-out-11)', async () => {
    await using scene = await aScene()
    scene.scim.on('POST Groups', { status: 201, json: { id: G, displayName: 'Ops' } })
    scene.scim.on(`PATCH Groups/${G}`, scimError(404, 'Not found'), scimError(404, 'Not found'), { status: 204 })
    const group = await scene.directory.createGroup('Ops', 'ours', call())
    await scene.directory.changeMembers(group, { add: [U], remove: [] }, call())
    expect(scene.scim.requests).toHaveLength(4)
  })
})

describe('changing a user', () => {
  it('patches only what changed, each with its path (D3-out-6)', async () => {
    await using scene = await aScene()
    scene.scim.on('PATCH Users/u-ana', { status: 200, json: ana() })
    await scene.directory.changeUser(U, { familyName: 'Ruiz', email: 'ana.ruiz@example.com' }, call())
    expect(scene.scim.requests.map(({ body }) => body['Operations'])).toEqual([
      [
        { op: 'replace', path: 'name.familyName', value: 'Ruiz' },
        { op: 'replace', path: 'emails', value: [{ value: 'ana.ruiz@example.com', type: 'work', primary: true }] },
      ],
    ])
    await scene.directory.changeUser(U, {}, call())
    expect(scene.scim.requests).toHaveLength(1)
  })

  it('sends userName and active apart, inactive first (D3-out-13, D3-out-18)', async () => {
    await using scene = await aScene()
    scene.scim.on('PATCH Users/u-ana', { status: 200, json: ana() })
    await scene.directory.changeUser(U, { userName: 'a@example.com', active: false }, call())
    await scene.directory.changeUser(U, { userName: 'b@example.com', active: true }, call())
    const active = (value: boolean) => [{ op: 'replace', path: 'active', value }]
    const userName = (value: string) => [{ op: 'replace', path: 'userName', value }]
    expect(scene.scim.requests.map(({ body }) => body['Operations'])).toEqual([
      active(false),
      userName('a@example.com'),
      userName('b@example.com'),
      active(true),
    ])
  })

  it('says not-found when the user is gone, and counts a deletion of one who is gone as done', async () => {
    await using scene = await aScene()
    expect(await failureOf(scene.directory.changeUser(U, { active: false }, call()))).toBe('not-found')
    expect(await failureOf(scene.directory.deleteUser(U, call()))).toBe('did not fail')
    expect(await failureOf(scene.directory.deleteGroup(G, call()))).toBe('did not fail')
  })
})

describe('changing a group', () => {
  it('sends 101 members in two requests, never more than 100 changes in one (D3-out-4)', async () => {
    await using scene = await aScene()
    scene.scim.on(`PATCH Groups/${G}`, { status: 204 })
    await scene.directory.changeMembers(G, { add: members(101), remove: [] }, call())
    expect(memberOps(scene.scim).map((ops) => ops.map(({ members: ids }) => ids.length))).toEqual([[100], [1]])
    expect(memberOps(scene.scim).flatMap((ops) => ops.flatMap((op) => op.members))).toEqual(members(101))
  })

  it('counts additions and removals together, and removes first (D3-out-4, D3-out-5)', async () => {
    await using scene = await aScene()
    scene.scim.on(`PATCH Groups/${G}`, { status: 204 })
    const add = [...members(80, 'new'), 'both' as AwsUserId, ...members(80, 'new')]
    await scene.directory.changeMembers(G, { add, remove: [...members(70, 'old'), 'both' as AwsUserId] }, call())
    const sent = memberOps(scene.scim)
    expect(sent.map((ops) => ops.map(({ op, members: ids }) => `${op} ${ids.length}`))).toEqual([
      ['remove 71', 'add 29'],
      ['add 51'],
    ])
    expect(sent.flat().every(({ path }) => path === 'members')).toBe(true)
    expect(sent.flat().filter(({ op, members: ids }) => op === 'add' && ids.includes('both' as AwsUserId))).toEqual([])
  })

  it('keeps its id when renamed, and says when the name is taken (D3-out-19)', async () => {
    await using scene = await aScene()
    scene.scim.on(`PATCH Groups/${G}`, { status: 204 }, scimError(409, 'duplicate'))
    await scene.directory.renameGroup(G, 'Operations', call())
    expect(scene.scim.requests[0]?.body['Operations']).toEqual([
      { op: 'replace', path: 'displayName', value: 'Operations' },
    ])
    expect(await failureOf(scene.directory.renameGroup(G, 'Dev', call()))).toBe('name-taken')
  })

  it('says not-found when the group was deleted under our hands (D3-out-20)', async () => {
    await using scene = await aScene()
    expect(await failureOf(scene.directory.changeMembers(G, { add: [U], remove: [] }, call()))).toBe('not-found')
  })

  it('gives the others what is theirs when AWS does not know one member', async () => {
    await using scene = await aScene()
    const inGroup = new Set<string>()
    scene.scim.on(`GET Groups/${G}`, { status: 200, json: { id: G, displayName: 'Ops', members: [] } })
    scene.scim.on(`PATCH Groups/${G}`, ({ body }) => {
      const operations = body['Operations'] as { op: string; value: { value: string }[] }[]
      const ids = operations.flatMap(({ value }) => value.map((member) => member.value))
      if (ids.includes('u7') || ids.includes('gone')) return scimError(404, 'User not found')
      for (const id of ids) inGroup.add(id)
      return { status: 204 }
    })
    const change = { add: members(20), remove: ['gone' as AwsUserId] }
    await expect(scene.directory.changeMembers(G, change, call())).rejects.toThrow('does not know the member u7')
    expect(inGroup.size).toBe(19)
    expect(await failureOf(scene.directory.changeMembers(G, { add: [], remove: change.remove }, call()))).toBe(
      'did not fail',
    )
  })
})
