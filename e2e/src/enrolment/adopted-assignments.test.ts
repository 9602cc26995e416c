import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { ApiProblem } from '@gatehouse/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enrol, ORGANIZATION, untilAdopted } from '../harness/enrol.ts'
import { waitFor } from '../harness/wait-for.ts'
import { ADMIN, type EnrolmentWorld, PASSWORD, startEnrolmentWorld } from './enrolment-world.ts'

const TCTL = fileURLToPath(new URL('../../../bin/tctl', import.meta.url))
const params = { name: ORGANIZATION }

let world: EnrolmentWorld
let person: string
/** What the person holds directly in AWS, as `<set> on <account id>`. */
const held = async (): Promise<readonly string[]> =>
  (await world.sandbox.control.user(person)).assignments
    .map(({ permissionSet, accountId }) => `${permissionSet} on ${accountId}`)
    .toSorted()
const rows = async () => (await world.client.listAdoptedAssignments({ params })).items

beforeAll(async () => {
  world = await startEnrolmentWorld('generated:4x3x3x1x1')
  const { client, server, sandbox } = world
  const { control, instanceArn } = sandbox
  const { users, accounts, permissionSets } = await control.world()
  const [user] = users
  if (!user) throw new Error('the seed has no user')
  person = user.userName
  await client.createUser({ body: { name: person, roles: [] } })
  const places = accounts.filter(({ id }) => id !== sandbox.managementAccountId).slice(0, 3)
  for (const [index, { id }] of places.entries())
    await control.perform('sso-admin', 'CreateAccountAssignment', {
      InstanceArn: instanceArn,
      PermissionSetArn: permissionSets[index]?.arn,
      TargetId: id,
      TargetType: 'AWS_ACCOUNT',
      PrincipalType: 'USER',
      PrincipalId: user.id,
    })
  await enrol({ client, server, sandbox, owner: ADMIN })
  await untilAdopted(client)
  const { hash: planHash } = await client.getPlan({ params })
  await client.startOrganization({ params, body: { planHash } })
}, 180_000)
afterAll(() => world?.[Symbol.asyncDispose]())

