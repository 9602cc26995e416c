import { ApiProblem, type Args, type GatehouseContract, type PlanView } from '@gatehouse/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ORGANIZATION, prepareAws, untilAdopted } from '../harness/enrol.ts'
import { waitFor } from '../harness/wait-for.ts'
import { ADMIN, type EnrolmentWorld, PASSWORD, startEnrolmentWorld } from './enrolment-world.ts'

type Installation = Args<GatehouseContract['installOrganization']>['body']
type AccountFilter = NonNullable<Installation['accountFilter']>

const params = { name: ORGANIZATION }
const PROD: AccountFilter = [{ match: 'include', field: 'tag', key: 'environment', pattern: 'prod' }]
const BY_PATH: AccountFilter = [{ match: 'exclude', field: 'ou', unit: 'Root/Workloads/Production' }]
const HOUR_MS = 3_600_000

let world: EnrolmentWorld
let roleArn: string
beforeAll(async () => {
  world = await startEnrolmentWorld(undefined, ['--iam-lag', '0,0'])
  roleArn = await prepareAws({ ...world, owner: ADMIN })
})
afterAll(() => world?.[Symbol.asyncDispose]())

const problemOf = async (call: Promise<unknown>): Promise<ApiProblem> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ApiProblem) return error
  throw new Error(`no problem, but ${String(error)}`)
}
const install = (accountFilter: AccountFilter) => {
  const { client, sandbox } = world
  const { region, instanceArn, scimUrl, scimToken, startUrl, portalUrl } = sandbox
  const credentials = { source: 'oidc', integration: 'aws-oidc', roleArn } as const
  const scim = { scimUrl, scimToken, startUrl, portalUrl }
  return client.installOrganization({
    body: { region, instanceArn, credentials, ...scim, defaultOwners: [ADMIN], accountFilter },
  })
}
const deny = (operation: string) =>
  world.sandbox.control.addFault({ kind: 'access-denied', service: 'organizations', operation })
const namesOf = (rows: readonly { name: string }[]): readonly string[] => rows.map(({ name }) => name).toSorted()
/** What the sandbox knows, whoever may read it. */
const tagged = async () => {
  const { accounts } = await world.sandbox.control.world()
  return accounts.filter(({ tags }) => tags['environment'] === 'prod')
}

// One organization, from its enrolment on: each test goes on where the one before has ended.
describe('accounts filtered by unit and tag', () => {
  it('are refused with the field and what to write, where the filter can not be read', async () => {
    const unit = await problemOf(install([...PROD, { match: 'include', field: 'ou', unit: 'ou-wrong' }]))
    expect(unit).toMatchObject({ status: 400, field: 'body.accountFilter[1].unit' })
    expect(unit.remedy).toMatch(/ou-ab12-cdefghij.*Root\/Workloads\/Prod/)
    const pattern = await problemOf(install([{ match: 'include', field: 'tag', key: 'env', pattern: '^(prod$' }]))
    expect(pattern).toMatchObject({ status: 400, field: 'body.accountFilter[0].pattern' })
    expect(pattern.remedy).toMatch(/RE2/)
    const keyless: unknown = [{ match: 'include', field: 'tag', pattern: 'prod' }]
    expect((await problemOf(install(keyless as AccountFilter))).message).toMatch(/accountFilter/) // as a stranger may send it
  })

  it('are shown before the enrolment with unit, tags and the reason, and as unknown where the role may not read them', async () => {
    const { client, sandbox } = world
    await client.startEnrolment({ body: {} })
    const { region, instanceArn } = sandbox
    await client.editEnrolment({ params, body: { region, instanceArn, roleArn, accountFilter: PROD } })
    const shown = await client.previewAccounts({ params, query: { limit: 200 } })
    expect(shown).toMatchObject({ unitsReadable: true, tagsReadable: true, unread: 0 })
    expect(namesOf(shown.items.filter(({ inside }) => inside))).toEqual(namesOf(await tagged()))
    const [outside] = shown.items.filter(({ inside }) => !inside)
    expect(outside).toMatchObject({
      reason: 'no part lets it in',
      unit: expect.stringMatching(/^(?:ou|r)-/),
    })

    await deny('ListTagsForResource')
    const without = await client.previewAccounts({ params, query: { limit: 3, refresh: true } })
    expect(without).toMatchObject({ tagsReadable: false, unread: without.total, inside: 0 })
    expect(new Set(without.items.map(({ reason }) => reason))).toEqual(new Set(['its tags are not known']))
    await client.deleteEnrolment({ params })
  })

  it('are refused at the enrolment where the role lacks the optional permission, by its name, and nothing is left', async () => {
    const tags = await problemOf(install(PROD))
    expect(tags).toMatchObject({ status: 409 })
    expect(tags.message).toMatch(/organizations:ListTagsForResource/)
    await deny('ListRoots')
    const paths = await problemOf(install(BY_PATH))
    expect(paths.message).toMatch(/organizations:ListRoots/)
    expect(paths.remedy).toMatch(/ou-ab12-cdefghij/)
    expect((await world.client.listOrganizations()).items).toEqual([])
    await world.sandbox.control.clearFaults()
  })

  it('are those of the filter, and the others are listed with the reason', async () => {
    const { client } = world
    await install(PROD)
    await untilAdopted(client)
    const inside = await client.listOrganizationAccounts({ params, query: { inside: true, limit: 200 } })
    expect(namesOf(inside.items)).toEqual(namesOf(await tagged()))
    const outside = await client.listOrganizationAccounts({ params, query: { inside: false, limit: 200 } })
    expect(outside.found).toBe(outside.total - inside.found)
    expect(outside.items.every(({ reason }) => reason === 'no part lets it in')).toBe(true)
    expect(outside).toMatchObject({ tagsReadable: true, unitsReadable: true })
  })

  it('leave and enter by name in the preview of other settings', async () => {
    const { client } = world
    const leaving = await client.previewSettings({ params, body: { accountFilter: [...PROD, ...BY_PATH] } })
    expect(leaving.effects.join('\n')).toMatch(/accounts? leaves? the filter: .* \(.*Web Prod/)
    const entering = await client.previewSettings({ params, body: { accountFilter: [] } })
    expect(entering.effects.join('\n')).toMatch(/accounts? comes? into the filter \(/)
    expect(entering.effects.join('\n')).not.toMatch(/leave/)
  })

  it('stay as they are while reads of tags fail, which the plan says', async () => {
    const { sandbox, clock, server } = world
    // One that is not tried again at once.
    const error = { kind: 'error', code: 'InvalidInputException', status: 400 }
    await sandbox.control.addFault({ ...error, service: 'organizations', operation: 'ListTagsForResource' })
    await clock.advance(3 * HOUR_MS, sandbox.control)
    const hasEnded = () =>
      world.client.getMe({}).then(
        () => undefined,
        () => true,
      )
    await waitFor('the session to end with the moved clock', hasEnded)
    const client = await server.signIn(ADMIN, PASSWORD)
    const about = (plan: PlanView) => plan.notes.filter((note) => note.about === 'account filter')
    const [note] = about(await client.getPlan({ params, query: { refresh: true } }))
    expect(note?.message).toMatch(/stay managed .*its tags are not known/)
    const { items } = await client.listOrganizationAccounts({ params, query: { inside: true, limit: 200 } })
    expect(namesOf(items)).toEqual(namesOf(await tagged()))
    expect(items.every(({ reason }) => reason === 'its tags are not known')).toBe(true)

    await sandbox.control.clearFaults()
    expect(about(await client.getPlan({ params, query: { refresh: true } }))).toEqual([])
  })
})
