import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { createSecretKey, parseSecretKey } from '@gatehouse/adapter-postgres'
import { DomainError } from '@gatehouse/domain'

/**
 * Reads the key under which secrets lie in the database. @throws DomainError `refused` when there is none, when others
 * could read it; `invalid-value` when it is not a key.
 */
export function readSecretKey(file: string): Buffer {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (cause) {
    throw refused(`The secret key ${file} can't be read.`, `Make one with "gatehouse keys init --file ${file}".`, cause)
  }
  try {
    // Of the opened file, so that it can't be another one by now.
    const mode = fstatSync(descriptor).mode & 0o777
    if ((mode & 0o077) !== 0) {
      const octal = mode.toString(8).padStart(4, '0')
      throw refused(`Others can read the secret key ${file} (mode ${octal}).`, `Run "chmod 600 ${file}".`)
    }
    return parseSecretKey(readFileSync(descriptor, 'utf8'))
  } finally {
    closeSync(descriptor)
  }
}

/** Makes a new key; one that is there already is never touched. @throws DomainError `already-exists` */
export function writeSecretKey(file: string): void {
  let descriptor: number
  try {
    descriptor = openSync(file, 'wx', 0o600)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')
      throw new DomainError({
        code: 'already-exists',
        kind: 'file',
        name: file,
        remedy: 'Keep it: what was encrypted with it can be read with nothing else.',
      })
    throw refused(`${file} can't be written.`, 'Check the folder and its permissions.', cause)
  }
  try {
    writeSync(descriptor, `${createSecretKey()}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const refused = (message: string, remedy: string, cause?: unknown): DomainError =>
  new DomainError({ code: 'refused', message, remedy }, { cause })
