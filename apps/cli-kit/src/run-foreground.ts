import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { CliError, EXIT } from './exit-codes.ts'

/** What a shell adds to a signal's number when it tells how a command ended. */
const ENDED_BY_SIGNAL = 128
const STDERR = 2

export interface Foreground {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What it prints is talk: its stdout goes to stderr. */
  readonly isTalk?: boolean
}

/**
 * Runs another program with this one's terminal, and gives back what it ended with, as a shell would. Ctrl-C is the
 * other program's while it runs; a signal sent to this process alone is passed on.
 * @throws CliError `not found` when there is no such program.
 */
export async function runForeground(
  program: string,
  args: readonly string[],
  { environment, isTalk = false }: Foreground,
): Promise<number> {
  const waiting = process.rawListeners('SIGINT') as NodeJS.SignalsListener[]
  process.removeAllListeners('SIGINT')
  const child = spawn(program, args, { stdio: ['inherit', isTalk ? STDERR : 'inherit', 'inherit'], env: environment })
  const listeners = new Map<NodeJS.Signals, NodeJS.SignalsListener>([
    ['SIGINT', () => {}],
    ['SIGTERM', (signal) => void child.kill(signal)],
    ['SIGHUP', (signal) => void child.kill(signal)],
  ])
  for (const [signal, listener] of listeners) process.on(signal, listener)
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', (cause) => reject(notStarted(program, cause)))
      child.on('close', (code, signal) => resolve(code ?? ENDED_BY_SIGNAL + constants.signals[signal ?? 'SIGTERM']))
    })
  } finally {
    for (const [signal, listener] of listeners) process.off(signal, listener)
    for (const listener of waiting) process.on('SIGINT', listener)
  }
}

function notStarted(program: string, cause: NodeJS.ErrnoException): CliError {
  if (cause.code === 'ENOENT')
    return new CliError(`There is no program ${program} here.`, {
      remedy: 'Install it, or put its folder into PATH.',
      exitCode: EXIT.notFound,
      cause,
    })
  return new CliError(`${program} can't be started: ${cause.message}.`, {
    remedy: 'Check whether you may run it.',
    exitCode: EXIT.failure,
    cause,
  })
}
