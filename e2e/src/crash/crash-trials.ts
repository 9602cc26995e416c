import { type CrashWorld, startCrashWorld } from './crash-world.ts'
import { type Decisions, drawDecisions } from './decisions.ts'
import { createDraw, type Draw } from './draw.ts'

export interface CrashTrials {
  readonly seed: string
  readonly kills: number
  /** AWS and the decisions are compared after so many. */
  readonly killsPerWorld: number
  readonly say: (line: string) => void
}

export interface CrashReport {
  readonly passed: number
  readonly failed: number
  readonly wrong: readonly string[]
}

/** Two cores carry two worlds at once. */
const WORLDS_AT_ONCE = 2
const SHORTEST_PACE_MS = 300
const LONGEST_PACE_MS = 600
const MOST_WRITES = 6
const LONGEST_DELAY_MS = 300

/** Kills servers at moments drawn from the seed. A world that ends wrong fails all of its kills. */
export async function runCrashTrials(trials: CrashTrials): Promise<CrashReport> {
  const worlds = Array.from({ length: Math.ceil(trials.kills / trials.killsPerWorld) }, (_, index) => ({
    name: `${trials.seed}/${index + 1}`,
    kills: Math.min(trials.killsPerWorld, trials.kills - index * trials.killsPerWorld),
  }))
  const report = { passed: 0, failed: 0, wrong: new Array<string>() }
  const left = worlds.values()
  const work = async (): Promise<void> => {
    for (const { name, kills } of left) {
      const wrong = await runWorld(name, kills, trials.say).catch((error: unknown) => [String(error)])
      if (wrong.length === 0) report.passed += kills
      else report.failed += kills
      report.wrong.push(...wrong.map((line) => `world ${name}: ${line}`))
    }
  }
  await Promise.all(Array.from({ length: WORLDS_AT_ONCE }, work))
  return report
}

async function runWorld(name: string, kills: number, say: (line: string) => void): Promise<readonly string[]> {
  const draw = createDraw(name)
  const pace = draw.integer(SHORTEST_PACE_MS, LONGEST_PACE_MS)
  const startedAt = performance.now()
  const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
  await using world = await startCrashWorld({ pace, isSlow: true })
  say(`world ${name}: AWS takes ${pace} ms; governed after ${seconds()}`)
  let decisions = world.first
  for (let kill = 1; kill <= kills; kill++) {
    const { next, line } = await killOnce(world, decisions, draw)
    decisions = next
    say(`world ${name}, kill ${kill}: ${line}; ${seconds()}`)
  }
  const wrong = await world.check(decisions)
  say(`world ${name}: ${wrong.length === 0 ? 'AWS equals the decisions' : `${wrong.length} wrong`}; ${seconds()}`)
  return wrong
}

/** Now and then nothing new is decided: what the last kill left is then cut once more. */
async function killOnce(
  world: CrashWorld,
  before: Decisions,
  draw: Draw,
): Promise<{ readonly next: Decisions; readonly line: string }> {
  const isAgain = draw.oneIn(4)
  const next = isAgain ? before : drawDecisions(before, draw)
  const moment = { writes: draw.integer(0, MOST_WRITES), delayMs: draw.integer(0, LONGEST_DELAY_MS) }
  const { wasCut, writes } = await world.killAmid(next, moment)
  const cut = wasCut ? ', before the decision was answered' : ''
  const what = isAgain ? 'the same decisions' : 'new decisions'
  return { next, line: `${what}, ${writes} writes and ${moment.delayMs} ms later${cut}` }
}
