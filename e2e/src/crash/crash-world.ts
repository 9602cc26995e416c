import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type GatehouseClient, type OrganizationStatusView, readWholePlan, readWholeStatus } from '@gatehouse/api'
import type { ControlClient } from '../harness/control-client.ts'
import { enrol, ORGANIZATION, untilAdopted } from '../harness/enrol.ts'
import { type Sandbox, startSandbox } from '../harness/sandbox.ts'
import { type Server, startServer } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'
import { waitFor } from '../harness/wait-for.ts'
import {
  decide,
  type Decisions,
  describeAssignment,
  describeGroup,
  describeUser,
  firstDecisions,
  type Holdings,
  holdingsOf,
  isLockedUser,
  type Pair,
} from './decisions.ts'

/** When the server is killed: so many writes to AWS after the decision was sent, and then so much later. */
export interface Moment {
  readonly writes: number
  readonly delayMs: number
}

/** A write to AWS, by its number after the decision, and whether AWS has done it when the server is killed. */
export interface Boundary {
  readonly write: number
  readonly side: 'before' | 'after'
}

/** A server that manages a sandbox organization and is killed again and again. */
export interface CrashWorld extends AsyncDisposable {
  readonly first: Decisions
  /** Sends decisions and kills the server at the moment, starts it again, and makes sure that it knows the decisions. */
  killAmid(decisions: Decisions, moment: Moment): Promise<{ readonly wasCut: boolean; readonly writes: number }>
  /** The same at a boundary; says whether the server got there. */
  killAt(decisions: Decisions, boundary: Boundary): Promise<boolean>
  /** Makes the decisions, lets everything come to rest, and says how many writes to AWS that took. */
  writesFor(decisions: Decisions): Promise<number>
  /** What is wrong once everything has come to rest, one line each. */
  check(decisions: Decisions): Promise<readonly string[]>
}

const SEED = 'generated:6x4x6x2x8'
const OWNER = 'owner@crash.example'
const PASSWORD = 'correct horse battery staple crash'
const PARAMS = { params: { name: ORGANIZATION } }
/** A moment that never comes, because all writes are done, is this long after the decision. */
const LONGEST_MOMENT_MS = 3_000
const IN_LINE_WITHIN_MS = 60_000
const WRITES = { service: 'sso-admin|scim', operation: 'Create*|Delete*|Patch*|Put*' }
/** Between what AWS does and its answer there is time to be killed in. */
const ANSWERS_LATER = { kind: 'latency', ms: 60, probability: 0.5 }

interface CrashWorldOptions {
  /** How long AWS takes for an assignment, in milliseconds. */
  readonly pace: number
  /** Answers come late, so that there is time between what AWS does and its answer. */
  readonly isSlow: boolean
}

