// Installs the locked dependencies when they are missing or older than the lockfile. Runs on the host's own Node,
// before anything is installed, so it uses Node's built-in modules only. Gatehouse itself needs Node 24, which comes
// with the dependencies. The scripts of package.json call it by `exec env node`: a shell that has just run `node`
// remembers where it was and would not look into node_modules/.bin again, and it would not pass a signal on.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const OLDEST_TO_INSTALL = 20
const OLDEST_TO_RUN = 24

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = `${root}node_modules/.gatehouse-lock`
const major = Number(process.versions.node.split('.')[0])
const wanted = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex')

if (major < OLDEST_TO_INSTALL)
  stop(`This is Node ${process.version}. Gatehouse needs Node ${OLDEST_TO_INSTALL} or newer.`)

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  process.stderr.write('Installing dependencies (npm ci), once…\n')
  // Named, because NODE_ENV=production or an npmrc would leave out what the demo and the tests need.
  const npm = spawnSync('npm', ['ci', '--include=dev', '--include=optional'], { cwd: root, stdio: ['ignore', 2, 2] })
  if (npm.error || npm.status !== 0) stop('npm ci failed; its own message above says why.')
  writeFileSync(stamp, wanted)
}

if (major < OLDEST_TO_RUN && !existsSync(`${root}node_modules/.bin/node`))
  stop(
    `This is Node ${process.version}, and npm has no newer one for ${process.platform} on ${process.arch}. ` +
      `Install Node ${OLDEST_TO_RUN} or newer.`,
  )

function stop(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
