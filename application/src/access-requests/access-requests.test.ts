import { hours, milliseconds, days, awsPrincipalKey, grantKey, type RequestWish } from '@gatehouse/domain'
import {
  aLock,
  aList,
  anOrganization,
  aRole,
  aUser,
  aUserLink,
  awsGroupId,
  PROD,
  READ_ONLY,
  SANDBOX,
  userId,
} from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { addMember } from '../access-lists/add-member.ts'
import { listAccessLists } from '../access-lists/list-access-lists.ts'
import { removeMembers } from '../access-lists/remove-members.ts'
import { listResources } from '../resources/list-resources.ts'
import { type GovernanceScene, startGovernance } from '../testing/index.ts'
import { addUser } from '../users/add-user.ts'
import { listUsers } from '../users/list-users.ts'
import { renameUser } from '../users/rename-user.ts'
import { expireRequests } from './expire-requests.ts'
import { fileAccessRequest } from './file-access-request.ts'
import { getAccessRequest, listAccessRequests } from './list-access-requests.ts'
import { promoteAccessRequest } from './promote-access-request.ts'
import { readCapabilities } from './read-capabilities.ts'
import { removeRequest } from './remove-request.ts'
import { reviewAccessRequest } from './review-access-request.ts'
import { problemOf } from '../testing/problem-of.ts'

const ana = aUser('ana', { roles: ['requester', 'access'] })
const bruno = aUser('bruno', { roles: ['reviewer'] })
const carla = aUser('carla')
const eva = aUser('eva', { roles: ['editor'] })
const users = [ana, bruno, carla, eva]
const RESOURCE = `/acme/aws_ic_account_assignment/${PROD.id}--readonlyaccess`

const file = (scene: GovernanceScene, as = 'ana', dryRun = false) =>
  fileAccessRequest(
    scene,
    {
      actor: scene.as(as),
      dryRun,
      wish: { roles: [], resourceIds: [RESOURCE], reason: 'INC-7', suggestedReviewers: [] },
    },
    scene.signal,
  )
/** Of what the reviewer is shown now. */
const review = async (
  scene: GovernanceScene,
  request: string,
  as = 'bruno',
  verdict: 'approve' | 'deny' = 'approve',
) => {
  const actor = scene.as(as)
  const { shown } = await getAccessRequest(scene, { actor, request }, scene.signal)
  const seen = shown && 'hash' in shown ? { shown: shown.hash } : {}
  return reviewAccessRequest(scene, { actor, request, verdict, reason: 'ok', ...seen }, scene.signal)
}