export async function startCrashWorld({ pace, isSlow }: CrashWorldOptions): Promise<CrashWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-crash-'))
  const sandbox = await startSandbox({ seed: SEED, pace })
  const start = (port?: number): Promise<Server> =>
    startServer({
      folder,
      awsEndpointUrl: sandbox.endpointUrl,
      bootstrapAdmin: OWNER,
      logFile: join(folder, 'server.log'),
      ...(port === undefined ? {} : { port }),
    })
  let server = await start()
  const client = await signInFirst(server)
  const { port } = server
  await enrol({ client, server, sandbox, owner: OWNER })
  await untilAdopted(client)
  const plan = await client.getPlan({ ...PARAMS, query: { refresh: false } })
  await client.startOrganization({ ...PARAMS, body: { planHash: plan.hash } })
  await untilInLine(client)
  const before = await holdingsIn(sandbox)
  const first = firstDecisions(await pairsOf(sandbox))
  if (isSlow) await sandbox.control.addFault({ ...ANSWERS_LATER, ...WRITES })

  async function killAmid(decisions: Decisions, { writes, delayMs }: Moment) {
    const earlier = await writesSeen(sandbox.control)
    const deciding = decide(client, decisions).then(
      () => true,
      (error: unknown) => error,
    )
    const seen = await untilWritten(sandbox.control, earlier + writes)
    await sleep(delayMs)
    await server.program.kill()
    const decided = await deciding
    server = await start(port)
    if (decided !== true) await decide(client, decisions)
    return { wasCut: decided !== true, writes: seen - earlier }
  }

  async function killAt(decisions: Decisions, { write, side }: Boundary): Promise<boolean> {
    const { control } = sandbox
    const { id } = await control.addFault({ kind: `timeout-${side}-effect`, ...WRITES, skip: write, times: 1 })
    const isMet = async (): Promise<boolean> => (await control.faults()).every((fault) => fault.id !== id)
    const deciding = decide(client, decisions).catch((error: unknown) => error)
    const wasMet = await untilTrue(isMet, LONGEST_MOMENT_MS)
    await server.program.kill()
    await deciding
    await control.clearFaults()
    server = await start(port)
    await decide(client, decisions)
    return wasMet
  }

  async function writesFor(decisions: Decisions): Promise<number> {
    const earlier = await writesSeen(sandbox.control)
    await decide(client, decisions)
    await untilInLine(client)
    return (await writesSeen(sandbox.control)) - earlier
  }

  async function check(decisions: Decisions): Promise<readonly string[]> {
    await untilInLine(client)
    const wanted = holdingsOf(decisions)
    const held = await holdingsIn(sandbox)
    const users = wanted.users.filter((user) => !isLockedUser(user) || held.users.includes(user))
    const wrong = differences({
      wanted: {
        users: [...before.users, ...users],
        groups: [...before.groups, ...wanted.groups],
        assignments: [...before.assignments, ...wanted.assignments],
      },
      held,
    })
    const audit = await client.verifyAuditEvents({})
    if (!audit.intact) wrong.push(`the audit chain breaks at event ${audit.firstBroken}`)
    return [...wrong, ...(await writesOfAnotherSweep(client, sandbox.control))]
  }

  return {
    first,
    killAmid,
    killAt,
    writesFor,
    check,
    async [Symbol.asyncDispose]() {
      await Promise.all([server.stop(), sandbox.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function signInFirst(server: Server): Promise<GatehouseClient> {
  const link = server.bootstrapLink()
  if (link === undefined) throw new Error('the server printed no link for its first administrator')
  await setPassword(server.url + link, PASSWORD)
  return server.signIn(OWNER, PASSWORD)
}

async function pairsOf({ control, managementAccountId }: Sandbox): Promise<readonly Pair[]> {
  const { accounts, permissionSets } = await control.world()
  return accounts
    .filter(({ id }) => id !== managementAccountId)
    .flatMap(({ id }) => permissionSets.map(({ arn }) => ({ account: id, permissionSet: arn })))
}

async function holdingsIn({ control }: Sandbox): Promise<Holdings> {
  const { users, groups, assignments } = await control.world()
  return {
    users: users.map(({ userName, active }) => describeUser(userName, active)),
    groups: groups.map(({ displayName, members }) => describeGroup(displayName, members)),
    assignments: assignments.map(({ principalType, principalName = 'nobody', accountId, permissionSetArn }) =>
      describeAssignment(principalType, principalName, {
        account: accountId,
        permissionSet: permissionSetArn,
      }),
    ),
  }
}

function differences({ wanted, held }: { readonly wanted: Holdings; readonly held: Holdings }): string[] {
  return (['users', 'groups', 'assignments'] as const).flatMap((kind) => [
    ...without(wanted[kind], held[kind]).map((one) => `AWS lacks of ${kind}: ${one}`),
    ...without(held[kind], wanted[kind]).map((one) => `AWS has too much of ${kind}: ${one}`),
  ])
}

/** Each item of `others` takes away one that is alike. */
function without(items: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...items]
  for (const other of others) if (left.includes(other)) left.splice(left.indexOf(other), 1)
  return left
}

/** A write that was cut is listed for a while, also when its effect has been seen and nothing is planned. */
const isBegun = ({ state }: OrganizationStatusView['inFlight'][number]): boolean =>
  state !== 'failed' && state !== 'unknown'

/** Nothing is planned, held or on its way, and a sweep and a round have seen that since the server started. */
async function untilInLine(client: GatehouseClient): Promise<OrganizationStatusView> {
  let last = ''
  const probe = async (): Promise<OrganizationStatusView | undefined> => {
    const status = await readWholeStatus(client, ORGANIZATION)
    const { operations, held } = await readWholePlan(client, PARAMS.params)
    const begun = status.inFlight.filter(isBegun)
    last = JSON.stringify({ begun, operations: operations.map(({ summary }) => summary), held })
    const isQuiet = begun.length + operations.length + held.length === 0
    const hasLooked = status.round.lastAt !== undefined && status.sweep.nextAt !== undefined && !status.sweep.running
    return isQuiet && hasLooked ? status : undefined
  }
  try {
    return await waitFor('AWS to equal the decisions', probe, { withinMs: IN_LINE_WITHIN_MS, everyMs: 100 })
  } catch (cause) {
    throw new Error(`AWS did not come to equal the decisions: ${last}`, { cause })
  }
}

async function writesOfAnotherSweep(client: GatehouseClient, control: ControlClient): Promise<readonly string[]> {
  await control.resetCalls()
  const { round } = await client.getOrganizationStatus(PARAMS)
  await client.getPlan({ ...PARAMS, query: { refresh: true } })
  await waitFor('a round after the second sweep', async () => {
    const status = await readWholeStatus(client, ORGANIZATION)
    return status.round.lastAt !== round.lastAt && !status.inFlight.some(isBegun) ? true : undefined
  })
  const { actions } = await control.calls()
  return Object.entries(actions)
    .filter(([action]) => isWrite(action))
    .map(([action, { total }]) => `a second sweep led to ${total} × ${action}`)
}

const isWrite = (action: string): boolean => /^(?:sso-admin|scim)\.(?:Create|Delete|Patch|Put)/.test(action)

async function writesSeen(control: ControlClient): Promise<number> {
  const { actions } = await control.calls()
  return Object.entries(actions).reduce((sum, [action, { total }]) => sum + (isWrite(action) ? total : 0), 0)
}

async function untilWritten(control: ControlClient, count: number): Promise<number> {
  let seen = 0
  await untilTrue(async () => (seen = await writesSeen(control)) >= count, LONGEST_MOMENT_MS)
  return seen
}

/** Looks often, because what follows has to be soon; says whether it came true in time. */
async function untilTrue(isTrue: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline) {
    if (await isTrue()) return true
    await sleep(10)
  }
  return false
}