// One person with three assignments of his own: each test ends one of them.
describe('an assignment that was found in AWS and taken over', { timeout: 90_000 }, () => {
  it('is in a table that says since when, what AWS holds, and what ending it would do', async () => {
    const items = await rows()
    expect(items).toHaveLength(3)
    for (const row of items) expect(row).toMatchObject({ user: person, aws: 'held', effect: 'goes', reasons: [] })
    const [one] = items
    const query = { account: one?.accountName ?? '', user: person.toUpperCase() }
    const found = await world.client.listAdoptedAssignments({ params, query: { ...query, limit: 1 } })
    expect(found).toMatchObject({ total: 3, found: 1, items: [{ key: one?.key }] })
    expect((await world.client.getOrganizationStatus({ params })).managed.adopted).toBe(3)
  })

  it('is ended by an administrator, and is gone in AWS within seconds', async () => {
    const { client } = world
    const [row] = await rows()
    if (!row) throw new Error('there is none')
    const before = await held()
    const assignments = [{ key: row.key, revision: row.revision }]
    const dry = await client.endAdoptedAssignments({ params, body: { assignments, dryRun: true } })
    expect(dry).toMatchObject({ people: 1, assignments: 1 })
    expect(await rows()).toHaveLength(3)
    await client.endAdoptedAssignments({ params, body: { assignments } })
    const gone = `${row.permissionSetName} on ${row.account}`
    const after = before.filter((one) => one !== gone)
    await waitFor('AWS to let go of it', async () => ((await held()).includes(gone) ? undefined : true))
    expect(await held()).toEqual(after)
    const ended = await waitFor('the confirmation', async () => {
      const { items } = await client.listEndedAssignments({ params })
      return items[0]?.state === 'confirmed' ? items : undefined
    })
    expect(ended).toEqual([
      expect.objectContaining({
        key: row.key,
        endedBy: ADMIN,
        sentAt: expect.any(String),
        confirmedAt: expect.any(String),
      }),
    ])
    const { items: events } = await client.listAuditEvents({ query: { event: 'adopted_assignment.end' } })
    expect(events).toMatchObject([{ user: ADMIN, fields: { name: person, ended: [{ account_id: row.account }] } }])
    await client.getPlan({ params, query: { refresh: true } }) // reads AWS again
    expect(await rows()).toHaveLength(2)
  })

  it('stays in AWS where a role gives the same, and says so', async () => {
    const { client } = world
    const [row] = await rows()
    if (!row) throw new Error('there is none')
    const role = `${row.permissionSetName}-on-${row.accountName}-${row.account}`
    const user = `kind: user\nversion: v2\nmetadata: {name: ${person}}\nspec: {roles: ['${role}']}`
    await client.applyDocuments({ body: { text: user, mode: 'replace' } })
    // What was shown before the role came is not what would be done now.
    const refused: unknown = await client
      .endAdoptedAssignments({ params, body: { assignments: [{ key: row.key, revision: row.revision }] } })
      .catch((error: unknown) => error)
    expect(refused instanceof ApiProblem && refused.code).toBe('plan-changed')
    const shown = (await rows()).find(({ key }) => key === row.key)
    expect(shown).toMatchObject({ effect: 'stays', reasons: [`the role "${role}" gives the same`] })
    const before = await held()
    const done = await client.endAdoptedAssignments({
      params,
      body: { assignments: [{ key: row.key, revision: shown?.revision }] },
    })
    expect(done).toMatchObject({ people: 0, assignments: 0, ended: [{ effect: 'stays' }] })
    await client.getPlan({ params, query: { refresh: true } })
    expect(await held()).toEqual(before)
    const { items } = await client.listEndedAssignments({ params })
    expect(items.find(({ key }) => key === row.key)).toMatchObject({
      state: 'stays',
      reason: `the role "${role}" gives the same`,
    })
  })

  it('is ended by nobody who may not change the organization, and asks for the number where that is the rule', async () => {
    const { client } = world
    const text =
      'kind: role\nversion: v8\nmetadata: {name: looker}\nspec: {allow: {rules: [{resources: [aws_identity_center], verbs: [read, list]}]}}'
    await client.applyDocuments({ body: { text, mode: 'replace' } })
    const looker = await world.person('looker@acme.example', ['looker'])
    const [row] = (await looker.listAdoptedAssignments({ params })).items
    if (!row) throw new Error('there is none')
    const body = { assignments: [{ key: row.key }] }
    await expect(looker.endAdoptedAssignments({ params, body })).rejects.toMatchObject({ status: 403 })
    const stranger = await world.person('stranger@acme.example', [])
    await expect(stranger.listAdoptedAssignments({ params })).rejects.toMatchObject({ status: 403 })
    await client.editOrganization({ params, body: { removalBudget: { atLeast: 0, percent: 0 } } })
    await expect(client.endAdoptedAssignments({ params, body })).rejects.toMatchObject({ code: 'too-many-removals' })
    expect(await rows()).toHaveLength(1)
  })

  it('is listed and ended by tctl, too', async () => {
    const { token } = await world.server.client().signIn({ body: { user: ADMIN, password: PASSWORD } })
    const tctl = async (...args: readonly string[]) => {
      const env = { ...process.env, HOME: world.folder, GATEHOUSE_URL: world.server.url, GATEHOUSE_TOKEN: token }
      const child = spawn(TCTL, ['plugins', 'adopted', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
      const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
      return { out, err, code: Number(code) }
    }
    const [row] = await rows()
    const listed = await tctl('ls', '--user', person)
    expect(listed).toMatchObject({ code: 0, out: expect.stringContaining(row?.key ?? '?') })
    expect(listed.out).toMatch(/held +loses it/)
    expect((await tctl('end')).code).toBe(2)
    const dry = await tctl('end', row?.key ?? '', '--dry-run')
    expect(dry.out).toContain('1 person would lose 1 assignment. 1 adopted assignment would end.')
    expect(await tctl('end', '--all')).toMatchObject({ code: 2, err: expect.stringContaining('--yes') })
    const refused = await tctl('end', '--all', '--yes')
    expect(refused.err).toContain('--confirm-removals 1')
    const part = row?.accountName.slice(0, -1) ?? ''
    expect((await tctl('end', '--account', part, '--yes', '--confirm-removals', '1')).out).toContain('whole names')
    expect(await tctl('end', '--account', row?.account ?? '', '--yes', '--confirm-removals', '1')).toMatchObject({
      code: 0,
    })
    expect(await rows()).toEqual([])
    await waitFor('AWS to let go of it', async () => ((await held()).length === 1 ? true : undefined))
    expect((await tctl('ls', '--ended')).out).toMatch(/confirmed|saved|sent/)
    expect((await tctl('ls')).out).toContain('There are no such adopted assignments.')
  })
})
