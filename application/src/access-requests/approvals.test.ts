import { DomainError, hours, isInForce, type RequestWish } from '@gatehouse/domain'
import { ADMIN, aUser, PROD, READ_ONLY, SANDBOX } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { applyDocuments } from '../documents/apply-documents.ts'
import { IdentityCenterError } from '../ports/identity-center.ts'
import { connectInMemory } from '../testing/in-memory-identity-center.ts'
import { type GovernanceScene, startGovernance } from '../testing/index.ts'
import { beginDueAccess, type BeginningEnd } from './begin-access.ts'
import { fileAccessRequest } from './file-access-request.ts'
import { getAccessRequest } from './list-access-requests.ts'
import { createPermissionSetReader } from './permission-set-reader.ts'
import { removeRequest } from './remove-request.ts'
import { returnRequestedAccess } from './return-access.ts'
import { reviewAccessRequest } from './review-access-request.ts'
import { readView } from '../governance/read-view.ts'
import { listTasks } from '../tasks/list-tasks.ts'
import { watchRunningAccess } from './watch-running-access.ts'
import { problemOf } from '../testing/problem-of.ts'

const ana = aUser('ana', { roles: ['requester', 'access'] })
const bruno = aUser('bruno', { roles: ['reviewer'] })
const carla = aUser('carla', { roles: ['reviewer'] })
const eva = aUser('eva', { roles: ['editor'] })
const users = [ana, bruno, carla, eva]
const resource = (account = PROD): string => `/acme/aws_ic_account_assignment/${account.id}--readonlyaccess`

const file = async (scene: GovernanceScene, wish: Partial<RequestWish> = {}, as = 'ana') => {
  const filled = { roles: [], resourceIds: [resource()], reason: 'INC-7', suggestedReviewers: [], ...wish }
  return (await fileAccessRequest(scene, { actor: scene.as(as), wish: filled }, scene.signal)).request
}
const shownTo = async (scene: GovernanceScene, request: string, as = 'bruno'): Promise<string | undefined> => {
  const { shown } = await getAccessRequest(scene, { actor: scene.as(as), request }, scene.signal)
  return shown && 'hash' in shown ? shown.hash : undefined
}
const approve = (scene: GovernanceScene, request: string, shown: string | undefined, as = 'bruno') =>
  reviewAccessRequest(
    scene,
    { actor: scene.as(as), request, verdict: 'approve', reason: 'ok', ...(shown === undefined ? {} : { shown }) },
    scene.signal,
  )
const apply = (scene: GovernanceScene, source: string, as = 'eva') =>
  applyDocuments(scene, { actor: scene.as(as), source, mode: 'replace' }, scene.signal)
const change = (scene: GovernanceScene, description: string): void =>
  void scene.aws.permissionSets.set(READ_ONLY.arn, { ...READ_ONLY, description })
const lastEvent = (scene: GovernanceScene) => scene.store.events.at(-1)

