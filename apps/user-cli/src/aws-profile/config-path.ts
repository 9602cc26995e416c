import { accessSync, constants, lstatSync, mkdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { CliError, EXIT } from '@gatehouse/cli-kit'

const FOLDER_MODE = 0o700
export const NEW_FILE_MODE = 0o600
const MAX_LINKS = 40

/** Where AWS's programs look (AWS SDKs and Tools Reference Guide, "Location of the shared config files"). */
export function configPathOf(environment: Readonly<Record<string, string | undefined>>): string {
  const home = environment['HOME'] ?? homedir()
  const named = environment['AWS_CONFIG_FILE']
  if (named === undefined || named === '') return join(home, '.aws', 'config')
  return resolve(named.startsWith('~/') ? join(home, named.slice(2)) : named)
}

/** The file itself behind symbolic links, which stay; it need not be there yet. */
export function behindLinks(path: string): string {
  let target = path
  for (let links = 0; lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink(); links++) {
    if (links === MAX_LINKS) throw unwritable(path, 'its links lead in a circle')
    target = resolve(dirname(target), readlinkSync(target))
  }
  return target
}

/** @throws CliError when it can't be written, before anything is tried. */
export function makeReady(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE })
  const file = statSync(path, { throwIfNoEntry: false })
  if (!file) return
  if ((file.mode & 0o222) === 0) throw unwritable(path, 'it is read-only')
  try {
    accessSync(path, constants.W_OK)
  } catch (cause) {
    throw unwritable(path, 'you may not write it', cause)
  }
}

/** What is in it; nothing if it is not there. A device or a pipe might never end. */
export function readConfig(path: string): Buffer {
  const file = statSync(path, { throwIfNoEntry: false })
  if (file && !file.isFile()) throw notAFile(path)
  try {
    return readFileSync(path)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return Buffer.alloc(0)
    throw new CliError(`${path} can't be read.`, {
      remedy: 'Check whether you may read it.',
      exitCode: EXIT.failure,
      cause,
    })
  }
}

const notAFile = (path: string): CliError =>
  new CliError(`${path} is not a file.`, { remedy: 'Name one with AWS_CONFIG_FILE.', exitCode: EXIT.failure })

const unwritable = (path: string, reason: string, cause?: unknown): CliError =>
  new CliError(`${path} can't be written: ${reason}.`, {
    remedy: 'Make it writable, or name another file with AWS_CONFIG_FILE.',
    exitCode: EXIT.failure,
    cause,
  })