describe('a request', () => {
  it('goes from filing to approval, with an event that names who and what', async () => {
    const scene = await startGovernance({ users })
    const { request, grants, warnings } = await file(scene)
    expect([grants, warnings]).toEqual([[grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn })], []])
    expect(await review(scene, request.id)).toMatchObject({ state: 'approved', revision: 2 })
    expect(scene.store.events).toMatchObject([
      {
        code: 'T5000I',
        user: ana.name,
        fields: { user: ana.name, state: 'PENDING', resource_ids: [{ name: `${PROD.id}--readonlyaccess` }] },
      },
      {
        code: 'T5002I',
        user: bruno.name,
        subjects: [`request:${request.id}`],
        fields: { state: 'APPROVED', reviewer: bruno.name },
      },
      { code: 'T5001I', user: bruno.name, fields: { state: 'APPROVED', updated_by: bruno.name, delegator: '' } },
    ])
  })
  it('tried dry is not stored, and says when AWS could not be signed in to', async () => {
    const scene = await startGovernance({ users: [aUser('ana', { roles: ['requester'] })] })
    expect((await file(scene, 'ana', true)).warnings).toEqual([expect.stringContaining('app_labels')])
    expect(scene.store.events).toEqual([])
  })
  it('says which of several things it leaves out, because they are there already', async () => {
    const reader = aRole('reader', {
      allow: { assignments: [[SANDBOX.id, READ_ONLY.arn]], request: { roles: ['reader', 'other'] } },
    })
    const scene = await startGovernance({
      users: [aUser('ana', { roles: ['requester', 'access', 'reader'] })],
      roles: [reader, aRole('other')],
    })
    const ask = (wish: Partial<RequestWish>) =>
      fileAccessRequest(
        scene,
        {
          actor: scene.as('ana'),
          wish: { roles: [], resourceIds: [], reason: 'INC-7', suggestedReviewers: [], ...wish },
        },
        scene.signal,
      )
    const accounts = await ask({ resourceIds: [RESOURCE, RESOURCE.replace(PROD.id, SANDBOX.id)] })
    expect(accounts.request.resources.map(({ account }) => account)).toEqual([PROD.id])
    expect(accounts.warnings).toEqual([
      `You have ReadOnlyAccess on sandbox (${SANDBOX.id}) already, without an end: the request leaves it out.`,
    ])
    const roles = await ask({ roles: ['reader', 'other'] })
    expect(roles.request.roles.map(({ name }) => name)).toEqual(['other'])
    expect(roles.warnings).toEqual(['You have role "reader" already, without an end: the request leaves it out.'])
    expect((await ask({ roles: ['*'] })).warnings).toEqual([])
  })
  it('D4-36 is not found by those who may neither review it nor filed it', async () => {
    const scene = await startGovernance({ users })
    const { request } = await file(scene)
    const get = (as: string) => getAccessRequest(scene, { actor: scene.as(as), request: request.id }, scene.signal)
    expect(await problemOf(get('carla'))).toMatchObject({ code: 'not-found' })
    expect(await problemOf(review(scene, request.id, 'carla'))).toMatchObject({ code: 'not-found' })
    expect(
      await problemOf(removeRequest(scene, { actor: scene.as('carla'), request: request.id }, scene.signal)),
    ).toMatchObject({ code: 'not-found' })
    expect(await get('bruno')).toMatchObject({ user: ana.name, mayReview: true, mayRemove: false })
    expect(await get('ana')).toMatchObject({ mayReview: false, mayRemove: true })
    const seen = (as: string, filter: 'all' | 'mine' | 'reviewable' | 'suggested') =>
      listAccessRequests(scene, { actor: scene.as(as), filter }, scene.signal).then((requests) => requests.length)
    expect(
      await Promise.all([
        seen('carla', 'all'),
        seen('ana', 'mine'),
        seen('bruno', 'reviewable'),
        seen('bruno', 'suggested'),
      ]),
    ).toEqual([0, 1, 1, 0])
  })
  it('D4-13 approved by two at the same millisecond is settled once, and the second is told so', async () => {
    const scene = await startGovernance({ users: [...users, aUser('dora', { roles: ['reviewer'] })] })
    const { request } = await file(scene)
    const answers = await Promise.allSettled([review(scene, request.id), review(scene, request.id, 'dora')])
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect((await scene.store.readRecords(scene.signal)).requests[0]?.reviews).toHaveLength(1)
  })
  it('D4-16 can not be reviewed or filed by somebody who is locked', async () => {
    const scene = await startGovernance({ users, locks: [aLock({ kind: 'user', user: ana.id })] })
    expect((await problemOf(file(scene)))?.code).toBe('refused')
  })
  it('is withdrawn by its owner while pending, later by an administrator only', async () => {
    const scene = await startGovernance({ users })
    const remove = (as: string, id: string) => removeRequest(scene, { actor: scene.as(as), request: id }, scene.signal)
    const first = await file(scene)
    expect(await problemOf(remove('bruno', first.request.id))).toMatchObject({ code: 'refused' })
    expect(await problemOf(remove('ana', first.request.id))).toBeUndefined()
    const second = await file(scene)
    await review(scene, second.request.id)
    expect(await problemOf(remove('ana', second.request.id))).toMatchObject({ code: 'refused' })
    expect(await problemOf(remove('eva', second.request.id))).toBeUndefined()
  })
  it('expires undecided exactly after seven days', async () => {
    const scene = await startGovernance({ users })
    const { request } = await file(scene)
    const reviewable = async (): Promise<number> =>
      (await listAccessRequests(scene, { actor: scene.as('bruno'), filter: 'reviewable' }, scene.signal)).length
    expect(await reviewable()).toBe(1)
    scene.clock.advance(days(7))
    expect(await reviewable()).toBe(0)
    expect(await problemOf(review(scene, request.id))).toMatchObject({ code: 'conflict' })
    expect(await expireRequests(scene, scene.signal)).toBe(1)
    expect(await expireRequests(scene, scene.signal)).toBe(0)
    expect(scene.store.events.at(-1)).toMatchObject({ event: 'access_request.expire', code: 'T5005I' })
  })
  it('is forgotten ninety days after it was decided, which is recorded', async () => {
    const scene = await startGovernance({ users })
    const { request } = await file(scene)
    await review(scene, request.id, 'bruno', 'deny')
    scene.clock.advance(milliseconds(days(90) - 1))
    await expireRequests(scene, scene.signal)
    expect((await scene.store.readRecords(scene.signal)).requests).toHaveLength(1)
    scene.clock.advance(milliseconds(1))
    await expireRequests(scene, scene.signal)
    expect((await scene.store.readRecords(scene.signal)).requests).toEqual([])
    expect(scene.store.events.at(-1)).toMatchObject({
      code: 'T5003I',
      user: 'system',
      fields: { id: request.id, state: 'DENIED' },
    })
  })
  it('is promoted by an owner who may review it', async () => {
    const name = `ReadOnlyAccess-on-prod-${PROD.id}`
    const scene = await startGovernance({ users, lists: [aList('readers', { owners: ['bruno'], grants: [name] })] })
    const { request } = await file(scene)
    const promote = (as: string) =>
      promoteAccessRequest(
        scene,
        { actor: scene.as(as), request: request.id, list: 'readers', reason: 'on call' },
        scene.signal,
      )
    expect((await problemOf(promote('ana')))?.code).toBe('refused')
    expect(await promote('bruno')).toMatchObject({ state: 'promoted', into: 'readers' })
    const [list] = (await scene.store.readRecords(scene.signal)).lists
    expect(list?.members).toMatchObject([{ user: userId('ana'), addedBy: bruno.name }])
    expect(scene.store.events.map(({ event }) => event).slice(-3)).toEqual([
      'access_request.review',
      'access_request.update',
      'access_list.member.create',
    ])
  })
})

