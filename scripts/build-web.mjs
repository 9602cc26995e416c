// Builds the web interface when it is missing or older than what it is made of. Runs on Node 24, after prepare.mjs.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = `${root}apps/web/dist/.made-from`
const sources = globSync(
  ['apps/web/{src,public}/**/*.*', 'apps/web/{index.html,vite.config.ts,package.json}', '{api,domain}/src/**/*.ts'],
  { cwd: root },
)
const hash = createHash('sha256')
for (const file of ['package-lock.json', ...sources.toSorted()])
  hash.update(`${file}\n`).update(readFileSync(`${root}${file}`))
const wanted = hash.digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  process.stderr.write('Building the web interface…\n')
  const vite = fileURLToPath(new URL('../../bin/vite.js', import.meta.resolve('vite')))
  const options = { cwd: `${root}apps/web`, stdio: ['ignore', 'ignore', 'inherit'] }
  const built = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'error'], options)
  if (built.error || built.status !== 0) {
    process.stderr.write('The web interface could not be built; the messages above say why.\n')
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
}
