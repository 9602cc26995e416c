import { DescribeGroupCommand, ListGroupMembershipsCommand } from '@aws-sdk/client-identitystore'
import { describe, expect, it } from 'vitest'
import { GROUP, startScimScene, UNREADABLE, type ScimScene } from '../testing/scim-scene.ts'

const members = (ids: readonly string[]) => ids.map((value) => ({ value }))
const makeUsers = (scene: ScimScene, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => scene.makeUser(`user-${index}`)))

describe('a SCIM group', () => {
  it('never shows its members; only filters tell who is in (D3-out-3)', async () => {
    await using scene = await startScimScene()
    const [ana = '', boris = ''] = await makeUsers(scene, 2)
    const made = await scene.scim('POST', 'Groups', {
      schemas: [GROUP],
      displayName: 'team',
      externalId: 'ext-1',
      members: members([ana]),
    })
    expect(made.status).toBe(201)
    const { id } = made.body
    expect(made.body).toMatchObject({ displayName: 'team', externalId: 'ext-1', members: [], schemas: [GROUP] })
    expect((await scene.scim('GET', `Groups/${id}`)).body).toEqual(made.body)
    const list = async (path: string) => (await scene.scim('GET', path)).body.Resources
    expect(await list('Groups')).toEqual([made.body])
    expect(await list(`Groups?filter=members.value eq "${ana}"`)).toMatchObject([{ id }])
    expect(await list(`Groups?filter=members.value eq "${boris}"`)).toEqual([])
    expect(await list(`Users?filter=groups.value eq "${id}"`)).toMatchObject([{ id: ana }])
    expect(await list(`Groups?filter=id eq "${id}" and members eq "${ana}"`)).toMatchObject([{ id }])
    expect(await list(`Groups?filter=members eq "${boris}" and id eq "${id}"`)).toEqual([])
  })

  it('takes at most 100 members at its creation and 100 changes in a PATCH (D3-out-4)', async () => {
    await using scene = await startScimScene()
    const users = await makeUsers(scene, 102)
    const tooMany = { schemas: [GROUP], displayName: 'team', members: members(users.slice(0, 101)) }
    expect((await scene.scim('POST', 'Groups', tooMany)).status).toBe(400)
    const id = await scene.makeGroup('team', { members: members(users.slice(0, 100)) })
    const add = { op: 'add', path: 'members', value: members(users.slice(100)) }
    const remove = { op: 'remove', path: 'members', value: members(users.slice(0, 99)) }
    const refused = await scene.patch(`Groups/${id}`, add, remove)
    expect([refused.status, refused.body.detail]).toEqual([400, UNREADABLE])
    expect(await scene.membersOf('team')).toHaveLength(100)
    const taken = await scene.patch(`Groups/${id}`, add, { ...remove, value: remove.value.slice(1) })
    expect([taken.status, taken.body]).toEqual([204, undefined])
    expect(await scene.membersOf('team')).toHaveLength(4)
  })

  it('has no way to replace or to remove all its members (D3-out-5)', async () => {
    await using scene = await startScimScene()
    const [ana = ''] = await makeUsers(scene, 1)
    const id = await scene.makeGroup('team', { members: members([ana]) })
    for (const operation of [
      { op: 'replace', path: 'members', value: [] },
      { op: 'replace', path: 'members', value: members([ana]) },
      { op: 'replace', value: { members: [] } },
    ]) {
      const refused = await scene.patch(`Groups/${id}`, operation)
      expect([refused.status, refused.body.detail]).toEqual([400, 'Replacing group memberships is not supported.'])
    }
    expect((await scene.patch(`Groups/${id}`, { op: 'remove', path: 'members' })).status).toBe(400)
    expect(await scene.membersOf('team')).toEqual(['user-0'])
    const put = await scene.scim('PUT', `Groups/${id}`, { schemas: [GROUP], displayName: 'other' })
    expect(put.status).toBe(404)
  })

  it('takes members that are in and removes members that are not without a word', async () => {
    await using scene = await startScimScene()
    const [ana = '', boris = ''] = await makeUsers(scene, 2)
    const id = await scene.makeGroup('team')
    const patch = async (...operations: readonly object[]) => (await scene.patch(`Groups/${id}`, ...operations)).status
    expect(await patch({ op: 'add', path: 'members', value: members([ana, ana]) })).toBe(204)
    expect(await patch({ op: 'add', value: { members: members([ana]) } })).toBe(204)
    expect(await patch({ op: 'remove', path: 'members', value: members([boris, 'nobody']) })).toBe(204)
    expect(await scene.membersOf('team')).toEqual(['user-0'])
    expect(await patch({ op: 'remove', path: `members[value eq "${ana}"]` })).toBe(204)
    expect(await scene.membersOf('team')).toEqual([])
    const both = [
      { op: 'add', path: 'members', value: { value: ana } },
      { op: 'remove', path: 'members', value: members([ana]) },
    ]
    expect(await patch(...both)).toBe(204)
    expect(await scene.membersOf('team')).toEqual([])
  })

  it('shows new members to filters as late as other readers see them', async () => {
    await using scene = await startScimScene()
    const [ana = ''] = await makeUsers(scene, 1)
    const id = await scene.makeGroup('team')
    await scene.control('PATCH', '/knobs', { identityStoreLag: [5_000, 5_000] })
    await scene.patch(`Groups/${id}`, { op: 'add', path: 'members', value: members([ana]) })
    const seen = async () => [
      (await scene.scim('GET', `Users?filter=groups.value eq "${id}"`)).body.totalResults,
      (await scene.scim('GET', `Groups?filter=members.value eq "${ana}"`)).body.totalResults,
    ]
    expect(await seen()).toEqual([0, 0])
    scene.sandbox.setClockOffset(6_000)
    expect(await seen()).toEqual([1, 1])
  })

  it('changes nothing when one of the members is not known', async () => {
    await using scene = await startScimScene()
    const [ana = ''] = await makeUsers(scene, 1)
    const id = await scene.makeGroup('team')
    const rename = { op: 'replace', path: 'displayName', value: 'other' }
    const add = { op: 'add', path: 'members', value: members([ana, 'nobody']) }
    expect((await scene.patch(`Groups/${id}`, rename, add)).status).toBe(404)
    expect(await scene.membersOf('team')).toEqual([])
    const made = await scene.scim('POST', 'Groups', {
      schemas: [GROUP],
      displayName: 'x',
      members: members(['nobody']),
    })
    expect(made.status).toBe(404)
    expect((await scene.scim('GET', 'Groups?filter=displayName eq "x"')).body.totalResults).toBe(0)
  })

  it('keeps its id and its access when it is renamed (D3-out-19)', async () => {
    await using scene = await startScimScene({ seed: 'acme' })
    const { groups } = await scene.control('GET', '/world')
    const [{ id, displayName, assignments }, other] = groups
    const renamed = await scene.patch(`Groups/${id}`, { op: 'replace', value: { id, displayName: 'Renamed' } })
    expect(renamed.status).toBe(204)
    const after = await scene.control('GET', '/groups/renamed')
    expect(after.id).toBe(id)
    expect(after.assignments).toHaveLength(assignments.length)
    const { identityStoreId: IdentityStoreId } = scene.sandbox
    const described = await scene.identityStore.send(new DescribeGroupCommand({ IdentityStoreId, GroupId: id }))
    expect(described).toMatchObject({ DisplayName: 'Renamed', UpdatedBy: 'scim' })
    const taken = await scene.patch(`Groups/${other.id}`, { op: 'replace', path: 'displayName', value: 'RENAMED' })
    expect([taken.status, taken.body.detail]).toEqual([409, 'Refused to create a new, duplicate resource.'])
    expect((await scene.scim('GET', `Groups?filter=displayName eq "${displayName}"`)).body.totalResults).toBe(0)
  })

  it('is not found once it is deleted, and its account assignments stay (D3-out-20)', async () => {
    await using scene = await startScimScene({ seed: 'acme' })
    const { groups, assignments } = await scene.control('GET', '/world')
    const group = groups.find((row: { assignments: readonly object[] }) => row.assignments.length > 0)
    expect((await scene.scim('DELETE', `Groups/${group.id}`)).status).toBe(204)
    const late = await scene.patch(`Groups/${group.id}`, { op: 'replace', path: 'displayName', value: 'x' })
    expect([late.status, late.body.status]).toEqual([404, '404'])
    expect((await scene.control('GET', '/world')).assignments).toHaveLength(assignments.length)
    const { identityStoreId: IdentityStoreId } = scene.sandbox
    const gone = scene.identityStore.send(new ListGroupMembershipsCommand({ IdentityStoreId, GroupId: group.id }))
    await expect(gone).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it.each([
    [{ op: 'replace', path: 'description', value: 'x' }],
    [{ op: 'remove', path: 'displayName' }],
    [{ op: 'replace', path: 'displayName', value: '' }],
    [{ op: 'replace', path: 'displayName.x', value: 'x' }],
    [{ op: 'add', path: 'members', value: ['an id'] }],
    [{ op: 'add', path: 'members[value eq "x"]', value: 'x' }],
    [{ op: 'remove', path: 'members[display eq "x"]' }],
    [{ op: 'replace', path: '', value: 'x' }],
  ])('is not patched by %j', async (operation) => {
    await using scene = await startScimScene()
    const id = await scene.makeGroup('team')
    expect((await scene.patch(`Groups/${id}`, operation)).status).toBe(400)
  })
})
