import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sandbox } from '../harness/sandbox.ts'
import { waitFor } from '../harness/wait-for.ts'
import { asText, userDocument } from '../journey/documents.ts'
import { ADMIN } from './enrolment-world.ts'
import { FIRST, IN_BOTH, LENA, SECOND, startTwoWorlds, type TwoWorlds } from './two-enrolled.ts'

const params = { name: SECOND }
const SAID = { identitySourceChanged: true, strip: true }

let world: TwoWorlds
/** Of the second organization, before Gatehouse wrote anything there. */
let before: Awaited<ReturnType<typeof accessIn>>
let refusedOn: string

/** Groups with their members, and assignments, as AWS has them. */
async function accessIn({ control }: Sandbox) {
  const { groups, assignments } = await control.world()
  const rows = assignments.map(({ permissionSet, accountId, principalName }) =>
    [permissionSet, accountId, principalName].join(' '),
  )
  return {
    groups: groups.map(({ displayName, members }) => `${displayName}: ${members.toSorted().join()}`).toSorted(),
    assignments: rows.toSorted(),
  }
}

beforeAll(async () => {
  world = await startTwoWorlds()
  const { client, first, second } = world
  const { control } = second
  const { accounts, permissionSets } = await control.world()
  const places = accounts.filter(({ id }) => id !== second.managementAccountId)
  const [account, other] = places
  const [set, another] = permissionSets
  if (!account || !other || !set || !another) throw new Error('the seed has too little')
  refusedOn = other.id
  // Somebody has something of his own there, which is adopted.
  await control.perform('sso-admin', 'CreateAccountAssignment', {
    InstanceArn: second.instanceArn,
    PermissionSetArn: another.arn,
    TargetId: account.id,
    TargetType: 'AWS_ACCOUNT',
    PrincipalType: 'USER',
    PrincipalId: (await control.user(IN_BOTH)).id,
  })
  before = await accessIn(second)
  await world.enrolSecond()
  await world.start(SECOND)
  const role = (one: typeof set, on: typeof account) => `${one.name}-on-${on.name}-${on.id}`
  const inFirst = (await first.control.world()).accounts.find(({ id }) => id !== first.managementAccountId)
  const setOfFirst = (await first.control.world()).permissionSets[0]
  if (!inFirst || !setOfFirst) throw new Error('the seed has too little')
  const list = {
    kind: 'access_list',
    version: 'v1',
    metadata: { name: 'ours' },
    spec: {
      title: 'Ours',
      owners: [{ name: ADMIN }],
      grants: { roles: [role(set, account), `${setOfFirst.name}-on-${inFirst.name}-${inFirst.id}`] },
    },
  }
  const text = asText([list, userDocument(LENA, ['access', role(set, other), role(another, account)])])
  await client.applyDocuments({ body: { text, mode: 'replace' } })
  await client.addMember({ params: { id: 'ours' as never }, body: { kind: 'user', name: LENA } }) // ids are plain text here
  await world.untilEqual(FIRST)
  await world.untilEqual(SECOND)
}, 240_000)
afterAll(() => world?.[Symbol.asyncDispose]())

// One organization on its way out, beside another that stays.
describe('removing an organization with what Gatehouse made in AWS', { timeout: 120_000 }, () => {
  it('is off unless somebody asks for it, and says before what would go and what would stay', async () => {
    const { client } = world
    const plain = await client.previewRemoval({ params, body: SAID })
    expect(plain).toMatchObject({ state: 'shown', made: [], counts: { made: 0 } })
    const { made, counts, warnings, blockers } = await client.previewRemoval({
      params,
      body: { ...SAID, removeMade: true },
    })
    expect(blockers).toEqual([])
    expect(counts).toMatchObject({ made: 4, stays: 0, adoptedAssignments: 1 })
    expect(made.map(({ summary }) => summary)).toEqual(
      expect.arrayContaining(['group Ours', expect.stringMatching(new RegExp(`on .* for ${LENA}$`))]),
    )
    expect(warnings.join()).toContain('that Gatehouse created in AWS')
    expect((await accessIn(world.second)).assignments).toHaveLength(before.assignments.length + 3)
  })

  it('takes away what was made, names what AWS refuses, and forgets nothing before AWS has let go', async () => {
    const { client, first, second } = world
    const firstBefore = await accessIn(first)
    await second.control.addFault({
      kind: 'access-denied',
      service: 'sso-admin',
      operation: 'DeleteAccountAssignment',
      account: refusedOn,
    })
    const body = { ...SAID, removeMade: true }
    const tctl = ['plugins', 'delete', SECOND, '--identity-source-changed', '--strip', '--remove-made', '--yes']
    const refused = await world.admin.attempt('tctl', tctl)
    expect(refused.code).toBe(6)
    expect(refused.err).toMatch(
      /AWS still holds 1 of what Gatehouse made:[^]* for lena@acme.example: [^]*--release KEY/,
    )
    const { made: left } = await client.previewRemoval({ params, body })
    expect(left).toHaveLength(1)
    expect((await client.getOrganization({ params })).removal).toMatchObject({ by: ADMIN, assignments: 3, groups: 1 })
    expect((await client.getOrganizationStatus({ params })).message).toContain('is being removed')
    await expect(client.removeOrganization({ params, body })).rejects.toMatchObject({ status: 409 })
    await second.control.clearFaults()
    await waitFor(
      'AWS to let go of the last',
      async () => {
        await world.clock.advance(60_000)
        const { made } = await client.previewRemoval({ params, body })
        return made.length === 0 || undefined
      },
      { withinMs: 60_000, everyMs: 1_000 },
    )
    expect(await accessIn(second)).toEqual(before)
    const { out } = await world.admin.tctl(tctl)
    expect(out).toMatch(/^With organization acme-labs went:[^]*in AWS: 3 assignments and 1 group that Gatehouse made\n/)
    expect((await client.listOrganizations()).items.map(({ name }) => name)).toEqual([FIRST])
    expect([await accessIn(second), await accessIn(first)]).toEqual([before, firstBefore])
    const { items } = await client.listAuditEvents({ query: { event: 'plugin.delete' } })
    expect(items[0]?.fields).toMatchObject({ name: SECOND, removed_in_aws: { assignments: 3, groups: 1 } })
  })

  it('leaves AWS of the other as it is when that is removed without it', async () => {
    const { client, first } = world
    const firstBefore = await accessIn(first)
    expect(firstBefore.groups.join()).toContain('Ours: ')
    const removed = await client.removeOrganization({ params: { name: FIRST }, body: SAID })
    expect([removed.state, await accessIn(first)]).toEqual(['done', firstBefore])
  })
})
