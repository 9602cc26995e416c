import { parsePredicate, RULE_SCOPE } from '@gatehouse/domain'
import { aList, aRequest, aRole, aUser, on, PROD, READ_ONLY } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { addMember } from '../access-lists/add-member.ts'
import { listAccessLists } from '../access-lists/list-access-lists.ts'
import { removeMembers } from '../access-lists/remove-members.ts'
import { reviewAccessList } from '../access-lists/review-access-list.ts'
import { listAccessRequests } from '../access-requests/list-access-requests.ts'
import { promoteAccessRequest } from '../access-requests/promote-access-request.ts'
import { applyDocuments } from '../documents/apply-documents.ts'
import { getDocument, listDocuments } from '../documents/read-documents.ts'
import { removeDocument } from '../documents/remove-document.ts'
import { explainChange } from '../explain/explain-access.ts'
import { startGovernance } from '../testing/governance-scene.ts'
import { listUsers } from '../users/list-users.ts'
import { renameUser } from '../users/rename-user.ts'
import { problemOf } from '../testing/problem-of.ts'

const WEB = parsePredicate('resource.metadata.labels["team"] == "web"', RULE_SCOPE)
const helpDesk = aRole('help-desk', {
  allow: {
    rules: [
      { resources: ['user'], verbs: ['list', 'read', 'update'], where: WEB },
      { resources: ['access_list'], verbs: ['list', 'read'] },
    ],
  },
})
const noLists = aRole('no-lists', { deny: { rules: [{ resources: ['access_list'], verbs: ['read'] }] } })

const start = () =>
  startGovernance({
    roles: [helpDesk, noLists],
    users: [
      aUser('hal', { roles: ['help-desk'] }),
      aUser('ana', { labels: { team: 'web' } }),
      aUser('dora', { labels: { team: 'data' } }),
      aUser('olga', { roles: ['no-lists'] }),
    ],
    lists: [aList('platform', { members: ['ana', 'olga'], owners: ['olga'] })],
  })
const user = (name: string, team: string): string =>
  `kind: user\nversion: v2\nmetadata: {name: ${name}@acme.example, labels: {team: ${team}}}\nspec: {roles: []}\n`

