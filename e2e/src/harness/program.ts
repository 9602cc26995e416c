import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface ProgramOptions {
  /** What messages call it. */
  readonly name: string
  /** Its launcher in `bin`, or its main file; from the top of the repository. */
  readonly program: `bin/${string}` | `${string}.ts`
  readonly args?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Everything it says is added to this file, too. */
  readonly logFile?: string
}

/** One of our programs as a process of its own. */
export interface Program extends AsyncDisposable {
  readonly pid: number
  /** Everything on its standard error so far. */
  said(): string
  /** The first match in what it says on the stream; fails when it ends or the time is over before. */
  says(stream: 'stdout' | 'stderr', what: RegExp, withinMs: number): Promise<RegExpExecArray>
  /** Resolves when it has ended, with its exit code or the signal. */
  readonly ended: Promise<number | NodeJS.Signals>
  isRunning(): boolean
  /** SIGTERM, and SIGKILL if that takes too long. Resolves when it has ended. */
  stop(graceMs?: number): Promise<void>
  /** SIGKILL: no chance to tidy up. */
  kill(): Promise<void>
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const END_WITH_PARENT = fileURLToPath(new URL('./end-with-parent.ts', import.meta.url))
const KEPT = 1_000_000

/**
 * Starts a program with our own Node. It leads a process group of its own, so that Ctrl-C reaches only whoever started
 * it, who stops it in good order; if that one is killed it ends by itself.
 */
export function startProgram(options: ProgramOptions): Program {
  const { name, args = [] } = options
  const { flags, main, environment } = launched(options.program)
  const child = spawn(process.execPath, [...flags, `--import=${END_WITH_PARENT}`, ROOT + main, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...environment, ...cleanEnvironment(), ...options.environment },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
  const heard = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (data: Buffer) => {
      heard[stream] = (heard[stream] + data.toString()).slice(-KEPT)
      if (options.logFile !== undefined) appendFileSync(options.logFile, data, { mode: 0o600 })
      for (const look of listeners) look()
    })
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? signal ?? 1))
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} could not be started`)

  async function stop(graceMs = 15_000): Promise<void> {
    if (hasEnded(child)) return
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), graceMs)
    await ended
    clearTimeout(force)
  }

  return {
    pid,
    ended,
    said: () => heard.stderr,
    isRunning: () => !hasEnded(child),
    stop,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    says: (stream, what, withinMs) =>
      new Promise((resolve, reject) => {
        const finish = (): void => {
          clearTimeout(timer)
          listeners.delete(look)
        }
        const fail = (why: string): void => {
          finish()
          reject(new ProgramFailure(name, why, heard.stderr))
        }
        const look = (): void => {
          const match = what.exec(heard[stream])
          if (!match) return
          finish()
          resolve(match)
        }
        const timer = setTimeout(() => fail(`did not get ready within ${withinMs / 1000} s`), withinMs)
        listeners.add(look)
        ended.then(
          (code) => fail(`ended with ${code} before it was ready`),
          (error: Error) => fail(error.message),
        )
        look()
      }),
    [Symbol.asyncDispose]: () => stop(),
  }
}

/** A program that did not get as far as it should; `said` is what it wrote on its standard error. */
export class ProgramFailure extends Error {
  readonly said: string
  constructor(name: string, why: string, said: string) {
    super(`${name} ${why}.${said === '' ? '' : `\n${said.trimEnd().split('\n').slice(-20).join('\n')}`}`)
    this.name = 'ProgramFailure'
    this.said = said
  }
}

interface Launched {
  readonly flags: readonly string[]
  readonly main: string
  readonly environment: Readonly<Record<string, string>>
}

/** A launcher says what it sets and, last, how it starts its program: here it is started alike, to end with its parent. */
function launched(program: ProgramOptions['program']): Launched {
  if (!program.startsWith('bin/'))
    return { flags: ['--disable-warning=ExperimentalWarning'], main: program, environment: {} }
  const script = readFileSync(ROOT + program, 'utf8')
  const found = /^exec "\$node" (.*) "\$root\/(.*)" "\$@"$/m.exec(script)
  if (!found?.[1] || !found[2]) throw new Error(`${program} does not say how it starts its program`)
  const defaults = script.matchAll(/^(?<name>\w+)=\$\{\k<name>:-(?<value>.*)\}$/gm)
  const environment = Object.fromEntries(
    [...defaults].map(({ groups }) => [groups?.['name'] ?? '', (groups?.['value'] ?? '').replace('$root/', ROOT)]),
  )
  return { flags: found[1].split(' '), main: found[2], environment }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** Nothing that this shell happens to have set decides about a server or reaches a real AWS. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const decides = /^(AWS_|GATEHOUSE_|PORT$|DATABASE_URL|LOG_LEVEL$|NODE_OPTIONS$|VITEST)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !decides.test(name)))
}
