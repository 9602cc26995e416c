import { ApiProblem } from '@gatehouse/api'

/** What a command takes, and what becomes of it in a request. */
interface Typed {
  /** Names of options; a field of a request that is called like one of them is what was typed there. */
  readonly options: readonly string[]
  /** Flags of the fields that are called otherwise, such as `roleArn` or `accountFilter[0]`. */
  readonly fields: Readonly<Record<string, string>>
}

/** What the server says of a field of the request, said of the flag that the person has typed; anything else as it is. */
export function nameFlag(error: unknown, typed: Typed): unknown {
  if (!(error instanceof ApiProblem) || error.field === undefined) return error
  const { field, message, details } = error
  const flag = flagOf(field, typed)
  const said = [`${field}: `, `line ${details.line}, ${field}: `].find((start) => message.startsWith(start))
  if (flag === undefined || said === undefined) return error
  return new ApiProblem({ ...details, detail: `${flag}: ${message.slice(said.length)}` })
}

/** Nobody has typed the document that a command has made. */
const LINE = /^line \d+(?: \(\w+\))?, /
const PART = /^(?:body|query|params)\./

function flagOf(field: string, { options, fields }: Typed): string | undefined {
  const path = field.replace(LINE, '')
  const inner = path.replace(PART, '')
  const [, known] = Object.entries(fields).find(([key]) => isAt(inner, key)) ?? []
  if (known !== undefined) return known
  // The `metadata.name` of a document has nothing to do with an option `metadata`.
  const option = options.find((name) => (inner === path ? field === name : isAt(inner, name)))
  return option === undefined ? undefined : longFlag(option)
}

/** It, or something in it. */
const isAt = (path: string, place: string): boolean =>
  path.startsWith(place) && /^(?:[.[]|$)/.test(path.slice(place.length))

/** `maxDuration` as it is typed: `--max-duration`. */
export const longFlag = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