describe('what somebody may ask for', () => {
  const asker = aRole('asker', {
    allow: {
      request: {
        roles: ['dba'],
        searchAsRoles: ['aws-ic-access'],
        suggestedReviewers: ['bruno@acme.example'],
        reason: { mode: 'required', prompt: 'Ticket?' },
      },
    },
  })
  const start = () =>
    startGovernance({ users: [aUser('ana', { roles: ['asker'] }), bruno, eva], roles: [asker, aRole('dba')] })
  it('is told to himself, and to those who may read users', async () => {
    const scene = await start()
    const read = (as: string, user?: string) =>
      readCapabilities(scene, { actor: scene.as(as), ...(user === undefined ? {} : { user }) }, scene.signal)
    const told = {
      roles: ['dba'],
      searchAsRoles: ['aws-ic-access'],
      suggestedReviewers: ['bruno@acme.example'],
      needsReason: true,
      prompts: ['Ticket?'],
    }
    expect(await read('ana')).toEqual(told)
    expect(await read('eva', 'Ana@acme.example')).toEqual(told)
    expect(await problemOf(read('bruno', 'ana@acme.example'))).toMatchObject({ code: 'refused' })
    expect(await problemOf(read('eva', 'nobody@acme.example'))).toMatchObject({ code: 'not-found' })
  })
})

