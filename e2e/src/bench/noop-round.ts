import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlClient } from '../harness/control-client.ts'
import { waitFor } from '../harness/wait-for.ts'
import { type Governed, PARAMS, startGoverned } from './governed.ts'
import { type Bench, rounded } from './measurement.ts'

const CALLS_LIMIT = 100
const VISIT_CALLS_PER_SECOND_LIMIT = 2
const VISITS_WATCHED_FOR_MS = 30_000
/** Visits come twice a second, so after this long without one there is a pause. */
const PAUSE_MS = 2_000
const SHAPE = '101 accounts × 20 sets × 2 groups = 4,040 assignments, 40 users; embedded database'

/** AWS calls of a sweep and round that change nothing, and of the visits between sweeps. */
export const noopRound: Bench = async ({ say }) => {
  await using world = await startGoverned({ seed: 'generated:101x20x40x2xall', pace: 'demo' })
  say('adopted; warming up')
  await sweepAndRound(world)
  const visits = await watchVisits(world, say)
  const { calls, actions } = await countOneSweep(world, say)
  return [
    {
      name: 'noop-round-calls',
      value: calls,
      unit: 'calls',
      better: 'lower',
      limit: CALLS_LIMIT,
      note: `${SHAPE}; ${actions}`,
    },
    {
      name: 'visit-calls-per-second',
      value: rounded(visits),
      unit: 'calls/s',
      better: 'lower',
      limit: VISIT_CALLS_PER_SECOND_LIMIT,
      note: `${SHAPE}; over ${VISITS_WATCHED_FOR_MS / 1000} s without a sweep`,
    },
  ]
}

async function watchVisits({ sandbox, client }: Governed, say: (line: string) => void): Promise<number> {
  say(`watching visits for ${VISITS_WATCHED_FOR_MS / 1000} s`)
  const before = await client.getOrganizationStatus(PARAMS)
  await sandbox.control.resetCalls()
  await sleep(VISITS_WATCHED_FOR_MS)
  const { actions } = await sandbox.control.calls()
  const after = await client.getOrganizationStatus(PARAMS)
  if (after.sweep.lastAt !== before.sweep.lastAt || after.sweep.running)
    throw new Error('a sweep came by itself while visits were watched; run it again')
  return ((actions[VISIT]?.total ?? 0) * 1000) / VISITS_WATCHED_FOR_MS
}

const VISIT = 'sso-admin.ListAccountAssignmentsForPrincipal'

/**
 * The log does not say whom a call was about, so the sweep is counted while nobody is visited. With rows through groups
 * visits never pause; asked for direct ones only they do, and the sweep, which reads groups here, is the same.
 */
async function countOneSweep(
  world: Governed,
  say: (line: string) => void,
): Promise<{ calls: number; actions: string }> {
  const { control } = world.sandbox
  await control.setKnobs({ principalListing: 'direct' })
  say('waiting until visits pause')
  await untilVisitsPause(control)
  await control.resetCalls()
  await sweepAndRound(world)
  const { actions } = await control.calls()
  const counted = Object.entries(actions).filter(([action]) => !action.startsWith('scim.'))
  return {
    calls: counted.reduce((sum, [, { total }]) => sum + total, 0),
    actions: counted.map(([action, { total }]) => `${action} ${total}`).join(', '),
  }
}

async function untilVisitsPause(control: ControlClient): Promise<void> {
  await waitFor(
    'a pause of the visits',
    async () => {
      const calls = await control.lastCalls(100)
      const last = calls.findLast(({ operation }) => VISIT.endsWith(`.${operation}`))
      return last !== undefined && Date.now() - last.at > PAUSE_MS ? true : undefined
    },
    { withinMs: 180_000, everyMs: 100 },
  )
}

async function sweepAndRound({ client }: Governed): Promise<void> {
  const { round } = await client.getOrganizationStatus(PARAMS)
  const { operations } = await client.getPlan({ ...PARAMS, query: { refresh: true } })
  if (operations.length > 0) throw new Error(`the round would change something: ${operations[0]?.summary}`)
  await waitFor('the round after the sweep', async () => {
    const status = await client.getOrganizationStatus(PARAMS)
    return status.round.lastAt !== round.lastAt ? true : undefined
  })
}
