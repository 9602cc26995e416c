import { createHash } from 'node:crypto'
import type { Service, Call } from '../world/operation.ts'
import type { World } from '../world/world.ts'
import { AwsError } from './aws-error.ts'

export interface PageRequest {
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
}
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly NextToken?: string
}
export interface PageRules<Row> {
  readonly service: Service | 'scim'
  /** Names the list, filters included: a token of one list is refused by another. */
  readonly scope: readonly (string | undefined)[]
  readonly keyOf: (row: Row) => string
  /** The page size when none is asked for. */
  readonly usual: number
}

/** The scope of a token that starts whatever list it is given to. */
const ANY_LIST = ''

interface Position {
  /** Whose list. */
  readonly scope: string
  /** The last row that was served; where it is no longer found, `offset` counts. */
  readonly after: string
  readonly offset: number
  readonly issuedAt: number
}

/**
 * One page of a list. Tokens are opaque, belong to one list and expire; as the knobs say, a page may be shorter than asked for, or
 * empty, and still carry a token.
 */
export function pageOf<Row>(
  world: World,
  call: Pick<Call, 'now'>,
  all: readonly Row[],
  request: PageRequest,
  rules: PageRules<Row>,
): Page<Row> {
  const scope = createHash('sha256').update(JSON.stringify(rules.scope)).digest('hex').slice(0, 16)
  const start = request.NextToken === undefined ? 0 : findStart(world, call, all, request.NextToken, rules, scope)
  const asked = request.MaxResults ?? rules.usual
  const size = pageSize(world, all.length - start, asked, request.NextToken === undefined)
  const end = start + size
  const rows = all.slice(start, end)
  if (end >= all.length) return { rows }
  const last = all[end - 1]
  const after = last === undefined ? '' : rules.keyOf(last)
  return { rows, NextToken: formatToken({ scope, after, offset: end, issuedAt: call.now }) }
}

/** A token that leads to the page it was asked with: what a server does that repeats its tokens. */
export function tokenForSamePage(given: string | undefined, now: number): string {
  return given ?? formatToken({ scope: ANY_LIST, after: '', offset: 0, issuedAt: now })
}

export function invalidToken(service: string, message = 'The pagination token is not valid.'): AwsError {
  if (service === 'organizations') {
    return new AwsError('InvalidInputException', message, { members: { Reason: 'INVALID_NEXT_TOKEN' } })
  }
  if (service === 'sso') return new AwsError('InvalidRequestException', message)
  return new AwsError(service === 'iam' ? 'ValidationError' : 'ValidationException', message)
}

function pageSize(world: World, rest: number, asked: number, isFirst: boolean): number {
  if (rest <= 0) return 0
  if (isFirst && Math.random() < world.knobs.emptyPages) return 0
  if (rest > 1 && Math.random() < world.knobs.shortPages) return Math.max(1, Math.floor(Math.min(asked, rest) / 2))
  return asked
}

function findStart<Row>(
  world: World,
  call: Pick<Call, 'now'>,
  all: readonly Row[],
  token: string,
  rules: PageRules<Row>,
  scope: string,
): number {
  const position = parseToken(token)
  if (position === undefined || (position.scope !== ANY_LIST && position.scope !== scope))
    throw invalidToken(rules.service)
  if (call.now - position.issuedAt > world.knobs.pageTokenLifetime) {
    throw invalidToken(rules.service, 'The pagination token has expired.')
  }
  if (position.after === '') return Math.min(position.offset, all.length)
  const before = all[position.offset - 1]
  if (before !== undefined && rules.keyOf(before) === position.after) return position.offset
  const found = all.findIndex((row) => rules.keyOf(row) === position.after)
  return found === -1 ? Math.min(position.offset, all.length) : found + 1
}

function formatToken(position: Position): string {
  const text = JSON.stringify([position.scope, position.after, position.offset, position.issuedAt])
  return Buffer.from(text).toString('base64url')
}

function parseToken(token: string): Position | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (!Array.isArray(parts)) return undefined
    const [scope, after, offset, issuedAt]: unknown[] = parts
    if (typeof scope !== 'string' || typeof after !== 'string') return undefined
    if (typeof offset !== 'number' || typeof issuedAt !== 'number') return undefined
    return { scope, after, offset, issuedAt }
  } catch {
    return undefined
  }
}
