// Walks the guide as an outsider: a fresh AWS sandbox, a fresh server, and nothing but HTTP, tctl, tsh and AWS's own
// word for what AWS holds. The last line says how many steps passed; the exit status whether all did.
import { enrolSteps } from './enrol-steps.ts'
import { clientSteps, roleSteps, systemRoleStep } from './role-steps.ts'
import { runSteps } from './steps.ts'
import { startWorld } from './world.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

await using world = await startWorld()
const { passed, failed } = await runSteps([...enrolSteps, ...roleSteps, systemRoleStep, ...clientSteps], world, say)
say(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
