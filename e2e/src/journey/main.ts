// Walks the guide as an outsider: a fresh AWS sandbox, a fresh server, and nothing but HTTP, tctl, tsh and AWS's own
// word for what AWS holds. The last line says how many steps passed; the exit status whether all did.
import { fourEyesStep, partialStep, shownSteps } from './approval-steps.ts'
import { driftSteps } from './drift-steps.ts'
import { enrolSteps } from './enrol-steps.ts'
import { explainStep } from './explain-steps.ts'
import { finishSteps } from './finish-steps.ts'
import { leaseSteps } from './lease-steps.ts'
import { listSteps, ownListStep } from './list-steps.ts'
import { lockStep } from './lock-steps.ts'
import { requestSteps, roleRequestStep } from './request-steps.ts'
import { reviewStep, suspensionStep } from './review-steps.ts'
import { clientSteps, roleSteps, systemRoleStep } from './role-steps.ts'
import { signInSteps } from './sign-in-steps.ts'
import { runSteps, type Step } from './steps.ts'
import { startWorld } from './world.ts'

const STEPS: readonly Step[] = [
  ...enrolSteps,
  ...roleSteps,
  ...listSteps,
  systemRoleStep,
  ownListStep,
  explainStep,
  roleRequestStep,
  ...requestSteps,
  fourEyesStep,
  partialStep,
  ...shownSteps,
  ...leaseSteps,
  lockStep,
  ...driftSteps,
  reviewStep,
  suspensionStep,
  ...clientSteps,
  ...signInSteps,
  ...finishSteps,
]

const say = (line: string): void => void process.stdout.write(`${line}\n`)

await using world = await startWorld()
const { passed, failed } = await runSteps(STEPS, world, say)
say(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
