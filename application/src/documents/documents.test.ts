import { formatInstant } from '@gatehouse/domain'
import {
  aList,
  anAccount,
  aMemberList,
  aRole,
  aUser,
  on,
  PROD,
  READ_ONLY,
  SANDBOX,
  ADMIN,
} from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { type GovernanceScene, startGovernance } from '../testing/index.ts'
import { applyDocuments, type ApplyDocumentsCommand } from './apply-documents.ts'
import { getDocument, listDocuments } from './read-documents.ts'
import { readView } from '../governance/read-view.ts'
import { removeDocument } from './remove-document.ts'
import { problemOf } from '../testing/problem-of.ts'

const eva = aUser('eva', { roles: ['editor'] })
const apply = (
  scene: GovernanceScene,
  source: string,
  { as = 'eva', ...rest }: Partial<ApplyDocumentsCommand> & { as?: string } = {},
) => applyDocuments(scene, { actor: scene.as(as), source, mode: 'replace', ...rest }, scene.signal)
const get = (scene: GovernanceScene, name: string, as = 'eva') => {
  const [kind, ...rest] = name.split('/')
  const query = { actor: scene.as(as), kind: kind as 'role', name: rest.join('/'), clusterName: 'acme' }
  return getDocument(scene, query, scene.signal)
}

