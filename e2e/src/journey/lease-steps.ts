import { accessRequestDetailSchema } from '@gatehouse/api'
import { request } from './approval-steps.ts'
import { assignmentChanges } from './assignment-changes.ts'
import { accountId, directGrants, permissionSetArn, same, untilUserHas } from './aws.ts'
import { settled } from './drift-steps.ts'
import { explained, notExplained, type Place } from './explain.ts'
import { show } from './request-steps.ts'
import { check, type Step } from './steps.ts'
import { NEWCOMER, REVIEWER, type World } from './world.ts'

const HOUR_MS = 3_600_000

const prolong: Step = {
  id: 'prolong',
  title: 'prolonged access goes on past its first end and ends at the second: AWS sees one create and one delete',
  needs: ['role'],
  async run(world) {
    const place: Place = { account: 'Mobile Prod', set: 'DataScientist' }
    return oneLife(world, place, async ({ has }) => {
      const first = await approved(world, place, '1h')
      await has([first])
      const newcomer = world.person(NEWCOMER)
      const asked = ['request', 'prolong', first, '--max-duration', '1h', '--reason', 'not done yet']
      const { id: second } = await newcomer.tshJson(accessRequestDetailSchema, asked)
      await world.person(REVIEWER).tctl(['requests', 'approve', second])
      const [before, after] = [await endOf(world, first), await endOf(world, second)]
      check(after - before === HOUR_MS, `it ends ${after - before} ms later than the first`)
      await has([first, second])
      await world.letTimePass(HOUR_MS)
      await has([second])
      await world.letTimePass(HOUR_MS)
      return `until ${new Date(after).toISOString()}`
    })
  },
}

const overlap: Step = {
  id: 'overlap',
  title: 'two requests for one assignment overlap: it stays until the later one ends, with one create and one delete',
  needs: ['role'],
  async run(world) {
    const place: Place = { account: 'Billing Prod', set: 'DataScientist' }
    return oneLife(world, place, async ({ has }) => {
      const short = await approved(world, place, '1h')
      const long = await approved(world, place, '2h')
      await has([short, long])
      await world.letTimePass(HOUR_MS)
      await has([long])
      await world.letTimePass(HOUR_MS)
      return `${short}, ${long}`
    })
  },
}

interface Life {
  /** AWS has the assignment and nothing is under way; `tctl why` names exactly these requests. */
  readonly has: (requests: readonly string[]) => Promise<void>
}

/** Lets an assignment of the newcomer come and go, and checks that AWS was asked for each of it once. */
async function oneLife(world: World, place: Place, live: (life: Life) => Promise<string>): Promise<string> {
  const since = world.clock.now()
  const before = await directGrants(world.sandbox, NEWCOMER)
  const [account, set] = [await accountId(world, place.account), await permissionSetArn(world, place.set)]
  const grant = `${place.set}@${account}`
  const told = await live({
    async has(requests) {
      await untilUserHas(world, NEWCOMER, [...before, grant])
      await settled(world)
      check(same(await directGrants(world.sandbox, NEWCOMER), [...before, grant]), `AWS has lost ${grant}`)
      const way = await explained(world, NEWCOMER, place, 'request ')
      const named = [...way.matchAll(/request (\S+), approved by/g)].map(([, id]) => id ?? '')
      check(same(named, requests), `tctl why names ${named.join(', ')}, and not ${requests.join(', ')}`)
    },
  })
  await untilUserHas(world, NEWCOMER, before)
  await notExplained(world, NEWCOMER, place)
  await settled(world)
  const changes = await assignmentChanges(world, { user: NEWCOMER, accountId: account, permissionSetArn: set }, since)
  check(changes.join() === 'create,delete', `AWS was asked to ${changes.join(', ')} ${grant}`)
  return told
}

/** Files a request and has it approved. */
async function approved(world: World, place: Place, lasts: string): Promise<string> {
  const { id } = await request(world, [place], ['--max-duration', lasts])
  await world.person(REVIEWER).tctl(['requests', 'approve', id])
  return id
}

async function endOf(world: World, id: string): Promise<number> {
  const { state, expiresAt } = await show(world.person(NEWCOMER), id)
  if (expiresAt === undefined) throw new Error(`${id} is ${state} and has no end`)
  return Date.parse(expiresAt)
}

export const leaseSteps: readonly Step[] = [prolong, overlap]
