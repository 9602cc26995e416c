import type { CrashReport } from './crash-trials.ts'
import { type Boundary, type CrashWorld, startCrashWorld } from './crash-world.ts'
import type { Decisions } from './decisions.ts'

/** Quick, because each boundary is followed by a whole recovery. */
const PACE_MS = 200
const SIDES = ['before', 'after'] as const
/** After one cut there may be fewer writes than after another: the last is behind when so many were not reached. */
const NOT_REACHED = 3

/**
 * Kills the server at each of its writes, before AWS does it and after it did but did not answer: on the way from
 * nothing to users, lists and grants, and on the way back. AWS must equal the decisions after every one.
 */
export async function cutEveryBoundary(say: (line: string) => void): Promise<CrashReport> {
  const reports = await Promise.all(SIDES.map((side) => cutOneSide(side, say)))
  const sum = (field: 'passed' | 'failed'): number => reports.reduce((total, report) => total + report[field], 0)
  return { passed: sum('passed'), failed: sum('failed'), wrong: reports.flatMap(({ wrong }) => wrong) }
}

async function cutOneSide(side: Boundary['side'], say: (line: string) => void): Promise<CrashReport> {
  await using world = await startCrashWorld({ pace: PACE_MS, isSlow: false })
  const ways = [
    { name: 'giving', decisions: given(world.first) },
    { name: 'taking', decisions: taken(world.first) },
  ]
  const report = { passed: 0, failed: 0, wrong: new Array<string>() }
  for (const { name, decisions } of ways)
    say(`${name} takes ${await world.writesFor(decisions)} writes; killed ${side} the effect of each`)
  for (let write = 0, missed = 0; missed < NOT_REACHED * ways.length; write++) {
    // Always both ways, so that each begins where the other has ended.
    for (const { name, decisions } of ways) {
      const { wasMet, wrong } = await cutOnce(world, decisions, { write, side })
      missed = wasMet ? 0 : missed + 1
      if (!wasMet) continue
      const where = `${name}, write ${write + 1}, ${side} its effect`
      say(`${where}: ${wrong.length === 0 ? 'AWS equals the decisions' : `${wrong.length} wrong`}`)
      if (wrong.length === 0) report.passed++
      else report.failed++
      report.wrong.push(...wrong.map((one) => `${where}: ${one}`))
    }
  }
  return report
}

async function cutOnce(world: CrashWorld, decisions: Decisions, boundary: Boundary) {
  const wasMet = await world.killAt(decisions, boundary)
  const wrong = await world.check(decisions).catch((error: unknown) => [String(error)])
  return { wasMet, wrong }
}

/** Something of everything: direct assignments, lists with members and grants. */
function given({ roles }: Decisions): Decisions {
  const [first = '', second = ''] = roles.keys()
  return {
    roles,
    users: new Map([
      ['ada@crash.example', { roles: [first], isLocked: false }],
      ['eli@crash.example', { roles: [second], isLocked: false }],
    ]),
    lists: new Map([['Crash one', { members: ['ada@crash.example', 'eli@crash.example'], roles: [first] }]]),
  }
}

/** The same people and lists without anything; one of them, who may come and go, is gone. */
function taken({ roles }: Decisions): Decisions {
  return {
    roles,
    users: new Map([['ada@crash.example', { roles: [], isLocked: false }]]),
    lists: new Map([['Crash one', { members: [], roles: [] }]]),
  }
}