describe('documents', () => {
  it('may name one another in any order, and are saved together with their events', async () => {
    const scene = await startGovernance({ users: [eva] })
    const { outcomes } = await apply(
      scene,
      `
kind: access_list_member
metadata: {name: bruno@acme.example}
spec: {access_list: payments, reason: on call}
---
kind: access_list
metadata: {name: payments}
spec: {title: Payments, owners: [{name: bruno@acme.example}], grants: {roles: [payer]}}
---
kind: user
metadata: {name: bruno@acme.example}
spec: {roles: [payer, '${on(READ_ONLY, PROD)}']}
---
kind: role
metadata: {name: payer}
spec: {allow: {request: {search_as_roles: [aws-ic-access]}}}
`,
    )
    expect(outcomes.map(({ kind, action }) => `${kind} ${action}`)).toEqual([
      'role created',
      'user created',
      'access_list created',
      'access_list_member created',
    ])
    const records = await scene.store.readRecords(scene.signal)
    const [list] = records.lists
    expect(list).toMatchObject({ revision: 1, members: [{ kind: 'user', addedBy: eva.name, reason: 'on call' }] })
    expect(records.users[1]?.roles[1]).toEqual({
      name: on(READ_ONLY, PROD),
      pinned: { account: PROD.id, permissionSet: READ_ONLY.arn },
    })
    expect(scene.store.events.map(({ event }) => event)).toEqual([
      'role.created',
      'user.create',
      'access_list.create',
      'access_list.member.create',
    ])
    expect(scene.store.events[3]).toMatchObject({
      code: 'TAL005I',
      user: eva.name,
      subjects: ['list:payments', `user:${records.users[1]?.id}`],
      fields: { access_list_title: 'Payments', members: [{ member_name: 'bruno@acme.example' }] },
    })
  })
  it('are saved all or none', async () => {
    const scene = await startGovernance({ users: [eva] })
    const before = await scene.store.recordsVersion(scene.signal)
    const problem = await problemOf(
      apply(
        scene,
        'kind: role\nmetadata: {name: a}\nspec: {}\n---\nkind: user\nmetadata: {name: u}\nspec: {roles: [payre]}',
      ),
    )
    expect(problem).toMatchObject({ code: 'not-found', name: 'payre', field: expect.stringContaining('line 5') })
    expect(await scene.store.recordsVersion(scene.signal)).toBe(before)
  })
  it('of a list say which role it asks for, and whom of those it goes to, is not known', async () => {
    const scene = await startGovernance({ users: [eva] })
    const list = (rest: string) =>
      problemOf(apply(scene, `kind: access_list\nmetadata: {name: x}\nspec: {title: x, ${rest}}`))
    expect(await list('membership_requires: {roles: [nope]}')).toMatchObject({
      field: 'line 1 (access_list), spec.membership_requires.roles',
    })
    expect(await list('ownership_requires: {roles: [nope]}')).toMatchObject({
      field: 'line 1 (access_list), spec.ownership_requires.roles',
    })
    expect(
      await list('audit: {escalate_after: 7d, escalate_to: [{name: eva@acme.example}, {name: nobody@acme.example}]}'),
    ).toMatchObject({ field: 'line 1 (access_list), spec.audit.escalate_to[1]' })
  })
  it('applied again change nothing, and read back as they were written', async () => {
    const scene = await startGovernance({ users: [eva] })
    const source = 'kind: role\nversion: v8\nmetadata: {name: a}\nspec: {allow: {app_labels: {env: [dev]}}}'
    await apply(scene, source)
    const version = await scene.store.recordsVersion(scene.signal)
    expect((await apply(scene, source)).outcomes).toMatchObject([{ kind: 'role', name: 'a', action: 'unchanged' }])
    const document = await get(scene, 'role/a')
    expect((await apply(scene, JSON.stringify(document))).outcomes[0]?.action).toBe('unchanged')
    expect(await scene.store.recordsVersion(scene.signal)).toBe(version)
  })
  it('warn of what AWS does not have, and of what means nothing here', async () => {
    const scene = await startGovernance({ users: [eva] })
    const { warnings } = await apply(
      scene,
      `kind: role
metadata: {name: a}
spec:
  allow:
    logins: [root]
    account_assignments: [{account: "<account_id>", permission_set: "*"}, {account: "*", permission_set: ${READ_ONLY.arn}}]`,
    )
    expect(warnings.map(({ message }) => message)).toEqual([
      'not used here',
      'AWS has no account "<account_id>" now; it may come. What is matched is the twelve digits, not the name',
      expect.stringContaining('management account'),
    ])
  })
  it('warn of a name in place of an id or an ARN, which matches nothing, and say what to write', async () => {
    const scene = await startGovernance({ users: [eva] })
    const { warnings } = await apply(
      scene,
      `kind: role
metadata: {name: a}
spec:
  allow:
    account_assignments: [{account: "${SANDBOX.id}", permission_set: readonlyaccess}, {account: prod, permission_set: ps-5678}]
  deny:
    account_assignments: [{account: "*", permission_set: ${ADMIN.arn}}, {account: "*", permission_set: ReadOnlyAccess}]`,
    )
    expect(warnings).toEqual([
      {
        field: 'spec.allow.account_assignments[0].permission_set',
        message: `permission set "readonlyaccess" is a name, which matches nothing; write its ARN ${READ_ONLY.arn}`,
      },
      {
        field: 'spec.allow.account_assignments[1].account',
        message: `account "prod" is a name, which matches nothing; write its id ${PROD.id}`,
      },
      {
        field: 'spec.allow.account_assignments[1].permission_set',
        message: 'AWS has no permission set "ps-5678" now; it may come. What is matched is the ARN, not the name',
      },
      {
        field: 'spec.deny.account_assignments[1].permission_set',
        message: `permission set "ReadOnlyAccess" is a name, which matches nothing; write its ARN ${READ_ONLY.arn}`,
      },
    ])
  })
  it('refuse a name that exists unless they replace, and dry runs save nothing', async () => {
    const scene = await startGovernance({ users: [eva], roles: [aRole('a')] })
    const source = 'kind: role\nmetadata: {name: a}\nspec: {allow: {request: {roles: [b]}}}'
    expect((await problemOf(apply(scene, source, { mode: 'create' })))?.code).toBe('already-exists')
    expect((await apply(scene, source, { dryRun: true })).outcomes[0]?.action).toBe('updated')
    expect(scene.store.events).toEqual([])
    expect((await problemOf(apply(scene, 'kind: role\nmetadata: {name: A}\nspec: {}')))?.code).toBe('already-exists')
    expect((await problemOf(apply(scene, 'kind: role\nmetadata: {name: Editor}\nspec: {}')))?.code).toBe('refused')
  })
  it('D4-29 refuse a circle, D4-30 too deep a chain, and a reference to nothing', async () => {
    const scene = await startGovernance({
      users: [eva],
      lists: [aList('a', { members: [aMemberList('b')] }), aList('b')],
    })
    const member = (list: string, name: string): string =>
      `kind: access_list_member\nmetadata: {name: ${name}}\nspec: {access_list: ${list}, membership_kind: MEMBERSHIP_KIND_LIST}`
    expect(await problemOf(apply(scene, member('b', 'a')))).toMatchObject({ code: 'cycle', path: ['b', 'a', 'b'] })
    expect(await problemOf(apply(scene, member('b', 'aa')))).toMatchObject({ code: 'not-found', suggestion: 'a' })
  })
  it('D4-32 let an owner manage members, and never the grants', async () => {
    const scene = await startGovernance({
      users: [eva, aUser('olga'), aUser('bruno')],
      lists: [aList('a', { owners: ['olga'] }), aList('b', { members: ['olga'] }), aList('c')],
    })
    const member = (list: string): string =>
      `kind: access_list_member\nmetadata: {name: bruno@acme.example}\nspec: {access_list: ${list}}`
    expect(await problemOf(apply(scene, member('a'), { as: 'olga' }))).toBeUndefined()
    expect((await problemOf(apply(scene, member('b'), { as: 'olga' })))?.code).toBe('refused')
    expect((await problemOf(apply(scene, member('c'), { as: 'olga' })))?.code).toBe('not-found')
    const widen = 'kind: access_list\nmetadata: {name: a}\nspec: {title: a, grants: {roles: [editor]}}'
    expect((await problemOf(apply(scene, widen, { as: 'olga' })))?.code).toBe('refused')
  })
  it('keep what a system role meant when they are saved again', async () => {
    const other = { account: PROD.id, permissionSet: ADMIN.arn }
    const scene = await startGovernance({
      users: [eva, aUser('ana', { roles: [{ name: on(READ_ONLY, PROD), pinned: other }] })],
    })
    await apply(
      scene,
      `kind: user\nmetadata: {name: ana@acme.example}\nspec: {roles: ['${on(READ_ONLY, PROD)}'], traits: {team: x}}`,
    )
    const records = await scene.store.readRecords(scene.signal)
    expect(records.users.find(({ name }) => name === 'ana@acme.example')?.roles).toEqual([
      { name: on(READ_ONLY, PROD), pinned: other },
    ])
  })
})

