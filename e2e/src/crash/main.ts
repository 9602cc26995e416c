// Kills the server at moments drawn from a seed while it writes to AWS, and looks whether anything was lost or doubled.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { runCrashTrials } from './crash-trials.ts'

const HELP = `Usage: npm run test:crash -- [options]

  --kills N     how many SIGKILLs (default 200)
  --seed SEED   draws the moments; the one printed repeats a run
  --per-world N AWS and the decisions are compared after so many kills (default 10)
  --help        this text
`

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
    'per-world': { type: 'string', default: '10' },
    help: { type: 'boolean', short: 'h' },
  },
})
const [kills, killsPerWorld] = [Number(values.kills), Number(values['per-world'])]
if (values.help) process.stdout.write(HELP)
else if (![kills, killsPerWorld].every((count) => Number.isInteger(count) && count > 0)) {
  process.stderr.write(`--kills and --per-world are whole numbers from 1.\n\n${HELP}`)
  process.exitCode = 2
} else {
  console.log(`seed ${values.seed}`)
  const report = await runCrashTrials({ seed: values.seed, kills, killsPerWorld, say: (line) => console.log(line) })
  for (const line of report.wrong) console.log(line)
  console.log(`${report.passed} passed, ${report.failed} failed`)
  process.exitCode = report.failed === 0 ? 0 : 1
}
