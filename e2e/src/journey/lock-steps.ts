import { z } from 'zod'
import { difference, systemRole, until, untilMember, untilUserHas } from './aws.ts'
import { apply, listDocument } from './documents.ts'
import { check, type Step } from './steps.ts'
import { ADMIN, NEWCOMER, OWNER } from './world.ts'

const LIST = 'locked-out'
const lockSchema = z.object({ metadata: z.object({ name: z.string() }) })

export const lockStep: Step = {
  id: 'lock',
  title: 'a locked user is inactive in AWS, without assignment or group; unlocked, all is back',
  needs: ['role'],
  async run(world) {
    const { control } = world.sandbox
    const admin = world.person(ADMIN)
    const role = await systemRole(world, 'ViewOnlyAccess', 'Playground')
    await apply(admin, [listDocument(LIST, { owner: OWNER, members: [NEWCOMER], roles: [role] })])
    await untilMember(world, LIST, NEWCOMER)
    const before = await control.user(NEWCOMER)
    const grants = before.assignments.map(({ permissionSet, accountId }) => `${permissionSet}@${accountId}`)
    check(grants.length > 0, `${NEWCOMER} has nothing that a lock could take`)

    const { metadata } = await admin.tctlJson(lockSchema, ['lock', '--user', NEWCOMER, '--message', 'lost her laptop'])
    await until(`${NEWCOMER} to be inactive and without access`, async () => {
      const { active, groups, assignments } = await control.user(NEWCOMER)
      return !active && groups.length === 0 && assignments.length === 0
    })
    const refused = await world.person(NEWCOMER).attempt('tsh', ['apps', 'ls'])
    check(refused.code !== 0, 'a locked user is served')

    await admin.tctl(['rm', `lock/${metadata.name}`])
    await until(`${NEWCOMER} to be active again`, async () => (await control.user(NEWCOMER)).active)
    await untilUserHas(world, NEWCOMER, grants)
    for (const group of before.groups) await untilMember(world, group, NEWCOMER)
    const differs = difference(before.groups, (await control.user(NEWCOMER)).groups)
    await world.signInAgain(NEWCOMER)
    check(differs === '', `the groups are others: ${differs}`)
    return `${grants.length} assignments and ${before.groups.length} groups came back`
  },
}