describe('removals past the budget', () => {
  const people = Array.from({ length: 10 }, (_, index) => `user-${index}`)
  const lists = Array.from({ length: 20 }, (_, index) =>
    aList(`list-${index}`, { members: people, grants: [on(READ_ONLY, SANDBOX)] }),
  )
  const start = () => startGovernance({ users: [eva, ...people.map((name) => aUser(name))], lists })

  it('by one command that drops half of the members of twenty lists ask for the number', async () => {
    const scene = await start()
    const members = people
      .slice(5)
      .map((name) => `{name: ${name}@acme.example}`)
      .join(', ')
    const all = lists
      .map(
        ({ id }) =>
          `kind: access_list\nmetadata: {name: ${id}}\nspec: {title: ${id}, members: [${members}], grants: {roles: ['${on(READ_ONLY, SANDBOX)}']}}`,
      )
      .join('\n---\n')
    expect(await problemOf(apply(scene, all))).toEqual({
      code: 'too-many-removals',
      planned: 100,
      limit: 10,
      confirm: 100,
    })
    expect((await problemOf(apply(scene, all, { confirmRemovals: 99 })))?.code).toBe('too-many-removals')
    expect((await apply(scene, all, { dryRun: true })).removals).toEqual({
      memberships: 100,
      assignments: 0,
      confirm: 100,
    })
    expect((await apply(scene, all, { confirmRemovals: 100 })).removals.memberships).toBe(100)
    const [list] = (await scene.store.readRecords(scene.signal)).lists
    expect(list?.members).toMatchObject([{ addedBy: 'system' }, {}, {}, {}, {}])
  })
  it('by deleting a user or emptying a role count alike; a lock goes through', async () => {
    const scene = await start()
    const remove = (kind: 'user' | 'access_list', name: string, confirm?: number) =>
      removeDocument(
        scene,
        { actor: scene.as('eva'), kind, name, ...(confirm === undefined ? {} : { confirmRemovals: confirm }) },
        scene.signal,
      )
    expect(await problemOf(remove('user', 'user-0@acme.example'))).toMatchObject({
      code: 'too-many-removals',
      planned: 20,
    })
    expect(await problemOf(remove('user', 'user-0@acme.example', 20))).toBeUndefined()
    const lock = `kind: lock\nmetadata: {name: emergency}\nspec: {target: {role: '${on(READ_ONLY, SANDBOX)}'}}`
    expect(await problemOf(apply(scene, lock))).toBeUndefined()
  })
})

