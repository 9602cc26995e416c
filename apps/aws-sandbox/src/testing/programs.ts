import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Run {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end while this process goes on answering it. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Run> {
  return start(command, args, env).ended
}

/** A program that is still to be talked to: what it has printed, and its end. */
export function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = { stdout: '', stderr: '' }
  child.stdout.on('data', (bytes: Buffer) => (printed.stdout += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (printed.stderr += bytes.toString()))
  const ended = new Promise<Run>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ status: code ?? 1, ...printed }))
  })
  return { printed, ended, kill: () => child.kill() }
}

/** The AWS command line of a major version, wherever on the PATH it is. */
export function findAwsCli(major: 1 | 2): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = folders.flatMap((folder) => ['aws', 'aws2'].map((name) => join(folder, name)))
  return candidates.filter(isExecutable).find((path) => versionOf(path).startsWith(`aws-cli/${major}.`))
}

/** A Python that has botocore. */
export function findBotocore(): string | undefined {
  return ['python3', 'python'].find((name) => spawnSync(name, ['-c', 'import botocore']).status === 0)
}

/** `aws-cli/2.9.19` as numbers. */
export function versionNumbers(path: string): readonly [number, number] {
  const [, major, minor] = /aws-cli\/(\d+)\.(\d+)/.exec(versionOf(path)) ?? []
  return [Number(major), Number(minor)]
}

function versionOf(path: string): string {
  const { stdout, stderr } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  return `${stdout}${stderr}`.trim()
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