describe('an approval', () => {
  it('D4-22 is refused when the permission set is not what was shown, whatever the mirror still says', async () => {
    const scene = await startGovernance({ users })
    const { id } = await file(scene)
    const seen = await shownTo(scene, id)
    change(scene, 'may do more')
    expect(await problemOf(approve(scene, id, seen))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('not what you were shown'),
    })
  })
  it('is bound to the policies too where they may be read', async () => {
    const scene = await startGovernance({ users })
    const { id } = await file(scene)
    scene.aws.policies = new Map([[READ_ONLY.arn, { managedPolicies: ['ReadOnly'], customerManagedPolicies: [] }]])
    const seen = await shownTo(scene, id)
    scene.aws.policies.set(READ_ONLY.arn, { managedPolicies: ['AdministratorAccess'], customerManagedPolicies: [] })
    expect((await problemOf(approve(scene, id, seen)))?.code).toBe('conflict')
  })
  it('says in its event what it was for, and whose approvals it made void', async () => {
    const scene = await startGovernance({ users })
    await apply(scene, TWO_FOR_ALL)
    const { id } = await file(scene)
    await approve(scene, id, await shownTo(scene, id))
    change(scene, 'may do more')
    // Those who look at one request at the same time share a reading, so carla looks through another server.
    const other = { ...scene, permissionSets: fresh(scene) }
    const seen = await shownTo(other, id, 'carla')
    expect((await approve(other, id, seen, 'carla')).state).toBe('pending')
    expect(lastEvent(scene)).toMatchObject({ code: 'T5002I', fields: { shown: seen, void_reviews: [bruno.name] } })
    expect((await approve(other, id, await shownTo(other, id))).state).toBe('approved')
  })
  it('may be given again by whoever approved what is not there any more, and by nobody before', async () => {
    const scene = await startGovernance({ users })
    await apply(scene, TWO_FOR_ALL)
    const { id } = await file(scene)
    await approve(scene, id, await shownTo(scene, id))
    expect(await shownTo(scene, id)).toBeUndefined()
    change(scene, 'may do more')
    const other = { ...scene, permissionSets: fresh(scene) }
    const seen = await shownTo(other, id)
    expect(await getAccessRequest(other, { actor: other.as('bruno'), request: id }, other.signal)).toMatchObject({
      mayReview: true,
      promotions: [],
    })
    expect((await approve(other, id, seen)).reviews.map(({ isVoid }) => isVoid ?? false)).toEqual([true, false])
    expect((await approve(other, id, seen, 'carla')).state).toBe('approved')
  })
  it('is not possible while AWS can not be read; a denial is', async () => {
    const scene = await startGovernance({ users })
    const { id } = await file(scene)
    const seen = await shownTo(scene, id)
    const cut = { ...scene, permissionSets: unreadable }
    expect(await problemOf(approve(cut, id, seen))).toMatchObject({ code: 'upstream', service: 'AWS' })
    expect(await getAccessRequest(cut, { actor: cut.as('bruno'), request: id }, cut.signal)).toMatchObject({
      shown: { problem: { code: 'upstream' } },
    })
    const denial = { actor: cut.as('bruno'), request: id, verdict: 'deny', reason: 'no' } as const
    expect((await reviewAccessRequest(cut, denial, cut.signal)).state).toBe('denied')
  })
})

describe('access with a start time', () => {
  const begin = async (scene: GovernanceScene) => {
    const ends: BeginningEnd[] = []
    const watching = { takes: () => true, done: (_: string, end: BeginningEnd) => void ends.push(end) }
    await beginDueAccess(scene, watching, scene.signal)
    return {
      begun: ends.filter((end) => 'begun' in end && end.begun).length,
      failures: ends.flatMap((end) => ('error' in end ? [end.error] : [])),
    }
  }
  const plan = async (scene: GovernanceScene): Promise<string> => {
    const { id } = await file(scene, { assumeStartTime: (scene.clock.now() + hours(1)) as never }) // a later instant
    await approve(scene, id, await shownTo(scene, id))
    return id
  }
  const stateOf = async (scene: GovernanceScene) => (await scene.store.readRecords(scene.signal)).requests[0]
  it('begins when its time has come and the permission sets are the same', async () => {
    const scene = await startGovernance({ users })
    await plan(scene)
    expect(await begin(scene)).toEqual({ begun: 0, failures: [] })
    scene.clock.advance(hours(1))
    expect(await begin(scene)).toEqual({ begun: 1, failures: [] })
    expect(await stateOf(scene)).toMatchObject({ state: 'approved', checkedAt: scene.clock.now() })
    expect(await begin(scene)).toEqual({ begun: 0, failures: [] })
  })
  it('D4-22 does not begin when they are not: the approval is void, and the log says so', async () => {
    const scene = await startGovernance({ users })
    await plan(scene)
    change(scene, 'may do more')
    scene.clock.advance(hours(1))
    expect((await begin(scene)).begun).toBe(0)
    expect(await stateOf(scene)).toMatchObject({ state: 'pending', reviews: [{ isVoid: true }] })
    expect(lastEvent(scene)).toMatchObject({
      code: 'T5001I',
      user: 'system',
      fields: { state: 'PENDING', message: expect.stringContaining('are void'), void_reviews: [bruno.name] },
    })
  })
  it('waits while AWS can not be read, and gives nothing meanwhile', async () => {
    const scene = await startGovernance({ users })
    await plan(scene)
    scene.clock.advance(hours(1))
    const { begun, failures } = await begin({ ...scene, permissionSets: unreadable })
    expect([begun, failures.length]).toEqual([0, 1])
    expect(await stateOf(scene)).not.toHaveProperty('checkedAt')
    expect((await begin(scene)).begun).toBe(1)
  })
})

