import { accessRequestDetailSchema, type AccessRequestDetailView } from '@gatehouse/api'
import { z } from 'zod'
import { accountId, directGrants, permissionSetArn, same, until, untilMember, untilUserHas } from './aws.ts'
import type { Person } from './command.ts'
import { apply, changeList, listTitled, roleDocument, userDocument } from './documents.ts'
import { ROLES_OF } from './enrol-steps.ts'
import { check, type Step } from './steps.ts'
import { ADMIN, ENGINEER, NEWCOMER, REVIEWER } from './world.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const PROMOTED_INTO = 'database-administrators'

const resourcesSchema = z.array(
  z.object({
    accountName: z.string(),
    permissionSets: z.array(z.object({ name: z.string(), resourceId: z.string() })),
  }),
)

const roleRequest: Step = {
  id: 'role-request',
  title: 'a requested role is approved, becomes an assignment of the user, and ends with the request',
  shows: ['GD-45', 'GD-47', 'GD-48'],
  needs: ['role'],
  async run(world) {
    const account = await accountId(world, 'Web Prod')
    const incidents = {
      account_assignments: [{ account, permission_set: await permissionSetArn(world, 'PowerUserAccess') }],
    }
    await apply(world.person(ADMIN), [
      roleDocument('incident-response', incidents),
      roleDocument('incident-requester', { request: { roles: ['incident-response'], max_duration: '4h' } }),
      roleDocument('incident-reviewer', { review_requests: { roles: ['incident-response'] } }),
      userDocument(ENGINEER, [...(ROLES_OF[ENGINEER] ?? []), 'identity-center-access', 'incident-requester']),
      userDocument(REVIEWER, [...(ROLES_OF[REVIEWER] ?? []), 'incident-reviewer']),
    ])
    const before = await directGrants(world.sandbox, ENGINEER)
    const engineer = world.person(ENGINEER)
    const { id } = await fileRequest(engineer, ['--roles', 'incident-response', '--max-duration', '1h'])
    const own = await engineer.attempt('tsh', ['request', 'review', '--approve', id])
    check(own.code !== 0, 'somebody approved a request of his own')
    check((await show(engineer, id)).state === 'pending', 'the request is not pending')
    check(same(await directGrants(world.sandbox, ENGINEER), before), 'AWS grants what nobody approved')

    await world.person(REVIEWER).tsh(['request', 'review', '--approve', '--reason', 'go on', id])
    await untilUserHas(world, ENGINEER, [...before, `PowerUserAccess@${account}`])
    await untilProgress(engineer, id, 'confirmed')
    await world.letTimePass(HOUR_MS - 2 * MINUTE_MS)
    check((await directGrants(world.sandbox, ENGINEER)).length === before.length + 1, 'the access ended too early')
    await world.clock.advance(2 * MINUTE_MS, world.sandbox.control)
    await untilUserHas(world, ENGINEER, before)
    await untilProgress(engineer, id, 'ended')
    return id
  },
}

const resourceRequest: Step = {
  id: 'resource-request',
  title: 'one request for permission sets of two accounts is two assignments, and both end',
  shows: ['GD-43', 'GD-44', 'GD-45'],
  needs: ['role'],
  async run(world) {
    const engineer = world.person(ENGINEER)
    const before = await directGrants(world.sandbox, ENGINEER)
    const wanted = [
      { account: 'Data Prod', set: 'DataScientist' },
      { account: 'Billing Prod', set: 'SupportUser' },
    ]
    const ids = await Promise.all(wanted.map(({ account, set }) => resourceId(engineer, account, set)))
    const asked = ['--max-duration', '1h', '--reason', 'an invoice is wrong']
    const { id, resources } = await fileRequest(engineer, [
      ...ids.flatMap((resource) => ['--resource', resource]),
      ...asked,
    ])
    check(resources.length === 2, `the request is for [${resources.map((resource) => resource.id).join(', ')}]`)
    await world.person(REVIEWER).tsh(['request', 'review', '--approve', id])
    const { state } = await show(engineer, id)
    check(state === 'approved', `the approved request is ${state}`)
    const grants = await Promise.all(
      wanted.map(async ({ account, set }) => `${set}@${await accountId(world, account)}`),
    )
    await untilUserHas(world, ENGINEER, [...before, ...grants])
    await untilProgress(engineer, id, 'confirmed')
    await world.letTimePass(HOUR_MS)
    await untilUserHas(world, ENGINEER, before)
    await untilProgress(engineer, id, 'ended')
    return grants.join(', ')
  },
}

const promotion: Step = {
  id: 'promotion',
  title: 'the reviewer is offered a list, promotes the request, and the requester is in its AWS group',
  shows: ['GD-49'],
  needs: ['role'],
  async run(world) {
    const admin = world.person(ADMIN)
    await changeList(admin, PROMOTED_INTO, () => ({ owners: [{ name: REVIEWER }] }))
    const list = (await listTitled(admin, PROMOTED_INTO)).metadata.name
    const newcomer = world.person(NEWCOMER)
    const resource = await resourceId(newcomer, 'Data Prod', 'DatabaseAdministrator')
    const before = await directGrants(world.sandbox, NEWCOMER)
    const { id } = await fileRequest(newcomer, ['--resource', resource, '--reason', 'joins the team'])
    const reviewer = world.person(REVIEWER)
    const { promotionCandidates } = await reviewer.tctlJson(accessRequestDetailSchema, ['requests', 'get', id])
    check(
      promotionCandidates.some((candidate) => candidate.id === list),
      `the reviewer is offered [${promotionCandidates.map(({ title }) => title).join(', ')}]`,
    )
    await reviewer.tctl(['requests', 'promote', id, list])
    await untilMember(world, PROMOTED_INTO, NEWCOMER)
    check((await show(newcomer, id)).state === 'promoted', 'the request is not promoted')
    check(same(await directGrants(world.sandbox, NEWCOMER), before), 'a promoted request gave access of its own')
    return PROMOTED_INTO
  },
}

export const fileRequest = (person: Person, args: readonly string[]): Promise<AccessRequestDetailView> =>
  person.tshJson(accessRequestDetailSchema, ['request', 'create', ...args])

export const show = (person: Person, id: string): Promise<AccessRequestDetailView> =>
  person.tshJson(accessRequestDetailSchema, ['request', 'show', id])

export const untilProgress = (
  person: Person,
  id: string,
  state: AccessRequestDetailView['assignments'][number]['state'],
): Promise<true> =>
  until(`tsh request show to say that every assignment is ${state}`, async () => {
    const { assignments } = await show(person, id)
    return assignments.length > 0 && assignments.every((row) => row.state === state)
  })

export async function resourceId(person: Person, account: string, permissionSet: string): Promise<string> {
  const found = (await person.tshJson(resourcesSchema, ['apps', 'ls', '--requestable']))
    .find(({ accountName }) => accountName === account)
    ?.permissionSets.find(({ name }) => name === permissionSet)
  if (!found) throw new Error(`${person.name} may not ask for ${permissionSet} in ${account}.`)
  return found.resourceId
}

export const roleRequestStep: Step = roleRequest
export const requestSteps: readonly Step[] = [resourceRequest, promotion]
