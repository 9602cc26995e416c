// Installs the locked dependencies when they are missing or older than the lockfile. Runs on the host's own Node,
// before anything is installed, so it uses Node's built-in modules only.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = `${root}node_modules/.gatehouse-lock`
const wanted = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  process.stderr.write('Installing dependencies (npm ci), once…\n')
  const npm = spawnSync('npm', ['ci'], { cwd: root, stdio: ['ignore', 2, 2] })
  if (npm.status !== 0) {
    process.stderr.write('npm ci failed; its own message above says why. Gatehouse needs npm and Node 20 or newer.\n')
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
}
