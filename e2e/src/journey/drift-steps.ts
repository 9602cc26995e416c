import { planSchema } from '@gatehouse/api'
import {
  accountId,
  difference,
  directGrants,
  everything,
  permissionSetArn,
  same,
  systemRole,
  until,
  untilQuiet,
  untilUserHas,
} from './aws.ts'
import { z } from 'zod'
import { asText, everyList, type ListDocument } from './documents.ts'
import { status } from './enrol-steps.ts'
import { giveRoles } from './role-steps.ts'
import { check, type Step } from './steps.ts'
import { ADMIN, NEWCOMER, VETERAN, type World } from './world.ts'

const behindOurBack: Step = {
  id: 'drift',
  title: 'assignments and members that somebody adds or removes in AWS are put back as decided',
  needs: ['start'],
  async run(world) {
    const { control } = world.sandbox
    await settled(world)
    const before = await everything(world)
    const [finance, auditors] = await Promise.all([control.group('finance'), control.group('auditors')])
    const [lost, ...rest] = finance.assignments
    const [outsider, insider] = [await control.user(VETERAN), await control.user(finance.members[0] ?? '')]
    check(lost !== undefined && rest.length > 0 && auditors.members.length > 1, 'the seed is another one')
    if (lost === undefined) return undefined
    await assign(world, 'DeleteAccountAssignment', { ...lost, principalId: finance.id })
    await assign(world, 'CreateAccountAssignment', {
      permissionSetArn: await permissionSetArn(world, 'AdministratorAccess'),
      accountId: await accountId(world, 'Payments Prod'),
      principalType: 'GROUP',
      principalId: auditors.id,
    })
    await membership(world, 'add', auditors.id, outsider.id)
    await membership(world, 'remove', finance.id, insider.id)
    const during = difference(before, await everything(world))
    check(during.split(';').length === 4, `not everything was changed: ${during}`)

    await until('AWS to be as it was', async () => {
      // Again each time: AWS's lists lag behind what was changed.
      await world.person(ADMIN).tctl(['plan', '--refresh'])
      const differs = difference(before, await everything(world))
      check(differs === '', differs)
      return true
    })
    await settled(world)
    return during
  },
}

const halfAnswer: Step = {
  id: 'half-answer',
  title:
    'AWS answers with half of the groups and members: nothing is removed and the finding is listed until it clears',
  needs: ['start'],
  async run(world) {
    const { control } = world.sandbox
    await settled(world)
    const before = await everything(world)
    await control.addFault({ kind: 'half-list', service: 'identitystore', operation: 'ListGroup*' })
    const admin = world.person(ADMIN)
    try {
      await until('the doubtful read to be a finding', async () => {
        const { operations } = await admin.tctlJson(planSchema, ['plan', '--refresh'])
        const removals = operations.filter(({ removes }) => removes)
        check(removals.length === 0, `the plan removes: ${removals.map(({ summary }) => summary).join('; ')}`)
        return (await status(world)).findings.length > 0
      })
      const { findings, health } = await status(world)
      check(health !== 'ok', `the health is ${health}`)
      // What the next rounds would do: time moves over two sweeps while the answers stay halved.
      const swept = (await status(world)).sweep.lastAt
      await world.clock.advance(6 * 60_000, control)
      await until('another sweep', async () => (await status(world)).sweep.lastAt !== swept)
      await untilQuiet(world)
      const changed = difference(before, await everything(world))
      check(changed === '', `AWS was changed: ${changed}`)
      return findings.map(({ message }) => message).join(' ')
    } finally {
      await control.clearFaults()
      await until('the finding to clear', async () => {
        await admin.tctl(['plan', '--refresh'])
        return (await status(world)).findings.length === 0
      })
      await settled(world)
    }
  },
}

const manyRemovals: Step = {
  id: 'many-removals',
  title: 'one tctl create -f that drops half of the members of 20 lists asks for --confirm-removals; nothing is saved',
  needs: ['start'],
  async run(world) {
    await settled(world)
    const before = await everything(world)
    const admin = world.person(ADMIN)
    const groups = new Set((await world.sandbox.control.world()).groups.map(({ displayName }) => displayName))
    const lists = (await everyList(admin)).filter(({ spec }) => groups.has(spec.title)).slice(0, 20)
    check(lists.length === 20, `there are ${lists.length} lists`)
    const halved = await Promise.all(lists.map((list) => halve(world, list)))
    const replace = (documents: readonly unknown[], ...args: string[]) =>
      admin.attempt('tctl', ['create', '-f', '-', ...args], asText(documents))

    const all = await replace(halved)
    const asked = numberAsked(all.err)
    check(all.code !== 0 && asked !== undefined, `nothing asks for a confirmation: ${all.code} ${all.err}`)
    const wrong = await replace(halved, '--confirm-removals', '1')
    check(wrong.code !== 0, 'a wrong number was taken as confirmation')
    const plan = await admin.tctlJson(planSchema, ['plan', '--refresh'])
    check(plan.operations.length === 0, `something was saved: ${plan.operations[0]?.summary}`)
    const changed = difference(before, await everything(world))
    check(changed === '', `AWS was changed: ${changed}`)

    const two = halved.filter(({ spec }) => ['everyone', 'web-engineers'].includes(spec.title))
    const first = await replace(two)
    const count = numberAsked(first.err)
    const last = count === undefined ? first : await replace(two, '--confirm-removals', count)
    check(last.code === 0, `two lists were refused: ${last.err}`)
    for (const { spec } of two)
      await until(`the AWS group ${spec.title} to have half of its members`, async () =>
        same(
          (await world.sandbox.control.group(spec.title)).members,
          spec.members.map(({ name }) => name),
        ),
      )
    return `asks for ${asked}; two lists ${count === undefined ? 'are within the budget' : `with ${count} confirmed`}`
  },
}

