import { parseAuthorizationHeader } from '../auth/authorization-header.ts'
import { findHeader, type SignedRequest } from '../auth/signed-request.ts'
import { parseCall } from '../http/spoken-call.ts'

/** What in a call says whose it is: a name that only one organization knows. */
export interface Clue {
  readonly kind: 'accessKeyId' | 'accountId' | (typeof SPOKEN)[number]
  readonly value: string
}

/** The surest first: clients are known wherever they may sign in. */
const SPOKEN = ['accessToken', 'deviceCode', 'code', 'refreshToken', 'startUrl', 'clientId'] as const

/**
 * A signed call belongs to the organization of its key, whatever account it is about: AWS, too, looks at the signature
 * first. `undefined` when the call says nothing of the kind.
 */
export function findClue(request: SignedRequest): Clue | undefined {
  const authorization = parseAuthorizationHeader(findHeader(request, 'authorization') ?? '')
  if (authorization) return { kind: 'accessKeyId', value: authorization.accessKeyId }
  const members = membersOf(parseCall({ ...request, body: Buffer.from(request.body) })?.input)
  const [, accountId] = /^arn:aws[\w-]*:iam::(\d{12}):/.exec(members.get('RoleArn') ?? '') ?? []
  if (accountId !== undefined) return { kind: 'accountId', value: accountId }
  for (const kind of SPOKEN) {
    const value = members.get(kind)
    if (value !== undefined) return { kind, value }
  }
  // A registration may say where its client is going to sign people in.
  const issuer = members.get('issuerUrl')
  return issuer === undefined ? undefined : { kind: 'startUrl', value: issuer }
}

function membersOf(input: unknown): ReadonlyMap<string, string> {
  if (typeof input !== 'object' || input === null) return new Map()
  return new Map(Object.entries(input).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
}
