import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Sandbox } from './sandbox.ts'

/** Of util-linux: what it runs has a terminal. */
export const TERMINAL = 'script'
/** What takes longer waits for an answer that does not come. */
const ENDS_WITHIN_MS = 60_000
const BIN = fileURLToPath(new URL('../../../bin/', import.meta.url))

export interface ShellOptions {
  readonly home: string
  /** Path of the AWS CLI. */
  readonly cli: string
  readonly sandbox: Pick<Sandbox, 'controlUrl'>
  readonly environment?: Readonly<Record<string, string>>
  /** Does what somebody does whose browser a program opens. */
  readonly open: (url: string) => Promise<void>
}

/** Somebody's machine, which leads AWS's programs to the sandbox. */
export interface AwsShell {
  /** Runs a script, in a terminal if there are answers, which are typed as their questions come. */
  run(script: string, answers?: readonly (readonly [question: string, answer: string])[]): Promise<Ended>
}

export interface Ended {
  readonly code: number | null
  /** Standard error included. */
  readonly said: string
}

export async function createAwsShell({ home, cli, sandbox, environment = {}, open }: ShellOptions): Promise<AwsShell> {
  const bin = join(home, 'bin')
  mkdirSync(bin, { recursive: true })
  symlinkSync(cli, join(bin, 'aws'))
  const opened = join(home, 'opened')
  // Programs call it as their browser; the person behind it looks into the file.
  writeFileSync(join(bin, 'browser'), `#!/bin/sh\nprintf '%s\\n' "$1" >> '${opened}'\n`)
  chmodSync(join(bin, 'browser'), 0o755)
  const everything = {
    HOME: home,
    PATH: [bin, BIN, process.env['PATH'] ?? ''].join(delimiter),
    TERM: 'xterm',
    BROWSER: `${join(bin, 'browser')} %s`,
    AWS_PAGER: '',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...environment,
  }
  const models = join(home, 'models')
  const led = await run(`aws-sandbox env --control-url '${sandbox.controlUrl}' --models '${models}'`, everything)
  if (led.code !== 0) throw new Error(`aws-sandbox env ended with ${led.code}: ${led.said}`)
  let looked = 0
  const look = async (): Promise<void> => {
    const urls = existsSync(opened) ? readFileSync(opened, 'utf8').split('\n').slice(0, -1) : []
    const fresh = urls.slice(looked)
    looked = urls.length
    for (const url of fresh) await open(url)
  }
  return {
    async run(script, answers = []) {
      const watching = setInterval(() => void look().catch((error: unknown) => console.error(error)), 100)
      try {
        return await run(`${led.said}\nset -eu\n${script}`, everything, answers)
      } finally {
        clearInterval(watching)
        await look()
      }
    },
  }
}

/** A program that asks wants a terminal: `script` gives it one. */
function run(
  script: string,
  env: NodeJS.ProcessEnv,
  answers: readonly (readonly [question: string, answer: string])[] = [],
): Promise<Ended> {
  const child =
    answers.length === 0
      ? spawn('sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: ENDS_WITHIN_MS })
      : spawn(TERMINAL, ['-qefc', script, '/dev/null'], { env: { ...env, SHELL: '/bin/sh' }, timeout: ENDS_WITHIN_MS })
  let said = ''
  let from = 0
  const waiting = [...answers]
  const hear = (data: Buffer): void => {
    said += data.toString()
    const [next] = waiting
    const at = next ? said.indexOf(next[0], from) : -1
    if (!next || at === -1) return
    from = at + next[0].length
    waiting.shift()
    child.stdin?.write(`${next[1]}\r`)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, said }))
  })
}
