// Kills the server at every one of its writes to AWS, then at moments drawn from a seed, and looks whether anything was
// lost or doubled.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { runCrashTrials } from './crash-trials.ts'
import { cutEveryBoundary } from './every-boundary.ts'

const HELP = `Usage: npm run test:crash -- [options]

  --kills N     how many SIGKILLs at drawn moments (default 100)
  --seed SEED   draws the moments; the one printed repeats a run
  --per-world N AWS and the decisions are compared after so many kills (default 10)
  --help        this text
`

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
    'per-world': { type: 'string', default: '10' },
    help: { type: 'boolean', short: 'h' },
  },
})
const [kills, killsPerWorld] = [Number(values.kills), Number(values['per-world'])]
if (values.help) process.stdout.write(HELP)
else if (![kills, killsPerWorld].every((count) => Number.isInteger(count) && count >= 0) || !killsPerWorld) {
  process.stderr.write(`--kills is a whole number, --per-world one from 1.\n\n${HELP}`)
  process.exitCode = 2
} else {
  const say = (line: string): void => console.log(line)
  const cut = await cutEveryBoundary(say)
  say(`seed ${values.seed}`)
  const drawn = await runCrashTrials({ seed: values.seed, kills, killsPerWorld, say })
  for (const line of [...cut.wrong, ...drawn.wrong]) say(line)
  say(`${cut.passed + drawn.passed} passed, ${cut.failed + drawn.failed} failed`)
  process.exitCode = cut.failed + drawn.failed === 0 ? 0 : 1
}
