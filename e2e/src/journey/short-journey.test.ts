import { expect, it } from 'vitest'
import { enrolSteps } from './enrol-steps.ts'
import { lockStep } from './lock-steps.ts'
import { roleRequestStep } from './request-steps.ts'
import { roleSteps, systemRoleStep } from './role-steps.ts'
import { runSteps } from './steps.ts'
import { startWorld } from './world.ts'

it('walks the guide: enrol, adopt, a role, a request that ends, a lock', { timeout: 240_000 }, async () => {
  await using world = await startWorld()
  const lines: string[] = []
  const steps = [...enrolSteps, ...roleSteps, systemRoleStep, roleRequestStep, lockStep]
  const { failed } = await runSteps(steps, world, (line) => lines.push(line))
  expect(failed, lines.join('\n')).toBe(0)
})
