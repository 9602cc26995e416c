import { ApiProblem, ApiUnreachable } from '@gatehouse/api'
import { DomainError, explain } from '@gatehouse/domain'

/** What both programs end with. Scripts rely on the numbers, so they never change. */
export const EXIT = {
  done: 0,
  failure: 1,
  usage: 2,
  notSignedIn: 3,
  refused: 4,
  notFound: 5,
  conflict: 6,
  timeOut: 7,
  partlyDone: 8,
  differences: 10,
  interrupted: 130,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What stopped a command on this side of the line, with what the reader can do about it. */
export class CliError extends Error {
  readonly remedy: string
  readonly exitCode: ExitCode
  constructor(message: string, options: { readonly remedy: string; readonly exitCode: ExitCode; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'CliError'
    this.remedy = options.remedy
    this.exitCode = options.exitCode
  }
}

export const usageError = (message: string, remedy: string): CliError =>
  new CliError(message, { remedy, exitCode: EXIT.usage })

/** The reason a signal is aborted with when the person presses Ctrl-C. */
export class Interrupted extends Error {}

export interface Explained {
  readonly message: string
  readonly remedy: string
  readonly exitCode: ExitCode
}

/** What to tell the person, and what to end with; `undefined` for a bug of ours. */
export function explainError(error: unknown): Explained | undefined {
  if (error instanceof Interrupted) return { message: 'Interrupted.', remedy: '', exitCode: EXIT.interrupted }
  if (error instanceof CliError) return { message: error.message, remedy: error.remedy, exitCode: error.exitCode }
  if (error instanceof ApiProblem) {
    return { message: error.message, remedy: error.remedy, exitCode: exitCodeOf(error) }
  }
  if (error instanceof ApiUnreachable) {
    const exitCode = error.reason === 'timeout' ? EXIT.timeOut : EXIT.failure
    return { message: error.message, remedy: error.remedy, exitCode }
  }
  if (error instanceof DomainError) return { ...explain(error.problem), exitCode: EXIT.usage }
  // The system said no: a disk that is full, a folder that nobody may write.
  if (error instanceof Error && 'syscall' in error)
    return { message: error.message, remedy: 'Check the disk, the path and its permissions.', exitCode: EXIT.failure }
  return undefined
}

/** A value that was typed is wrong usage; a document that is wrong is not. */
function exitCodeOf({ status, code }: ApiProblem): ExitCode {
  if (code === 'invalid-value') return EXIT.usage
  switch (status) {
    case 401:
      return EXIT.notSignedIn
    case 403:
    case 429:
      return EXIT.refused
    case 404:
      return EXIT.notFound
    case 409:
    case 412:
      return EXIT.conflict
    default:
      return EXIT.failure
  }
}
