import { expect, it } from 'vitest'
import { fourEyesStep, partialStep } from './approval-steps.ts'
import { enrolSteps } from './enrol-steps.ts'
import { lockStep } from './lock-steps.ts'
import { roleRequestStep } from './request-steps.ts'
import { reviewStep } from './review-steps.ts'
import { roleSteps, systemRoleStep } from './role-steps.ts'
import { runSteps } from './steps.ts'
import { startWorld } from './world.ts'

it(
  'walks the guide: enrol, adopt, a role, requests that end, four eyes, a review, a lock',
  { timeout: 240_000 },
  async () => {
    await using world = await startWorld()
    const lines: string[] = []
    const steps = [
      ...enrolSteps,
      ...roleSteps,
      systemRoleStep,
      roleRequestStep,
      fourEyesStep,
      partialStep,
      reviewStep,
      lockStep,
    ]
    const { failed } = await runSteps(steps, world, (line) => lines.push(line))
    expect(failed, lines.join('\n')).toBe(0)
  },
)