describe('an approval rule', () => {
  it('approves what AWS has now, as soon as it is asked for', async () => {
    const scene = await startGovernance({ users })
    await apply(scene, DEV_BY_ITSELF)
    expect(await file(scene, { resourceIds: [resource(SANDBOX)] })).toMatchObject({
      state: 'approved',
      automatic: { rule: 'dev', shown: expect.any(String) },
    })
    expect(lastEvent(scene)).toMatchObject({ code: 'T5001I', user: 'rule:dev', fields: { state: 'APPROVED' } })
    expect((await file(scene)).state).toBe('pending')
  })
  it('leaves it to people while AWS can not be read', async () => {
    const scene = await startGovernance({ users })
    await apply(scene, DEV_BY_ITSELF)
    const cut = { ...scene, permissionSets: unreadable }
    expect((await file(cut, { resourceIds: [resource(SANDBOX)] })).state).toBe('pending')
  })
  it('D4-34 does not approve what its author asks for', async () => {
    const author = aUser('eva', { roles: ['editor', 'requester', 'access'] })
    const scene = await startGovernance({ users: [ana, author] })
    await apply(scene, DEV_BY_ITSELF)
    expect((await file(scene, { resourceIds: [resource(SANDBOX)] }, 'eva')).state).toBe('pending')
    expect((await file(scene, { resourceIds: [resource(SANDBOX)] })).state).toBe('approved')
  })
  it('denies at once what somebody has ruled out', async () => {
    const scene = await startGovernance({ users })
    await apply(scene, NEVER_ADMIN)
    const asked = await file(scene, { resourceIds: [resource().replace('readonlyaccess', 'administratoraccess')] })
    expect(asked).toMatchObject({ state: 'denied', resolveReason: 'break glass instead', automatic: { rule: 'never' } })
  })
  it('is written by those who have a rule for it only, and its author is whoever changed it last', async () => {
    const scene = await startGovernance({ users })
    expect((await problemOf(apply(scene, TWO_FOR_ALL, 'bruno')))?.code).toBe('refused')
    await apply(scene, TWO_FOR_ALL)
    await apply(scene, TWO_FOR_ALL)
    const { approvalRules } = await scene.store.readRecords(scene.signal)
    expect(approvalRules).toMatchObject([{ name: 'two', authors: [{ user: eva.id }], revision: 1 }])
    expect(scene.store.events.map(({ code }) => code)).toEqual(['GH043I'])
  })
})

describe('a permission set that changes while access runs', () => {
  const watch = async (scene: GovernanceScene): Promise<number> =>
    (await watchRunningAccess(scene, scene.signal)).changed
  it('is recorded though another one can not be read, which is reported', async () => {
    const scene = await startGovernance({ users })
    const administrator = resource(SANDBOX).replace('readonlyaccess', 'administratoraccess')
    for (const resourceIds of [[resource()], [administrator]]) {
      const { id } = await file(scene, { resourceIds })
      await approve(scene, id, await shownTo(scene, id))
    }
    change(scene, 'may do more')
    const { identityCenter } = connectInMemory(scene.aws)
    const permissionSets = createPermissionSetReader(() => ({
      identityCenter: {
        ...identityCenter,
        readPermissionSet: async (arn, call) => {
          if (arn === ADMIN.arn) throw new IdentityCenterError('unavailable', 'DescribePermissionSet', 'cut')
          return identityCenter.readPermissionSet(arn, call)
        },
      },
    }))
    const { changed, failures } = await watchRunningAccess({ ...scene, permissionSets }, scene.signal)
    expect([changed, ...failures.keys()]).toEqual([1, ADMIN.arn])
    expect(lastEvent(scene)).toMatchObject({ code: 'GH046W', fields: { permission_set_arn: READ_ONLY.arn } })
  })
  it('is recorded once and told to whoever approved, and takes nothing away', async () => {
    const scene = await startGovernance({ users })
    const { id } = await file(scene)
    await approve(scene, id, await shownTo(scene, id))
    expect(await watch(scene)).toBe(0)
    change(scene, 'may do more')
    expect(await watch(scene)).toBe(1)
    expect(await watch(scene)).toBe(0)
    expect(lastEvent(scene)).toMatchObject({ code: 'GH046W', fields: { id, approvers: [bruno.name] } })
    const { view, now } = await readView(scene, scene.signal)
    const [request] = view.requests
    expect(request && isInForce(request, now)).toBe(true)
    const tasks = await listTasks(scene, scene.as('bruno'), scene.signal)
    expect(tasks).toMatchObject([{ kind: 'approved-changed', subject: { id } }])
    expect(await listTasks(scene, scene.as('carla'), scene.signal)).toEqual([])
  })
  it('has not changed when only its policies can be read, or can not any more', async () => {
    const scene = await startGovernance({ users })
    const { id } = await file(scene)
    await approve(scene, id, await shownTo(scene, id))
    scene.aws.policies = new Map([[READ_ONLY.arn, { managedPolicies: ['ReadOnly'], customerManagedPolicies: [] }]])
    expect(await watch(scene)).toBe(0)
  })
  it('is found again after it was gone', async () => {
    const scene = await startGovernance({ users })
    const { id } = await file(scene)
    await approve(scene, id, await shownTo(scene, id))
    scene.aws.permissionSets.delete(READ_ONLY.arn)
    const looks = [await watch(scene)]
    scene.aws.permissionSets.set(READ_ONLY.arn, READ_ONLY)
    looks.push(await watch(scene))
    expect(looks).toEqual([1, 1])
  })
})

