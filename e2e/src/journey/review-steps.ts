import { accessListReviewSchema, accessListSchema, reviewRowSchema } from '@gatehouse/api'
import { z } from 'zod'
import { accountId, grantsIn, systemRole, untilGroup, untilMember, untilNoMember } from './aws.ts'
import { apply, listDocument } from './documents.ts'
import { explained, notExplained, type Place } from './explain.ts'
import { check, type Step } from './steps.ts'
import { ADMIN, ENGINEER, NEWCOMER, OWNER, type World } from './world.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

interface ReviewedList {
  readonly name: string
  readonly place: Place
}
const REVIEWED: ReviewedList = { name: 'quarterly', place: { account: 'Mobile Prod', set: 'SecurityAudit' } }
const FORGOTTEN: ReviewedList = { name: 'forgotten', place: { account: 'Search Prod', set: 'SecurityAudit' } }

const review: Step = {
  id: 'review',
  title: 'the owner of a list reviews it and takes somebody out: she leaves the AWS group, and the next date moves on',
  needs: ['role'],
  async run(world) {
    const { name, place } = REVIEWED
    const due = await makeList(world, REVIEWED, { dueIn: 3 * DAY_MS })
    await explained(world, NEWCOMER, place, `list "${name}"`)
    const owner = world.person(OWNER)
    const rows = await owner.tctlJson(z.array(reviewRowSchema), ['acl', 'reviews', 'rows', name])
    const losses = rows.find((row) => row.name === NEWCOMER)?.loses ?? []
    const told = losses.map(({ account, permissionSet }) => `${permissionSet.name} on ${account.name}`).join(', ')
    check(told === `${place.set} on ${place.account}`, `the row of ${NEWCOMER} says that she would lose: ${told}`)
    const stranger = await world
      .person(ENGINEER)
      .attempt('tctl', ['acl', 'reviews', 'create', name, '--remove-members', NEWCOMER])
    check(stranger.code !== 0, 'a member who owns nothing reviewed the list')

    await owner.tctl(['acl', 'reviews', 'create', name, '--remove-members', NEWCOMER, '--notes', 'has moved on'])
    await untilNoMember(world, name, NEWCOMER)
    await untilMember(world, name, ENGINEER)
    await notExplained(world, NEWCOMER, place)
    await explained(world, ENGINEER, place, `list "${name}"`)
    const [filed] = await owner.tctlJson(z.array(accessListReviewSchema), ['acl', 'reviews', 'ls', name])
    const isFiled = filed?.reviewers.join() === OWNER && filed.changes.removedMembers.join() === NEWCOMER
    check(isFiled, `the review is kept as ${JSON.stringify(filed)}`)
    const next = await dueAt(world, name)
    check(next > due, `the next review is due at ${next}, and was at ${due}`)
    return `${NEWCOMER} loses ${told}; due ${next.slice(0, 10)} instead of ${due.slice(0, 10)}`
  },
}

const suspension: Step = {
  id: 'suspension',
  title: 'an overdue list gives nothing in AWS and keeps its members; with the review everything is back',
  needs: ['role'],
  async run(world) {
    const { name, place } = FORGOTTEN
    await makeList(world, FORGOTTEN, { dueIn: 30 * MINUTE_MS, suspend_after: '30m' })
    await explained(world, NEWCOMER, place, `list "${name}"`)
    await world.letTimePass(61 * MINUTE_MS)
    await untilGroup(world, name, 'hold nothing', ({ assignments }) => assignments.length === 0)
    const { members } = await world.sandbox.control.group(name)
    const isWhole = [ENGINEER, NEWCOMER].every((user) => members.includes(user))
    check(isWhole, `the group of the suspended list has only ${members.join(', ')}`)
    const { withheld } = await notExplained(world, NEWCOMER, place)
    const reason = withheld.map((one) => one.reason).find((text) => text.includes(`"${name}" is suspended`))
    if (reason === undefined) throw new Error(`tctl why does not say that it is suspended: ${JSON.stringify(withheld)}`)

    await world.person(OWNER).tctl(['acl', 'reviews', 'create', name, '--notes', 'late'])
    await untilGranted(world, FORGOTTEN)
    for (const user of [ENGINEER, NEWCOMER]) await untilMember(world, name, user)
    await explained(world, NEWCOMER, place, `list "${name}"`)
    return reason
  },
}

/** With two members, and in AWS; when its review is due. */
async function makeList(
  world: World,
  { name, place }: ReviewedList,
  { dueIn, ...audit }: { readonly dueIn: number; readonly suspend_after?: string },
): Promise<string> {
  const role = await systemRole(world, place.set, place.account)
  const document = listDocument(name, { owner: OWNER, members: [ENGINEER, NEWCOMER], roles: [role] })
  const next_audit_date = new Date(world.clock.now() + dueIn).toISOString()
  const spec = { ...document.spec, audit: { ...audit, next_audit_date } }
  await apply(world.person(ADMIN), [{ ...document, spec }])
  await untilGranted(world, { name, place })
  for (const user of [ENGINEER, NEWCOMER]) await untilMember(world, name, user)
  return dueAt(world, name)
}

async function untilGranted(world: World, { name, place }: ReviewedList): Promise<void> {
  const grant = `${place.set}@${await accountId(world, place.account)}`
  await untilGroup(world, name, `hold ${grant}`, ({ assignments }) => grantsIn(assignments).join() === grant)
}

async function dueAt(world: World, name: string): Promise<string> {
  const { review: status } = await world.person(ADMIN).tctlJson(accessListSchema, ['acl', 'get', name])
  if (!status) throw new Error(`Nobody reviews ${name}.`)
  return status.dueAt
}

export const reviewStep: Step = review
export const suspensionStep: Step = suspension
