import { accountId, directGrants, permissionSetArn, same, untilUserHas } from './aws.ts'
import { apply, listDocument } from './documents.ts'
import { settled } from './drift-steps.ts'
import { explained, notExplained, type Place } from './explain.ts'
import { fileRequest, resourceId, show, untilProgress } from './request-steps.ts'
import { giveRoles } from './role-steps.ts'
import { check, type Step } from './steps.ts'
import { ADMIN, NEWCOMER, OWNER, REVIEWER, type World } from './world.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** So long after a change AWS may still tell what was there before. */
const READS_LAG_MS = 2_500

/** The reviewer is in both, the other approver in one. */
const APPROVERS = ['security-approvers', 'platform-approvers'] as const
const RULE = 'four-eyes'
const BUNDLE = 'incident-kit'

const fourEyes: Step = {
  id: 'four-eyes',
  title:
    'where a rule asks for two approvers, one who is in both of their lists counts once; the second lets it through',
  needs: ['role'],
  async run(world) {
    const place: Place = { account: 'Search Prod', set: 'NetworkAdministrator' }
    const account = await accountId(world, place.account)
    const [both, one] = [world.person(REVIEWER), world.person(OWNER)]
    await giveRoles(world, OWNER, ['reviewer'])
    await apply(world.person(ADMIN), [
      listDocument(APPROVERS[0], { owner: ADMIN, members: [REVIEWER], roles: [] }),
      listDocument(APPROVERS[1], { owner: ADMIN, members: [REVIEWER, OWNER], roles: [] }),
      twoOfApprovers(account),
    ])
    const before = await directGrants(world.sandbox, NEWCOMER)
    const { id } = await request(world, [place], ['--max-duration', '1h'])
    await both.tctl(['requests', 'approve', id, '--reason', 'seen'])
    const again = await both.attempt('tctl', ['requests', 'approve', id, '--reason', 'for the other list'])
    check(again.code !== 0 && again.err.includes('reviewed this request already'), `again: ${again.out}${again.err}`)
    const { state, needs } = await show(world.person(NEWCOMER), id)
    const asked = needs.flatMap(({ thresholds }) => thresholds).find(({ rule }) => rule === RULE)
    check(state === 'pending', `after one approver the request is ${state}`)
    check(asked?.approvals === 1 && asked.needed === 2, `the rule counts ${JSON.stringify(asked)}`)
    await notExplained(world, NEWCOMER, place)
    check(same(await directGrants(world.sandbox, NEWCOMER), before), 'AWS grants what one person approved')

    await one.tctl(['requests', 'approve', id])
    await untilUserHas(world, NEWCOMER, [...before, `${place.set}@${account}`])
    const way = await explained(world, NEWCOMER, place, `request ${id}, approved by ${REVIEWER}`)
    check(way.includes(OWNER), `tctl why does not name ${OWNER}: ${way}`)
    await world.person(ADMIN).tctl(['rm', `approval_rule/${RULE}`])
    await giveBack(world, id, before)
    return `${REVIEWER}, then ${OWNER}`
  },
}

const twoOfApprovers = (account: string) => ({
  kind: 'approval_rule',
  version: 'v1',
  metadata: { name: RULE },
  spec: {
    when: { accounts: [{ id: account }] },
    thresholds: [{ name: 'two of them', approve: 2, reviewers: { lists: APPROVERS } }],
  },
})

const partial: Step = {
  id: 'partial',
  title: 'of a requested bundle one row is approved: AWS gets that and nothing else, and loses it when it is returned',
  needs: ['role'],
  async run(world) {
    const set = 'SupportUser'
    const [given, refused] = [
      { account: 'Mobile Prod', set },
      { account: 'Billing Prod', set },
    ]
    const accounts = await Promise.all([given, refused].map(({ account }) => accountId(world, account)))
    await apply(world.person(ADMIN), [
      {
        kind: 'bundle',
        version: 'v1',
        metadata: { name: BUNDLE },
        spec: { accounts: accounts.map((id) => ({ id })), permission_sets: [set] },
      },
    ])
    const newcomer = world.person(NEWCOMER)
    const before = await directGrants(world.sandbox, NEWCOMER)
    const { id, rows } = await fileRequest(newcomer, ['--bundle', BUNDLE, '--max-duration', '1h'])
    check(rows.length === 2, `the bundle is ${rows.map(({ name }) => name).join(', ')}`)
    const row = `${accounts[0]}--supportuser`
    await world.person(REVIEWER).tctl(['requests', 'approve', id, '--only', row])
    const decided = (await show(newcomer, id)).rows.toSorted((a, b) => a.state.localeCompare(b.state))
    check(decided.map(({ state }) => state).join() === 'approved,denied', JSON.stringify(decided))
    check(decided[0]?.name === row, `approved is ${decided[0]?.name}, and not ${row}`)
    await untilUserHas(world, NEWCOMER, [...before, `${set}@${accounts[0]}`])
    await explained(world, NEWCOMER, given, `request ${id}`)
    await notExplained(world, NEWCOMER, refused)
    await giveBack(world, id, before)
    await notExplained(world, NEWCOMER, given)
    return row
  },
}