describe('returning access', () => {
  it('is for whoever has it, and for those who may change requests', async () => {
    const scene = await startGovernance({ users })
    const { id } = await file(scene)
    await approve(scene, id, await shownTo(scene, id))
    const giveBack = (as: string, rows?: string[]) =>
      returnRequestedAccess(
        scene,
        { actor: scene.as(as), request: id, ...(rows === undefined ? {} : { rows }) },
        scene.signal,
      )
    expect((await problemOf(giveBack('bruno')))?.code).toBe('refused')
    expect(await giveBack('ana', [`${PROD.id}--readonlyaccess`])).toMatchObject({ expiresAt: scene.clock.now() })
    expect(lastEvent(scene)).toMatchObject({
      code: 'T5001I',
      subjects: [`request:${id}`],
      fields: { message: expect.stringContaining('returned') },
    })
    expect((await problemOf(giveBack('eva')))?.code).toBe('conflict')
  })

  it('and taking it away end what prolongs it, which is recorded', async () => {
    for (const end of [
      (scene: GovernanceScene, request: string) =>
        returnRequestedAccess(scene, { actor: scene.as('ana'), request }, scene.signal),
      (scene: GovernanceScene, request: string) =>
        removeRequest(scene, { actor: scene.as('eva'), request }, scene.signal),
    ]) {
      const scene = await startGovernance({ users })
      const { id: first } = await file(scene)
      await approve(scene, first, await shownTo(scene, first))
      const { id: longer } = await file(scene, { resourceIds: [], prolongs: first })
      await approve(scene, longer, await shownTo(scene, longer))
      await end(scene, first)
      const { view, now } = await readView(scene, scene.signal)
      expect(view.requests.filter((request) => isInForce(request, now))).toEqual([])
      expect(lastEvent(scene)).toMatchObject({ code: 'T5001I', subjects: [`request:${longer}`] })
    }
  })
})

const fresh = (scene: GovernanceScene): GovernanceScene['permissionSets'] => ({
  ...scene.permissionSets,
  read: (...[organization, sets, , signal]: Parameters<GovernanceScene['permissionSets']['read']>) =>
    scene.permissionSets.read(organization, sets, { maxAgeMs: 0 }, signal),
})
const unreadable = createPermissionSetReader(() => {
  throw new DomainError({ code: 'upstream', service: 'AWS', message: 'cut', remedy: 'wait' })
})

const TWO_FOR_ALL = `
kind: approval_rule
version: v1
metadata: {name: two}
spec: {thresholds: [{name: two, approve: 2}]}
`
const DEV_BY_ITSELF = `
kind: approval_rule
version: v1
metadata: {name: dev}
spec: {when: {accounts: [{name: sandbox}]}, decision: approve, reason: nothing to lose}
`
const NEVER_ADMIN = `
kind: approval_rule
version: v1
metadata: {name: never}
spec: {when: {permission_sets: [Admin*]}, decision: deny, reason: break glass instead}
`
