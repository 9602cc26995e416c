import { readFileSync } from 'node:fs'
import { CliError, EXIT } from '@gatehouse/cli-kit'

/** The text of a file, or of stdin for `-`. @throws CliError when it can't be read or is not UTF-8. */
export function readSource(path: string): string {
  const bytes = readBytes(path)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CliError(`${shown(path)} is not UTF-8 text.`, {
      remedy: 'Save it in UTF-8 and try again.',
      exitCode: EXIT.failure,
    })
  }
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new CliError(reason === 'ENOENT' ? `There is no file ${path}.` : `${shown(path)} can't be read: ${reason}.`, {
      remedy: 'Check the path, and whether you may read it.',
      exitCode: reason === 'ENOENT' ? EXIT.notFound : EXIT.failure,
      cause: error,
    })
  }
}

const shown = (path: string): string => (path === '-' ? 'What came on stdin' : path)