describe('removing', () => {
  const remove = (scene: GovernanceScene, kind: 'user' | 'role' | 'access_list', name: string) =>
    removeDocument(scene, { actor: scene.as('eva'), kind, name }, scene.signal)

  it('a user takes him out of every list and ends his requests, each with its event', async () => {
    const scene = await startGovernance({
      users: [eva, aUser('ana', { roles: ['requester'] })],
      lists: [aList('a', { members: ['ana'], owners: ['ana'] })],
    })
    await remove(scene, 'user', 'ANA@acme.example')
    const records = await scene.store.readRecords(scene.signal)
    expect(records.lists[0]).toMatchObject({ members: [], owners: [] })
    expect(scene.store.events.map(({ event }) => event)).toEqual([
      'access_list.update',
      'access_list.member.delete',
      'user.delete',
    ])
  })
  it('a list that is in another one, or a role that somebody has, is refused', async () => {
    const scene = await startGovernance({
      users: [eva, aUser('ana', { roles: ['payer'] })],
      roles: [aRole('payer')],
      lists: [aList('a', { members: [aMemberList('b')] }), aList('b')],
    })
    expect(await problemOf(remove(scene, 'access_list', 'b'))).toMatchObject({
      code: 'in-use',
      by: ['access list "a"'],
    })
    expect(await problemOf(remove(scene, 'role', 'payer'))).toMatchObject({
      code: 'in-use',
      by: ['user ana@acme.example'],
    })
    expect((await problemOf(remove(scene, 'role', on(READ_ONLY, PROD))))?.code).toBe('system-role')
    expect((await problemOf(remove(scene, 'role', 'editor')))?.code).toBe('refused')
    expect(await problemOf(remove(scene, 'role', 'payr'))).toMatchObject({ code: 'not-found', suggestion: 'payer' })
  })
})

it('D4-36 shows nobody a record that is not his to see', async () => {
  const scene = await startGovernance({
    users: [eva, aUser('ana')],
    lists: [aList('a', { members: ['ana'] }), aList('b')],
  })
  const list = (kind: 'user' | 'role' | 'access_list' | 'access_list_member') =>
    listDocuments(scene, { actor: scene.as('ana'), kind, clusterName: 'acme' }, scene.signal)
  expect((await list('user')).map(({ metadata }) => metadata.name)).toEqual(['ana@acme.example'])
  expect((await list('access_list')).map(({ metadata }) => metadata.name)).toEqual(['a'])
  expect(await list('access_list_member')).toEqual([])
  expect(await list('role')).toEqual([])
  expect((await problemOf(get(scene, 'access_list/b', 'ana')))?.code).toBe('not-found')
  expect((await problemOf(get(scene, `role/${on(READ_ONLY, PROD)}`, 'ana')))?.code).toBe('not-found')
  expect((await get(scene, `role/${on(READ_ONLY, PROD)}`)).sub_kind).toBe('aws_identity_center')
})

it('a lock says who made it and when, also after somebody else has changed its end and its message', async () => {
  const scene = await startGovernance({ users: [eva, aUser('ana')] })
  const lock = (rest: string) => `kind: lock\nmetadata: {name: l}\nspec: {target: {user: ana@acme.example}${rest}}`
  await apply(scene, lock(''))
  const made = { created_by: eva.name, created_at: formatInstant((await readView(scene, scene.signal)).now) }
  const before = await get(scene, 'lock/l')
  expect(before.spec).toMatchObject(made)
  const spec = { ...before.spec, message: 'lost laptop', expires: '2099-01-01T00:00:00Z' }
  const source = JSON.stringify({ ...before, spec })
  await applyDocuments(scene, { actor: scene.as('eva'), source, mode: 'update' }, scene.signal)
  expect((await get(scene, 'lock/l')).spec).toMatchObject({ ...made, message: 'lost laptop' })
})

it('a lock on a system role holds under its new name when the account is renamed', async () => {
  const scene = await startGovernance({ users: [eva] })
  await apply(scene, `kind: lock\nmetadata: {name: l}\nspec: {target: {role: '${on(READ_ONLY, PROD)}'}}`)
  const renamed = anAccount('production', PROD.id)
  const [organization] = (await scene.store.readRecords(scene.signal)).organizations
  if (!organization) throw new Error('no organization')
  await scene.store.commit(
    { organization: organization.id, mirror: [{ put: 'account', account: renamed }] },
    scene.signal,
  )
  const { view, now } = await readView(scene, scene.signal)
  expect(view.isLocked({ kind: 'role', role: on(READ_ONLY, renamed) }, now)).toBe(true)
})
