import { counted } from './counted.ts'

/**
 * Everything that can stop an operation, as data. `explain` says it to people; each outside (HTTP, command line) maps
 * the code to a status of its own.
 */
export type Problem =
  | { code: 'invalid-value'; field?: string; text: string; expected: string }
  | { code: 'invalid-document'; field: string; line?: number; message: string; remedy: string }
  | { code: 'invalid-expression'; column: number; message: string; remedy: string }
  | { code: 'unknown-field'; field: string; line?: number; suggestion?: string }
  | { code: 'not-supported-yet'; field: string; line?: number; feature: string }
  /** `others`: more names of that kind that were asked for together, and that are not there either. */
  | {
      code: 'not-found'
      kind: string
      name: string
      others?: readonly string[]
      field?: string
      suggestion?: string
      remedy?: string
    }
  | { code: 'already-exists'; kind: string; name: string; remedy?: string }
  | { code: 'conflict'; message: string; remedy: string }
  | { code: 'stale'; kind: string; name: string }
  | { code: 'in-use'; kind: string; name: string; by: readonly string[] }
  | { code: 'system-role'; name: string }
  | { code: 'cycle'; path: readonly string[]; field?: string }
  | { code: 'too-deep'; depth: number; limit: number }
  | { code: 'refused'; message: string; remedy: string }
  | { code: 'not-signed-in' }
  | { code: 'wrong-credentials' }
  | { code: 'too-many-attempts'; retryAfterSeconds: number }
  | { code: 'too-many-removals'; planned: number; limit: number; confirm: number }
  | { code: 'plan-changed'; message: string; remedy: string }
  | { code: 'upstream'; service: string; message: string; remedy: string }
  | { code: 'too-large'; what: string; limit: string }

/** Thrown by whatever can't go on; carries one problem, and the foreign error behind it as `cause`. */
export class DomainError extends Error {
  readonly problem: Problem
  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(explain(problem).message, options)
    this.name = 'DomainError'
    this.problem = problem
  }
}

/** What happened, and what the reader can do about it. Web and command line show both as they are. */
export function explain(problem: Problem): { message: string; remedy: string } {
  switch (problem.code) {
    case 'invalid-value':
      return {
        message: `${problem.field ? `${problem.field}: ` : ''}"${shorten(problem.text)}" is not valid.`,
        remedy: `Enter ${problem.expected}.`,
      }
    case 'invalid-document':
      return { message: `${place(problem)}: ${problem.message}`, remedy: problem.remedy }
    case 'invalid-expression':
      return { message: `column ${problem.column}: ${problem.message}`, remedy: problem.remedy }
    case 'unknown-field':
      return {
        message: `${place(problem)} is not a known key.`,
        remedy: problem.suggestion ? `Did you mean "${problem.suggestion}"?` : 'Remove it, or check its spelling.',
      }
    case 'not-supported-yet':
      return {
        message: `${place(problem)}: ${problem.feature} is not supported yet, and is refused rather than ignored.`,
        remedy: 'Remove it; nothing was saved.',
      }
    case 'not-found':
      return {
        message: `${problem.field ? `${problem.field}: ` : ''}there is no ${problem.kind} ${someOf([problem.name, ...(problem.others ?? [])])}.`,
        remedy: problem.suggestion
          ? `Did you mean "${problem.suggestion}"?`
          : (problem.remedy ?? `Check the name, or create the ${problem.kind} first.`),
      }
    case 'already-exists':
      return {
        message: `There is ${articleOf(problem.kind)} ${problem.kind} "${shorten(problem.name)}" already.`,
        remedy: problem.remedy ?? 'Choose another name, or replace it with "tctl create -f".',
      }
    case 'conflict':
    case 'refused':
      return { message: problem.message, remedy: problem.remedy }
    case 'stale':
      return {
        message: `The ${problem.kind} "${problem.name}" was changed by somebody else in the meantime.`,
        remedy: 'Read it again and repeat the change.',
      }
    case 'in-use':
      return {
        message: `The ${problem.kind} "${problem.name}" is used by ${problem.by.slice(0, 5).join(', ')}${problem.by.length > 5 ? ` and ${problem.by.length - 5} more` : ''}.`,
        remedy: 'Take it out there first.',
      }
    case 'system-role':
      return {
        message: `"${problem.name}" is a system role: it is derived from AWS and can't be written or removed.`,
        remedy: 'Grant it as it is, or create a role of your own with account_assignments.',
      }
    case 'cycle':
      return {
        message: `${problem.field ? `${problem.field}: ` : ''}the lists would contain one another: ${problem.path.join(' → ')}.`,
        remedy: 'Leave one of these links out.',
      }
    case 'too-deep':
      return {
        message: `Lists would be nested ${problem.depth} deep; the limit is ${problem.limit}.`,
        remedy: 'Add the members to a list nearer the top.',
      }
    case 'not-signed-in':
      return { message: 'You are not signed in, or your session has ended.', remedy: 'Sign in with "tsh login".' }
    case 'wrong-credentials':
      return {
        message: 'The user name or the password is wrong.',
        remedy: 'Try again, or ask an administrator for a new link.',
      }
    case 'too-many-attempts':
      return {
        message: 'There were too many attempts.',
        remedy: `Try again in ${counted(problem.retryAfterSeconds, 'second')}.`,
      }
    case 'too-many-removals':
      return {
        message: `This removes ${problem.planned} people or account assignments; more than ${problem.limit} at once must be confirmed.`,
        remedy: `Read what goes. If every removal is meant, repeat it with --confirm-removals ${problem.confirm}.`,
      }
    case 'plan-changed':
      return { message: problem.message, remedy: problem.remedy }
    case 'upstream':
      return { message: `${problem.service}: ${problem.message}`, remedy: problem.remedy }
    case 'too-large':
      return { message: `${problem.what} is larger than ${problem.limit}.`, remedy: 'Split it into smaller parts.' }
  }
}

const NAMED = 5

/** `"a", "b" and 3 more` */
function someOf(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map((name) => `"${shorten(name)}"`)
  return `${shown.join(', ')}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}`
}

/** As it is spoken: `a user`, `an organization`. */
const articleOf = (kind: string): string => (/^[aeio]/i.test(kind) ? 'an' : 'a')

const place = (problem: { field: string; line?: number }): string =>
  problem.line === undefined ? problem.field : `line ${problem.line}, ${problem.field}`

/** Long or hostile input is quoted only as far as a reader needs to recognise it. */
export const shorten = (text: string): string => {
  // oxlint-disable-next-line no-control-regex -- control characters are what must not reach a terminal
  const clean = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '·')
  return clean.length > 120 ? `${clean.slice(0, 117)}…` : clean
}
