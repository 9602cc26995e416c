import { settled } from './drift-steps.ts'
import { check, type Step } from './steps.ts'
import { ADMIN } from './world.ts'

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
    const { peakCallsPerSecond, peakInFlight, actions, total } = await world.sandbox.control.calls()
    const peak = peakCallsPerSecond['sso-admin'] ?? 0
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

export const finishSteps: readonly Step[] = [audit, quotas]
