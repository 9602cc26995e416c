import { settled } from './drift-steps.ts'
import { check, type Step } from './steps.ts'
import { ADMIN, type World } from './world.ts'

/** AWS's own ("Quotas", IAM Identity Center): calls a second, and requests for assignments in progress. */
const CALLS_PER_SECOND = 20
/** What leaves evenly arrives bunched on a busy machine; the gate's own tests hold it to the quota exactly. */
const BUNCHED = 1.25
const IN_FLIGHT = 10

const audit: Step = {
  id: 'audit',
  title: 'the record of all this is whole: tctl audit verify',
  needs: ['sign-in'],
  async run(world) {
    const { out } = await world.person(ADMIN).tctl(['audit', 'verify'])
    check(out.includes('intact'), out)
    return out.trim()
  },
}

const quotas: Step = {
  id: 'quotas',
  title: "AWS's quotas were kept all the way",
  needs: ['start'],
  async run(world) {
    await settled(world)
    const { peakInFlight, actions, total } = await world.sandbox.control.calls()
    const peak = await peakCalls(world)
    const throttled = Object.values(actions).reduce(
      (sum, { outcomes }) => sum + (outcomes['ThrottlingException'] ?? 0),
      0,
    )
    check(
      peak <= CALLS_PER_SECOND * BUNCHED,
      `${peak} calls of SSO Admin in one second, ${throttled} of all calls throttled`,
    )
    check(peakInFlight <= IN_FLIGHT, `${peakInFlight} requests in progress at once`)
    return `${total} calls, at most ${peak} a second and ${peakInFlight} in progress, ${throttled} throttled`
  },
}

const MOST_LOGGED = 50_000

/** The most calls of SSO Admin in any second of one server: one that was killed tells the next nothing of its last second. */
async function peakCalls({ sandbox, kills }: World): Promise<number> {
  const calls = (await sandbox.control.lastCalls(MOST_LOGGED)).filter(({ service }) => service === 'sso-admin')
  const bounds = [-Infinity, ...kills, Infinity]
  return Math.max(
    ...bounds.slice(1).map((end, index) => {
      const begin = bounds[index] ?? end
      return peakOf(calls.map(({ at }) => at).filter((at) => begin <= at && at < end))
    }),
  )
}

function peakOf(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  let [first, most] = [0, 0]
  for (const [last, at] of sorted.entries()) {
    while (at - (sorted[first] ?? at) >= 1_000) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}

export const finishSteps: readonly Step[] = [audit, quotas]