const bound: Step = {
  id: 'shown',
  title: 'an approval of what was shown is refused once the permission set has changed; of what there is now it counts',
  needs: ['role'],
  async run(world) {
    const place: Place = { account: 'Search Prod', set: 'DatabaseAdministrator' }
    const reviewer = world.person(REVIEWER)
    const before = await directGrants(world.sandbox, NEWCOMER)
    const { id } = await request(world, [place], ['--max-duration', '1h'])
    const hash = await shownHash(world, id)
    return withDescription(world, place.set, 'Sets up, runs and empties databases', async () => {
      const stale = await reviewer.attempt('tctl', ['requests', 'approve', id, '--shown', hash])
      check(stale.code !== 0 && stale.err.includes('not what you were shown'), `stale: ${stale.out}${stale.err}`)
      const { state } = await show(world.person(NEWCOMER), id)
      check(state === 'pending', `after an approval of something else the request is ${state}`)
      await settled(world)
      check(same(await directGrants(world.sandbox, NEWCOMER), before), 'AWS grants what nobody approved as it is')
      const now = await shownHash(world, id)
      await reviewer.tctl(['requests', 'approve', id, '--shown', now])
      await untilUserHas(world, NEWCOMER, [...before, `${place.set}@${await accountId(world, place.account)}`])
      await explained(world, NEWCOMER, place, `request ${id}, approved by ${REVIEWER}`)
      await giveBack(world, id, before)
      return `${hash.slice(0, 12)}, then ${now.slice(0, 12)}`
    })
  },
}

const beginning: Step = {
  id: 'beginning',
  title: 'access with a start time does not begin on a permission set that changed meanwhile; approved again, it does',
  needs: ['role'],
  async run(world) {
    const place: Place = { account: 'Web Prod', set: 'Billing' }
    const newcomer = world.person(NEWCOMER)
    const before = await directGrants(world.sandbox, NEWCOMER)
    const start = new Date(world.clock.now() + HOUR_MS).toISOString()
    const { id } = await request(world, [place], ['--max-duration', '2h', '--assume-start-time', start])
    const reviewer = world.person(REVIEWER)
    await reviewer.tctl(['requests', 'approve', id])
    const approved = await show(newcomer, id)
    check(approved.state === 'approved' && approved.startsAt === start, `${approved.state}, from ${approved.startsAt}`)
    return withDescription(world, place.set, 'Costs, invoices and budgets', async () => {
      await world.letTimePass(HOUR_MS + MINUTE_MS)
      await untilProgress(newcomer, id, 'proposed')
      const { state, reviews } = await show(newcomer, id)
      check(state === 'pending', `the request is ${state}`)
      check(reviews.length === 1 && reviews[0]?.void === true, `its reviews are ${JSON.stringify(reviews)}`)
      await notExplained(world, NEWCOMER, place)
      await settled(world)
      check(same(await directGrants(world.sandbox, NEWCOMER), before), 'AWS grants what was approved as something else')
      await reviewer.tctl(['requests', 'approve', id, '--reason', 'seen as it is now'])
      await untilUserHas(world, NEWCOMER, [...before, `${place.set}@${await accountId(world, place.account)}`])
      await explained(world, NEWCOMER, place, `request ${id}, approved by ${REVIEWER}`)
      await giveBack(world, id, before)
      return id
    })
  },
}

/** Filed by the newcomer, for account assignments. */
export async function request(world: World, places: readonly Place[], args: readonly string[]) {
  const newcomer = world.person(NEWCOMER)
  const ids = await Promise.all(places.map(({ account, set }) => resourceId(newcomer, account, set)))
  return fileRequest(newcomer, [...ids.flatMap((resource) => ['--resource', resource]), ...args])
}

/** `tsh request return`, until AWS has no more of it. */
async function giveBack(world: World, id: string, before: readonly string[]): Promise<void> {
  await world.person(NEWCOMER).tsh(['request', 'return', id])
  await untilUserHas(world, NEWCOMER, before)
}

/** As the reviewer reads it. */
async function shownHash(world: World, id: string): Promise<string> {
  const { out } = await world.person(REVIEWER).tctl(['requests', 'get', id])
  const hash = /^Shown: (\S+)$/m.exec(out)?.[1]
  if (hash === undefined) throw new Error(`tctl requests get shows no hash: ${out}`)
  return hash
}

/**
 * Somebody changes the permission set in AWS; in the end it is as it was. What reviewers are shown may be ten seconds old,
 * so no other step may ask for the set.
 */
async function withDescription<T>(world: World, set: string, text: string, act: () => Promise<T>): Promise<T> {
  const { control, instanceArn: InstanceArn } = world.sandbox
  const PermissionSetArn = await permissionSetArn(world, set)
  const before = (await control.world()).permissionSets.find(({ arn }) => arn === PermissionSetArn)?.description
  const describe = async (Description = '-'): Promise<void> => {
    await control.perform('sso-admin', 'UpdatePermissionSet', { InstanceArn, PermissionSetArn, Description })
    await world.clock.advance(READS_LAG_MS, control)
  }
  await describe(text)
  try {
    return await act()
  } finally {
    await describe(before)
  }
}

export const fourEyesStep: Step = fourEyes
export const partialStep: Step = partial
export const shownSteps: readonly Step[] = [bound, beginning]
