// npm test: every test there is, then what was missing on this machine and therefore not run, then the counts. Programs
// that are missing are named, never installed. Further arguments go to vitest: npm test -- domain
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const says = (command, start) =>
  (spawnSync(command, ['--version'], { timeout: 20_000 }).stdout ?? '').toString().startsWith(start)
const runs = (command, ...args) => spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0

const OPTIONAL = [
  {
    name: 'PostgreSQL 15 or later (its server programs, or TEST_POSTGRES_URL)',
    isThere: () =>
      Boolean(process.env.TEST_POSTGRES_URL) ||
      globSync('/usr/lib/postgresql/*/bin/initdb').length > 0 ||
      (runs('postgres', '--version') && runs('initdb', '--version')),
    without: 'stores are tested on the embedded database only',
  },
  {
    name: 'Chromium',
    isThere: () => ['chromium', 'chromium-browser', 'google-chrome'].some((name) => runs(name, '--version')),
    without: 'pages are read without a browser',
  },
  {
    name: 'aws of version 2 (the AWS command line)',
    isThere: () =>
      (process.env.PATH ?? '')
        .split(':')
        .some((folder) => existsSync(`${folder}/aws`) && says(`${folder}/aws`, 'aws-cli/2.')),
    without: 'its commands to sign in are not run; version 1 and the SDKs speak to the sandbox if they are there',
  },
  {
    name: 'python3 with botocore',
    isThere: () => runs('python3', '-c', 'import botocore'),
    without: 'its reader of configuration files is not asked',
  },
  {
    name: 'xmlsec1',
    isThere: () => runs('xmlsec1', '--version'),
    without: "no other program's verifier looks at signed XML",
  },
  {
    name: 'xmllint and the schemas of SAML (opensaml-schemas, xmltooling-schemas)',
    isThere: () =>
      runs('xmllint', '--version') && ['opensaml', 'xmltooling'].every((name) => existsSync(`/usr/share/xml/${name}`)),
    without: 'messages are not held against the schemas of OASIS',
  },
]

const startedAt = performance.now()
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
const summaryFile = join(folder, 'summary.json')
const status = await runVitest(process.argv.slice(2))
const { counts, skipped } = existsSync(summaryFile)
  ? JSON.parse(readFileSync(summaryFile, 'utf8'))
  : { counts: { passed: 0, failed: 1, skipped: 0 }, skipped: [] }
rmSync(folder, { recursive: true, force: true })
if (status !== 0 && counts.failed === 0) counts.failed = 1

console.log(`Took ${Math.round((performance.now() - startedAt) / 1000)} s.`)
const missing = OPTIONAL.filter(({ isThere }) => !isThere())
if (missing.length > 0) {
  console.log('\nNot found on this machine:')
  for (const { name, without } of missing) console.log(`  ${name}: ${without}`)
}
if (skipped.length > 0) {
  console.log('\nNot run:')
  const byReason = Map.groupBy(skipped, ({ reason }) => reason)
  for (const [reason, tests] of byReason) {
    console.log(`  ${reason}:`)
    for (const { name } of tests) console.log(`    ${name}`)
  }
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed === 0 ? 0 : 1

function runVitest(args) {
  const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
  const reporters = ['--reporter=default', `--reporter=${root}scripts/test-reporter.mjs`]
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, GATEHOUSE_TEST_SUMMARY: summaryFile },
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}
