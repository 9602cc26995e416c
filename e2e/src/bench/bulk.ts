import { waitFor } from '../harness/wait-for.ts'
import { type Governed, OWNER, startGoverned } from './governed.ts'
import { type Bench, rounded } from './measurement.ts'

const WHOLE = { accounts: 60, sets: 10 }
/** As many accounts as the whole one has requests in flight: AWS works on one at a time in an account. */
const QUICK = { accounts: 12, sets: 5 }
const SECONDS_EACH = 5
/** IAM Identity Center works on so many at a time, deletions included. */
const IN_FLIGHT = 10
const ALLOWED = 1.25
const SHARE_OF_LIMIT_TO_WAIT = 3

/** As many creations as there are pairs, then as many deletions, against the least time that AWS allows. */
export const bulk: Bench = async ({ isQuick, say }) => {
  const { accounts, sets } = isQuick ? QUICK : WHOLE
  const pairs = accounts * sets
  const least = (2 * pairs * SECONDS_EACH) / IN_FLIGHT
  const withinMs = least * SHARE_OF_LIMIT_TO_WAIT * 1000
  await using world = await startGoverned({
    // One account more: the management account stays as it is.
    seed: `generated:${accounts + 1}x${sets}x5x1x0`,
    pace: SECONDS_EACH * 1000,
  })
  const { control } = world.sandbox
  say(`${pairs} creations`)
  await control.resetCalls()
  const startedAt = await now(world)
  await decide(world, await pairsOf(world))
  await untilHeld(world, pairs, withinMs)
  const createdAt = await now(world)
  say(`${rounded(createdAt - startedAt)} s; ${pairs} deletions`)
  await decide(world, [])
  await untilHeld(world, 0, withinMs)
  const endedAt = await now(world)
  const { peakInFlight, actions, peakAdmittedPerSecond } = await control.calls()
  const throttled = Object.entries(actions).flatMap(([action, { outcomes }]) =>
    Object.entries(outcomes)
      .filter(([outcome]) => outcome !== 'ok')
      .map(([outcome, count]) => `${action} ${outcome} ${count}`),
  )
  return [
    {
      name: 'bulk-1200',
      value: rounded(endedAt - startedAt),
      unit: 's',
      better: 'lower',
      limit: ALLOWED * least,
      note: [
        `${isQuick ? 'quick, a tenth: ' : ''}${accounts} accounts × ${sets} sets × 1 group, ${SECONDS_EACH} s each; embedded database`,
        `creations ${rounded(createdAt - startedAt)} s, deletions ${rounded(endedAt - createdAt)} s, at least ${least} s together`,
        `${peakInFlight} in flight at most, ${peakAdmittedPerSecond['sso-admin'] ?? 0} SSO Admin calls a second at most`,
        `not ok: ${throttled.join(', ') || 'none'}`,
      ].join('; '),
    },
  ]
}

type Grant = { readonly account: string; readonly permission_set: string }

async function pairsOf({ sandbox }: Governed): Promise<readonly Grant[]> {
  const { accounts, permissionSets } = await sandbox.control.world()
  return accounts
    .filter(({ id }) => id !== sandbox.managementAccountId)
    .flatMap(({ id }) => permissionSets.map(({ arn }) => ({ account: id, permission_set: arn })))
}

/** One list with one role, which gives these. */
async function decide({ client }: Governed, grants: readonly Grant[]): Promise<void> {
  const role = {
    kind: 'role',
    version: 'v8',
    metadata: { name: 'bulk' },
    spec: { allow: { account_assignments: grants } },
  }
  const list = {
    kind: 'access_list',
    version: 'v1',
    metadata: { name: 'bulk' },
    spec: { title: 'Bulk', owners: [{ name: OWNER }], grants: { roles: ['bulk'] } },
  }
  const text = `${JSON.stringify(role)}\n---\n${JSON.stringify(list)}`
  const { removals } = await client.applyDocuments({ body: { text, mode: 'replace', dryRun: true } })
  const confirmRemovals = removals.memberships + removals.assignments
  await client.applyDocuments({ body: { text, mode: 'replace', confirmRemovals } })
}

async function untilHeld({ sandbox }: Governed, count: number, withinMs: number): Promise<void> {
  await waitFor(
    `AWS to hold ${count} assignments`,
    async () => {
      const [held, inFlight] = await Promise.all([sandbox.control.assignments(), sandbox.control.inFlight()])
      return held.length === count && inFlight.length === 0 ? true : undefined
    },
    { withinMs, everyMs: 250 },
  )
}

/** Seconds on the sandbox's clock. */
const now = async ({ sandbox }: Governed): Promise<number> => (await sandbox.control.health()).now / 1000