describe('lists', () => {
  const start = () =>
    startGovernance({ users, lists: [aList('a', { owners: ['carla'] }), aList('b', { members: ['bruno'] })] })

  it('are managed by owners and administrators, and by nobody else', async () => {
    const scene = await start()
    const add = (as: string, list: string) =>
      addMember(
        scene,
        { actor: scene.as(as), list, member: { kind: 'user', name: 'ANA@acme.example' }, reason: '' },
        scene.signal,
      )
    expect((await problemOf(add('ana', 'a')))?.code).toBe('not-found')
    expect((await problemOf(add('bruno', 'b')))?.code).toBe('refused')
    expect(await problemOf(add('carla', 'a'))).toBeUndefined()
    expect(await problemOf(add('eva', 'b'))).toBeUndefined()
    const remove = (as: string) =>
      removeMembers(scene, { actor: scene.as(as), list: 'a', members: ['ana@acme.example'] }, scene.signal)
    expect((await problemOf(remove('ana')))?.code).toBe('refused')
    expect(await problemOf(remove('carla'))).toBeUndefined()
    expect((await problemOf(remove('carla')))?.code).toBe('not-found')
  })
  it('show a mere member that they exist, and not who is in them', async () => {
    const scene = await start()
    const seen = (as: string) => listAccessLists(scene, { actor: scene.as(as) }, scene.signal)
    expect(await seen('bruno')).toMatchObject([{ list: { title: 'b', members: [] }, members: undefined }])
    expect(await seen('carla')).toMatchObject([{ list: { title: 'a' }, members: [], access: { mayEdit: false } }])
    expect(await seen('eva')).toHaveLength(2)
    expect(await seen('ana')).toEqual([])
  })
  it('do not let an owner bring in a list that he may not see', async () => {
    const scene = await start()
    const command = { actor: scene.as('carla'), list: 'a', member: { kind: 'list', name: 'b' }, reason: '' } as const
    expect((await problemOf(addMember(scene, command, scene.signal)))?.code).toBe('not-found')
  })
})

describe('users', () => {
  it('are added and renamed by administrators; names are unique ignoring case', async () => {
    const scene = await startGovernance({ users })
    const add = (as: string, name: string, roles = ['access']) =>
      addUser(scene, { actor: scene.as(as), name, roles }, scene.signal)
    expect((await problemOf(add('bruno', 'x@acme.example')))?.code).toBe('refused')
    expect((await problemOf(add('eva', 'Ana@acme.example')))?.code).toBe('already-exists')
    expect(await problemOf(add('eva', 'x@acme.example', ['acces']))).toMatchObject({
      code: 'not-found',
      suggestion: 'access',
    })
    expect((await add('eva', 'local')).warnings).toHaveLength(1)
    const renamed = await renameUser(
      scene,
      { actor: scene.as('eva'), name: 'local', newName: 'x@acme.example' },
      scene.signal,
    )
    expect(renamed.revision).toBe(2)
    const listed = await listUsers(scene, { actor: scene.as('eva') }, scene.signal)
    expect(listed.map(({ user }) => user.name)).toContain('x@acme.example')
  })
})

it('shows what AWS serves now, and what may be asked for', async () => {
  const grant = (account: typeof PROD) => grantKey({ account: account.id, permissionSet: READ_ONLY.arn })
  const link = aUserLink(ana)
  const group = awsGroupId('g')
  const scene = await startGovernance({
    users,
    organization: anOrganization(),
    userLinks: [link],
    mirror: [
      { put: 'assignment', principal: awsPrincipalKey({ type: 'USER', id: link.awsUser }), grant: grant(PROD) },
      { put: 'group', group: { id: group, displayName: 'g' } },
      { put: 'member', group, user: link.awsUser },
      { put: 'assignment', principal: awsPrincipalKey({ type: 'GROUP', id: group }), grant: grant(SANDBOX) },
    ],
  })
  scene.clock.advance(hours(1))
  const resources = await listResources(scene, { actor: scene.as('ana') }, scene.signal)
  expect(resources.warning).toBeUndefined()
  expect(resources.accounts.map(({ account }) => account.name)).toEqual(['prod', 'sandbox', 'staging'])
  const granted = resources.accounts.flatMap(({ account, permissionSets }) =>
    permissionSets.flatMap((row) => (row.granted ? [`${account.name} ${row.permissionSet.name}`] : [])),
  )
  expect(granted).toEqual(['prod ReadOnlyAccess', 'sandbox ReadOnlyAccess'])
  const nothing = await listResources(scene, { actor: scene.as('carla') }, scene.signal)
  expect(nothing.accounts).toEqual([])
})
