import type { World } from './world.ts'

/** One thing that the guide promises, done and looked at in AWS. */
export interface Step {
  /** Others name it in `needs`. */
  readonly id: string
  readonly title: string
  /** Statements of the guides that it shows. */
  readonly shows?: readonly `GD-${number}`[]
  /** Steps without which this one makes no sense. */
  readonly needs?: readonly string[]
  /** What this machine lacks for it. */
  readonly cannotRun?: () => string | undefined
  /** Fails by throwing; what it gives back is printed beside the title. */
  run(world: World): Promise<string | undefined>
}

export interface Tally {
  readonly passed: number
  readonly failed: number
}

const LOG_LINES = 12

/** Runs the steps in their order; one that fails stops only those that need it. */
export async function runSteps(steps: readonly Step[], world: World, say: (line: string) => void): Promise<Tally> {
  const passed = new Set<string>()
  let skipped = 0
  for (const [index, step] of steps.entries()) {
    const startedAt = performance.now()
    const line = (verdict: string, more: string): string => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)
      const shows = step.shows ? ` [${step.shows.join(' ')}]` : ''
      return `${String(index + 1).padStart(3)} ${verdict} ${seconds} s  ${step.title}${shows}${more === '' ? '' : `: ${more}`}`
    }
    const missing = (step.needs ?? []).filter((id) => !passed.has(id))
    const lacking = step.cannotRun?.()
    if (lacking !== undefined) {
      skipped++
      say(line('not run', lacking))
      continue
    }
    if (missing.length > 0) {
      say(line('FAILED ', `not tried, because it needs ${missing.join(', ')}`))
      continue
    }
    try {
      const told = await step.run(world)
      passed.add(step.id)
      say(line('passed ', told ?? ''))
    } catch (error) {
      say(line('FAILED ', error instanceof Error ? error.message : String(error)))
      for (const said of lastLines(world)) say(`      | ${said}`)
    }
  }
  return { passed: passed.size, failed: steps.length - passed.size - skipped }
}

/** Without the lines of requests, which are mostly those of the steps themselves. */
function lastLines(world: World): readonly string[] {
  const lines = world.server().program.said().trimEnd().split('\n')
  return lines.filter((line) => line !== '' && !line.includes('"msg":"request"')).slice(-LOG_LINES)
}

/** Says what was expected, so that a failed step explains itself. */
export function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}
