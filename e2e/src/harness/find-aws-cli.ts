import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of the first `aws` of version 2: version 1 has neither `configure sso` nor `sso login`. */
export function findAwsCli(): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'aws')
    if (!existsSync(path)) continue
    const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
    if (stdout.startsWith('aws-cli/2.')) return path
  }
  return undefined
}
