import type { Service } from '../world/operation.ts'
import { parseTarget } from './json-protocol.ts'
import { parseQuery } from './query-protocol.ts'
import type { RawRequest } from './raw-exchange.ts'
import { parseRest } from './rest-protocol.ts'

/** What a request asks for, before anybody looked whether it exists or is allowed. */
export interface SpokenCall {
  readonly service: Service
  readonly operation: string
  readonly protocol: 'json' | 'query' | 'rest'
  /** `undefined` when the body can't be read: that is said only after the caller was authenticated. */
  readonly input: unknown
}

/** `undefined` when neither `X-Amz-Target` nor the path nor `Action` and `Version` name an operation. */
export function parseCall(request: RawRequest): SpokenCall | undefined {
  const target = request.headers['x-amz-target']
  if (typeof target !== 'string') {
    const rest = parseRest(request)
    if (rest !== undefined) return { ...rest, protocol: 'rest' }
    const query = parseQuery(request.body.toString())
    return query === undefined ? undefined : { ...query, protocol: 'query' }
  }
  const named = parseTarget(target)
  return named === undefined ? undefined : { ...named, protocol: 'json', input: parseBody(request.body.toString()) }
}

/** The account that the call is about, when it names one. */
export function accountOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined
  const members = new Map<string, unknown>(Object.entries(input))
  for (const name of ['AccountId', 'TargetId', 'accountId']) {
    const value = members.get(name)
    if (typeof value === 'string') return value
  }
  return accountOf(members.get('Filter'))
}

/** The page token that the call carries. */
export function tokenOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined
  const members = new Map<string, unknown>(Object.entries(input))
  const token = members.get('NextToken') ?? members.get('Marker') ?? members.get('nextToken')
  return typeof token === 'string' ? token : undefined
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text || '{}') ?? {}
  } catch {
    return undefined
  }
}