describe('somebody with rules of his own', () => {
  it('sees the records that they mean, and changes no other', async () => {
    const scene = await start()
    const hal = scene.as('hal')
    const seen = await listUsers(scene, { actor: hal }, scene.signal)
    expect(seen.map((listed) => listed.user.name)).toEqual(['ana@acme.example'])
    const rename = (name: string) =>
      renameUser(scene, { actor: hal, name: `${name}@acme.example`, newName: `${name}2@acme.example` }, scene.signal)
    expect(await problemOf(rename('dora'))).toMatchObject({ message: expect.stringContaining('"update" on "user"') })
    expect(await problemOf(rename('ana'))).toBeUndefined()
  })
  it('changes neither what he may not have, nor into what he may not have', async () => {
    const scene = await start()
    const apply = (source: string) =>
      problemOf(applyDocuments(scene, { actor: scene.as('hal'), source, mode: 'replace' }, scene.signal))
    expect(await apply(user('ana', 'web'))).toBeUndefined()
    expect(await apply(user('ana', 'data'))).toMatchObject({ message: expect.stringContaining('"update" on "user"') })
    expect(await apply(user('dora', 'web'))).toMatchObject({ message: expect.stringContaining('"update" on "user"') })
    expect(await apply(user('new', 'web'))).toMatchObject({ message: expect.stringContaining('"create" on "user"') })
    expect(await apply('kind: role\nversion: v8\nmetadata: {name: editor}\nspec: {}')).toMatchObject({
      message: expect.stringContaining('"create" on "role"'), // whoever may not read roles does not learn which exist
    })
  })
  it('D4-35 does not change the role behind what he is asked to review', async () => {
    const lead = aRole('lead', { allow: { reviewRequests: ['dba'] } })
    const scene = await startGovernance({
      roles: [lead, aRole('dba')],
      users: [aUser('lea', { roles: ['lead'] })],
      requests: [aRequest('r', 'ana', { roles: ['dba'] })],
    })
    const lea = scene.as('lea')
    const source =
      'kind: role\nversion: v8\nmetadata: {name: dba}\nspec: {allow: {account_assignments: [{account: "*", permission_set: "*"}]}}'
    for (const mode of ['create', 'replace'] as const)
      expect(await problemOf(applyDocuments(scene, { actor: lea, source, mode }, scene.signal))).toMatchObject({
        code: 'refused',
        message: expect.stringContaining('on "role"'),
      })
    expect(
      await problemOf(removeDocument(scene, { actor: lea, kind: 'role', name: 'dba' }, scene.signal)),
    ).toMatchObject({ message: expect.stringContaining('"delete" on "role"') })
  })
  it('D4-21 sets no field that only the server may set', async () => {
    const scene = await start()
    const before = (await scene.records.read(scene.signal)).users.find(({ name }) => name === 'ana@acme.example')
    const source = `kind: user
version: v2
metadata: {name: ana@acme.example, labels: {team: web}, revision: "99", id: "7"}
spec: {roles: [], created_by: {user: {name: eva}}, status: {is_locked: true}}
status: {id: chosen, created: "2001-01-01T00:00:00Z"}
`
    expect(
      await problemOf(applyDocuments(scene, { actor: scene.as('hal'), source, mode: 'replace' }, scene.signal)),
    ).toBeUndefined()
    const after = (await scene.records.read(scene.signal)).users.find(({ name }) => name === 'ana@acme.example')
    expect(after).toEqual(before)
    const member =
      'kind: access_list_member\nversion: v1\nmetadata: {name: dora@acme.example}\nspec: {access_list: platform, name: dora@acme.example, joined: "2001-01-01T00:00:00Z", added_by: eva}'
    await applyDocuments(scene, { actor: { kind: 'system' }, source: member, mode: 'create' }, scene.signal)
    const { lists } = await scene.records.read(scene.signal)
    expect(lists[0]?.members.at(-1)).toMatchObject({ joined: scene.clock.now(), addedBy: 'system' })
  })
  it('removes nothing without that verb', async () => {
    const scene = await start()
    const remove = (kind: 'user' | 'access_list', name: string) =>
      problemOf(removeDocument(scene, { actor: scene.as('hal'), kind, name }, scene.signal))
    expect(await remove('user', 'ana@acme.example')).toMatchObject({
      message: expect.stringContaining('"delete" on "user"'),
    })
    expect(await remove('access_list', 'platform')).toMatchObject({
      message: expect.stringContaining('"delete" on "access_list"'),
    })
  })
  it('reads a list and who is in it, and does not change who is', async () => {
    const scene = await start()
    const [list] = await listAccessLists(scene, { actor: scene.as('hal') }, scene.signal)
    expect(list?.access).toMatchObject({ maySeeMembers: true, mayManageMembers: false, mayEdit: false })
    const source =
      'kind: access_list_member\nversion: v1\nmetadata: {name: dora@acme.example}\nspec: {access_list: platform, name: dora@acme.example}'
    const act = applyDocuments(scene, { actor: scene.as('hal'), source, mode: 'replace' }, scene.signal)
    expect(await problemOf(act)).toMatchObject({ message: expect.stringContaining('"update" on "access_list"') })
  })
  it('is not shown what an explicit deny takes, not even as an owner', async () => {
    const scene = await start()
    expect(await listAccessLists(scene, { actor: scene.as('olga') }, scene.signal)).toEqual([])
    const source =
      'kind: access_list_member\nversion: v1\nmetadata: {name: dora@acme.example}\nspec: {access_list: platform, name: dora@acme.example}'
    const act = applyDocuments(scene, { actor: scene.as('olga'), source, mode: 'replace' }, scene.signal)
    expect(await problemOf(act)).toMatchObject({ code: 'not-found' })
  })
  it('changes nobody in his own list while a rule denies changing it', async () => {
    const readOnly = aRole('read-only', { deny: { rules: [{ resources: ['access_list'], verbs: ['update'] }] } })
    const reviewing = aRole('reviewing', { allow: { reviewRequests: ['dba'] } })
    const scene = await startGovernance({
      roles: [readOnly, reviewing, aRole('dba')],
      users: [aUser('olga', { roles: ['read-only', 'reviewing'] }), aUser('ana'), aUser('dora')],
      lists: [aList('admins', { owners: ['olga'], members: ['ana'], grants: ['dba'] })],
      requests: [aRequest('r', 'dora', { roles: ['dba'] })],
    })
    const { signal } = scene
    const actor = scene.as('olga')
    const [listed] = await listAccessLists(scene, { actor }, signal)
    expect(listed).toMatchObject({ mayReview: false, access: { isOwner: true, mayManageMembers: false } })
    const dora = { kind: 'user', name: 'dora@acme.example' } as const
    const source =
      'kind: access_list_member\nversion: v1\nmetadata: {name: dora@acme.example}\nspec: {access_list: admins, name: dora@acme.example}'
    const refusals = [
      addMember(scene, { actor, list: 'admins', member: dora, reason: '' }, signal),
      removeMembers(scene, { actor, list: 'admins', members: ['ana@acme.example'] }, signal),
      applyDocuments(scene, { actor, source, mode: 'replace' }, signal),
      promoteAccessRequest(scene, { actor, request: 'r', list: 'admins', reason: '' }, signal),
      reviewAccessList(scene, { actor, list: 'admins', notes: '', removeMembers: ['ana@acme.example'] }, signal),
    ]
    for (const act of refusals) expect(await problemOf(act)).toMatchObject({ code: 'refused' })
  })
  it('is shown a record alone where he may read it, and among others where he may list it too', async () => {
    const kinds = ['role', 'access_list', 'access_request']
    const reader = aRole('reader', { allow: { rules: [{ resources: kinds, verbs: ['read'] }] } })
    const scene = await startGovernance({
      roles: [reader],
      users: [aUser('rita', { roles: ['reader'] })],
      lists: [aList('platform')],
      requests: [aRequest('r', 'ana', { roles: ['dba'] })],
    })
    const actor = scene.as('rita')
    const show = { role: 'editor', access_list: 'platform', access_request: 'r' } as const
    for (const kind of ['role', 'access_list', 'access_request'] as const) {
      const query = { actor, kind, clusterName: 'acme' }
      expect(await listDocuments(scene, query, scene.signal)).toEqual([])
      expect(await getDocument(scene, { ...query, name: show[kind] }, scene.signal)).toMatchObject({ kind })
    }
    expect(await listAccessLists(scene, { actor }, scene.signal)).toEqual([])
    expect(await listAccessRequests(scene, { actor }, scene.signal)).toEqual([])
  })
  it('is not shown what he writes and may not read', async () => {
    const scribe = aRole('scribe', { allow: { rules: [{ resources: ['*'], verbs: ['create', 'update', 'delete'] }] } })
    const webReader = aRole('web-reader', { allow: { rules: [{ resources: ['user'], verbs: ['read'], where: WEB }] } })
    const scene = await startGovernance({
      roles: [scribe, webReader],
      users: [
        aUser('sam', { roles: ['scribe', 'web-reader'] }),
        aUser('ana', { labels: { team: 'web' } }),
        aUser('dora', { labels: { team: 'data' }, roles: ['editor'] }),
      ],
      lists: [aList('platform', { members: ['dora'] })],
    })
    const dryRun = (source: string) =>
      applyDocuments(scene, { actor: scene.as('sam'), source, mode: 'replace', dryRun: true }, scene.signal)
    const shown = async (source: string) => {
      const [outcome] = (await dryRun(source)).outcomes
      return [outcome?.before !== undefined, outcome?.after !== undefined]
    }
    expect(await shown(user('ana', 'web').replace('[]', '[access]'))).toEqual([true, true])
    expect(await shown(user('dora', 'data'))).toEqual([false, false])
    expect(await shown(user('dora', 'web'))).toEqual([false, false])
    expect(await shown('kind: access_list\nmetadata: {name: platform}\nspec: {title: Platform}')).toEqual([
      false,
      false,
    ])
  })
  it('learns of nobody he may not read what a change would give or take', async () => {
    const maker = aRole('maker', { allow: { rules: [{ resources: ['access_list'], verbs: ['update'] }] } })
    const scene = await startGovernance({
      roles: [maker],
      users: [aUser('mia', { roles: ['maker'] }), aUser('dora')],
      lists: [aList('platform', { members: ['dora', 'mia'], grants: [on(READ_ONLY, PROD)] })],
    })
    const source = 'kind: access_list\nmetadata: {name: platform}\nspec: {title: Platform}'
    const { result } = await explainChange(scene, { actor: scene.as('mia'), source }, scene.signal)
    expect(result).toMatchObject({ gained: [], lost: [{ user: 'mia@acme.example' }], lostTotal: 2 })
  })
  it('promotes nobody into a list that a rule keeps from him, not even as its owner', async () => {
    const reviewer = aRole('reviewing', { allow: { reviewRequests: ['dba'] } })
    const scene = await startGovernance({
      roles: [noLists, reviewer, aRole('dba'), aRole('asking', { allow: { request: { roles: ['dba'] } } })],
      users: [
        aUser('olga', { roles: ['reviewing', 'no-lists'] }),
        aUser('oda', { roles: ['reviewing'] }),
        aUser('ana', { roles: ['asking'] }),
      ],
      lists: [aList('admins', { owners: ['olga', 'oda'], grants: ['dba'] })],
      requests: [aRequest('r', 'ana', { roles: ['dba'] })],
    })
    const promote = (by: string) =>
      promoteAccessRequest(scene, { actor: scene.as(by), request: 'r', list: 'admins', reason: '' }, scene.signal)
    expect(await problemOf(promote('olga'))).toMatchObject({ code: 'refused' })
    expect(await problemOf(promote('oda'))).toBeUndefined()
  })
})
