// How quick and how small: prints figures beside the limits they have to keep.
import { parseArgs } from 'node:util'
import { auditQuery } from './audit-query.ts'
import { awsProfile1000, awsProfile10000 } from './aws-profile.ts'
import { bulk } from './bulk.ts'
import { listOpen } from './list-open.ts'
import { type Bench, type Measurement, NotRun, ratioOf } from './measurement.ts'
import { noopRound } from './noop-round.ts'
import { readyAgain, readyNew } from './ready.ts'
import { replan } from './replan.ts'
import { rss, rssPostgres } from './rss.ts'
import { effectiveAccess } from './scale.ts'
import { listPage, webInitialJs, webLcp } from './web-pages.ts'
import { webPicker } from './web-picker.ts'
import { samlResponses } from './saml-responses.ts'

const BENCHES: ReadonlyMap<string, Bench> = new Map([
  ['ready-new', readyNew],
  ['ready-again', readyAgain],
  ['rss', rss],
  ['rss-postgres', rssPostgres],
  ['noop-round-calls', noopRound],
  ['bulk-1200', bulk],
  ['saml-responses', samlResponses],
  ['effective-access-p99', effectiveAccess],
  ['replan-p99', replan],
  ['list-12000-open', listOpen],
  ['audit-query-p99', auditQuery],
  ['web-initial-js', webInitialJs],
  ['web-lcp', webLcp],
  ['picker-5000x50', webPicker],
  ['list-12000-page', listPage],
  ['aws-profile-1000', awsProfile1000],
  ['aws-profile-10000', awsProfile10000],
])

const HELP = `Usage: npm run -s bench -- [options] [NAME…]

  --json   one line of JSON on stdout for each figure
  --quick  a tenth of the size where the whole takes minutes
  --help   this text

NAME: ${[...BENCHES.keys()].join(', ')}; all of them if left out.
noop-round-calls prints visit-calls-per-second, too; list-12000-open prints list-12000-open-postgres, too;
picker-5000x50 prints picker-key, too.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const unknown = positionals.filter((name) => !BENCHES.has(name))
if (values.help) process.stdout.write(HELP)
else if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}.\n\n${HELP}`)
  process.exitCode = 2
} else await run(positionals.length > 0 ? positionals : [...BENCHES.keys()])

async function run(names: readonly string[]): Promise<void> {
  for (const [name, bench] of BENCHES) {
    if (!names.includes(name)) continue
    const say = (line: string): void => void process.stderr.write(`${name}: ${line}\n`)
    try {
      for (const measurement of await bench({ isQuick: values.quick, say })) print(measurement)
    } catch (error) {
      say(`not run: ${error instanceof Error ? error.message : String(error)}`)
      if (!(error instanceof NotRun)) process.exitCode = 1
    }
  }
}

function print(measurement: Measurement): void {
  const { name, value, unit, better, limit, note } = measurement
  const ratio = ratioOf(measurement)
  if (values.json) return console.log(JSON.stringify({ name, value, unit, better, limit, ratio, note }))
  const verdict = ratio <= 1 ? 'met' : 'missed'
  console.log(`${name.padEnd(24)}${`${value} ${unit}`.padStart(16)}  limit ${limit}, ratio ${ratio}, ${verdict}`)
  console.log(`  ${note}`)
}
