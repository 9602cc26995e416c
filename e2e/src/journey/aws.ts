import type { ControlClient, SandboxAssignment } from '../harness/control-client.ts'
import { waitFor } from '../harness/wait-for.ts'
import type { World } from './world.ts'

// What AWS itself says, which is what counts.

/** From a decision to AWS's final word: calls, the demo's 1–3 s, retries of conflicts. */
const IN_AWS_WITHIN_MS = 45_000

/** `<permission set>@<account id>` of each. */
export const grantsIn = (assignments: readonly SandboxAssignment[]): string[] =>
  assignments.map(({ permissionSet, accountId }) => `${permissionSet}@${accountId}`).toSorted()

export const directGrants = async ({ control }: World['sandbox'], user: string): Promise<string[]> =>
  grantsIn((await control.user(user)).assignments)

export const same = (left: readonly string[], right: readonly string[]): boolean =>
  left.toSorted().join('\n') === right.toSorted().join('\n')

/** Waits until AWS shows exactly these as the user's own. */
export const untilUserHas = (world: World, user: string, grants: readonly string[]): Promise<true> =>
  until(`AWS to give ${user} exactly [${grants.join(', ')}]`, async () =>
    same(await directGrants(world.sandbox, user), grants),
  )

export const untilGroup = (
  world: World,
  group: string,
  what: string,
  test: (found: Awaited<ReturnType<ControlClient['group']>>) => boolean,
): Promise<true> =>
  until(`the AWS group ${group} to ${what}`, async () => test(await world.sandbox.control.group(group)))

export const untilMember = (world: World, group: string, user: string): Promise<true> =>
  untilGroup(world, group, `have ${user}`, ({ members }) => members.includes(user))

export const untilNoMember = (world: World, group: string, user: string): Promise<true> =>
  untilGroup(world, group, `be without ${user}`, ({ members }) => !members.includes(user))

export const untilNoGroup = (world: World, group: string): Promise<true> =>
  until(`the AWS group ${group} to be gone`, async () => !(await hasGroup(world, group)))

export async function hasGroup({ sandbox }: World, group: string): Promise<boolean> {
  return (await sandbox.control.world()).groups.some(({ displayName }) => displayName === group)
}

/** Waits until nothing that was asked of AWS is still in progress. */
export const untilQuiet = (world: World): Promise<true> =>
  until('AWS to have nothing in progress', async () => (await world.sandbox.control.inFlight()).length === 0)

export const until = (
  reason: string,
  test: () => Promise<boolean>,
  withinMs: number = IN_AWS_WITHIN_MS,
): Promise<true> =>
  waitFor(reason, async () => ((await test()) ? (true as const) : undefined), { withinMs, everyMs: 100 })

/** Everything that AWS grants, so that two moments can be compared: groups, members, assignments. */
export async function everything({ sandbox }: World): Promise<string[]> {
  const { groups, assignments } = await sandbox.control.world()
  return [
    ...groups.flatMap(({ displayName, members }) => [
      `group ${displayName}`,
      ...members.map((member) => `member ${displayName} ${member}`),
    ]),
    ...assignments.map(
      ({ principalType, principalName, principalId, permissionSet, accountId }) =>
        `${principalType} ${principalName ?? principalId} ${permissionSet}@${accountId}`,
    ),
  ].toSorted()
}

/** What one has and the other not, in few words. */
export function difference(before: readonly string[], after: readonly string[]): string {
  const [was, is] = [new Set(before), new Set(after)]
  const gone = before.filter((row) => !is.has(row)).map((row) => `- ${row}`)
  const come = after.filter((row) => !was.has(row)).map((row) => `+ ${row}`)
  return [...gone, ...come].slice(0, 10).join('; ')
}

/** Calls that change AWS, by name and number. */
export async function writes({ sandbox }: World): Promise<Record<string, number>> {
  const { actions } = await sandbox.control.calls()
  const isWrite = (name: string): boolean =>
    /^(sso-admin|identitystore)\.(Create|Delete|Update|Put|Attach|Detach)/.test(name) ||
    /^scim\.(?!Get|List|Read|ServiceProviderConfig|Schemas|ResourceTypes)/i.test(name)
  return Object.fromEntries(
    Object.entries(actions).flatMap(([name, { total }]) => (isWrite(name) ? [[name, total] as const] : [])),
  )
}

export async function accountId(world: World, name: string): Promise<string> {
  const found = (await world.sandbox.control.world()).accounts.find((account) => account.name === name)
  if (!found) throw new Error(`AWS has no account ${name}`)
  return found.id
}

export async function permissionSetArn(world: World, name: string): Promise<string> {
  const found = (await world.sandbox.control.world()).permissionSets.find((set) => set.name === name)
  if (!found) throw new Error(`AWS has no permission set ${name}`)
  return found.arn
}

/** As the guide has them: `<permission set>-on-<account>-<id>`. */
export async function systemRole(world: World, permissionSet: string, account: string): Promise<string> {
  return `${permissionSet}-on-${account.replaceAll(' ', '_')}-${await accountId(world, account)}`
}
