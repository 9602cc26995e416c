import { readFileSync, statSync } from 'node:fs'
import { askSecret, canAsk, CliError, EXIT, usageError } from '@gatehouse/cli-kit'

/** From the file, the environment, or a person at a terminal; never as a flag, which every process could read. */
export async function readPassword(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  question: string,
): Promise<string> {
  if (file !== undefined) return readFirstLine(file)
  const given = environment['GATEHOUSE_PASSWORD']
  if (given !== undefined && given !== '') return given
  if (canAsk()) return askSecret(question)
  throw usageError(
    'There is nobody to ask for the password.',
    'Give --password-file, set GATEHOUSE_PASSWORD, or confirm in a browser with --browser.',
  )
}

function readFirstLine(file: string): string {
  try {
    if (file !== '-' && (statSync(file).mode & 0o077) !== 0)
      process.stderr.write(`Warning: others on this machine can read ${file}; "chmod 600" ends that.\n`)
    return readFileSync(file === '-' ? 0 : file, 'utf8').replace(/\r?\n[\s\S]*$/, '')
  } catch (cause) {
    throw new CliError(`The password file ${file} can't be read.`, {
      remedy: 'Check the path, and whether you may read it.',
      exitCode: EXIT.failure,
      cause,
    })
  }
}
