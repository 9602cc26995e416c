import { explanationSchema } from '@gatehouse/api'
import { z } from 'zod'
import { systemRole, untilUserHas } from './aws.ts'
import { asText, userDocument } from './documents.ts'
import { ROLES_OF } from './enrol-steps.ts'
import { check, type Step } from './steps.ts'
import { giveRoles } from './role-steps.ts'
import { ADMIN, ENGINEER, type World } from './world.ts'

const PLACE = ['Web Dev', 'ViewOnlyAccess'] as const
const differenceSchema = z.object({ gainedTotal: z.number(), lostTotal: z.number() })

/** What AWS grants to the engineer there, directly or through a group. */
async function isGranted({ sandbox }: World): Promise<boolean> {
  const { assignments, groups } = await sandbox.control.user(ENGINEER)
  const all = [
    ...assignments,
    ...(await Promise.all(groups.map(sandbox.control.group))).flatMap((group) => group.assignments),
  ]
  return all.some(({ accountName, permissionSet }) => accountName === PLACE[0] && permissionSet === PLACE[1])
}

export const explainStep: Step = {
  id: 'explain',
  title: 'tctl why, who-can and what-if say of an assignment what AWS then shows',
  needs: ['role'],
  async run(world) {
    const admin = world.person(ADMIN)
    const role = await systemRole(world, PLACE[1], PLACE[0])
    const own = ROLES_OF[ENGINEER] ?? []
    const change = asText([userDocument(ENGINEER, [...own, 'identity-center-access', role])])
    const before = (await world.sandbox.control.user(ENGINEER)).assignments.map(
      ({ permissionSet, accountId }) => `${permissionSet}@${accountId}`,
    )
    check(!(await isGranted(world)), `${ENGINEER} has it already`)
    const preview = await admin.tctlJson(differenceSchema, ['what-if', '-f', '-'], change)
    check(preview.gainedTotal === 1 && preview.lostTotal === 0, JSON.stringify(preview))
    await giveRoles(world, ENGINEER, ['identity-center-access', role])
    const { paths } = await admin.tctlJson(explanationSchema, ['why', ENGINEER, ...PLACE])
    check(paths.length === 1 && paths[0]?.role === role, JSON.stringify(paths))
    const who = await admin.tctlJson(z.array(explanationSchema), ['who-can', ...PLACE])
    check(
      who.some(({ user }) => user === ENGINEER),
      `who-can does not name ${ENGINEER}`,
    )
    await untilUserHas(world, ENGINEER, [...before, `${PLACE[1]}@${role.slice(-12)}`])
    check(await isGranted(world), 'AWS does not grant what tctl explains')
    await giveRoles(world, ENGINEER, ['identity-center-access'])
    await untilUserHas(world, ENGINEER, before)
    return (await admin.tctl(['why', ENGINEER, 'Sandbox Web'])).out.trim().split('\n').at(-1)
  },
}