const numberAsked = (text: string): string | undefined => /--confirm-removals (\d+)/.exec(text)?.[1]

/** The list with every other of its members. */
async function halve(world: World, { kind, version, metadata, spec }: ListDocument) {
  const { members } = await world.sandbox.control.group(spec.title)
  const kept = members.filter((_name, index) => index % 2 === 0).map((name) => ({ name }))
  return { kind, version, metadata, spec: { ...spec, members: kept } }
}

const killed: Step = {
  id: 'killed',
  title: 'the server is killed in the middle of a round; started again, it finishes: nothing lost, nothing doubled',
  needs: ['role'],
  async run(world) {
    const { control } = world.sandbox
    await settled(world)
    const before = await everything(world)
    const own = await directGrants(world.sandbox, NEWCOMER)
    const accounts = ['Web Dev', 'Web Staging', 'Data Dev', 'Data Staging', 'Payments Dev', 'Payments Staging']
    const pairs = accounts.flatMap((account) => ['DataScientist', 'SupportUser'].map((set) => ({ account, set })))
    const roles = await Promise.all(pairs.map(({ account, set }) => systemRole(world, set, account)))
    const grants = await Promise.all(pairs.map(async ({ account, set }) => `${set}@${await accountId(world, account)}`))
    await giveRoles(world, NEWCOMER, ['identity-center-access', ...roles])
    await until('several assignments to be in flight', async () => (await control.inFlight()).length >= 4)
    await world.killAndRestartServer()
    await untilUserHas(world, NEWCOMER, [...new Set([...own, ...grants])])
    await giveRoles(world, NEWCOMER, ['identity-center-access'], '--confirm-removals', String(grants.length))
    await until('several removals to be in flight', async () => (await control.inFlight()).length >= 4)
    await world.killAndRestartServer()
    await untilUserHas(world, NEWCOMER, own)
    await settled(world)
    const changed = difference(before, await everything(world))
    check(changed === '', `something else was changed: ${changed}`)
    return `${grants.length} assignments made and removed across two kills`
  },
}

/** Waits until Gatehouse has nothing to do and AWS nothing in progress. */
export async function settled(world: World): Promise<void> {
  await until('Gatehouse and AWS to be at rest', async () => {
    const { operations } = await world.person(ADMIN).tctlJson(planSchema, ['plan'])
    return operations.length === 0 && (await world.sandbox.control.inFlight()).length === 0
  })
}

const membershipSchema = z.object({ MembershipId: z.string() })

interface Assignment {
  readonly permissionSetArn: string
  readonly accountId: string
  readonly principalType: string
  readonly principalId: string
}

const assign = (
  { sandbox }: World,
  operation: 'CreateAccountAssignment' | 'DeleteAccountAssignment',
  { permissionSetArn: arn, accountId: account, principalType, principalId }: Assignment,
): Promise<unknown> =>
  sandbox.control.perform('sso-admin', operation, {
    InstanceArn: sandbox.instanceArn,
    PermissionSetArn: arn,
    TargetId: account,
    TargetType: 'AWS_ACCOUNT',
    PrincipalType: principalType,
    PrincipalId: principalId,
  })

async function membership({ sandbox }: World, change: 'add' | 'remove', group: string, user: string): Promise<void> {
  const key = { IdentityStoreId: sandbox.identityStoreId, GroupId: group, MemberId: { UserId: user } }
  if (change === 'add') {
    await sandbox.control.perform('identitystore', 'CreateGroupMembership', key)
    return
  }
  const found = await sandbox.control.perform('identitystore', 'GetGroupMembershipId', key)
  const { MembershipId } = membershipSchema.parse(found)
  const IdentityStoreId = sandbox.identityStoreId
  await sandbox.control.perform('identitystore', 'DeleteGroupMembership', { IdentityStoreId, MembershipId })
}

export const driftSteps: readonly Step[] = [behindOurBack, halfAnswer, manyRemovals, killed]
