import { startTestSandbox, type TestSandbox } from './sandbox-clients.ts'
import type { SandboxOptions } from '../sandbox.ts'

export interface ScimReply {
  readonly status: number
  readonly headers: Headers
  readonly body: any // oxlint-disable-line typescript/no-explicit-any -- tests read free JSON
}

/** A sandbox without users and groups, and a SCIM client that sends whatever it is told. */
export interface ScimScene extends TestSandbox {
  scim(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ScimReply>
  /** Ids of what was made. */
  makeUser(userName: string, more?: object): Promise<string>
  makeGroup(displayName: string, more?: object): Promise<string>
  patch(path: string, ...operations: readonly object[]): Promise<ScimReply>
  /** Names of the members of a group, from behind the scenes. */
  membersOf(displayName: string): Promise<readonly string[]>
}

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const UNREADABLE = 'Request is unparsable, syntactically incorrect, or violates schema.'

export async function startScimScene(options: SandboxOptions = {}): Promise<ScimScene> {
  const knobs = { scimTps: 1_000, scimBurst: 1_000, ...options.knobs }
  const world = await startTestSandbox({ seed: 'empty', ...options, knobs })
  const { scimUrl, scimToken } = world.sandbox

  const scim: ScimScene['scim'] = async (method, path, body, headers = {}) => {
    const sent = { authorization: `Bearer ${scimToken}`, 'content-type': 'application/scim+json', ...headers }
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const reply = await fetch(
      `${scimUrl}/${path}`,
      body === undefined ? { method, headers: sent } : { method, headers: sent, body: text },
    )
    const answer = await reply.text()
    return { status: reply.status, headers: reply.headers, body: answer === '' ? undefined : JSON.parse(answer) }
  }
  const make = async (path: string, body: object) => {
    const { status, body: made } = await scim('POST', path, body)
    if (status !== 201) throw new Error(`It was not made: ${JSON.stringify(made)}`)
    return String(made.id)
  }
  return {
    ...world,
    scim,
    makeUser: (userName, more) => make('Users', aUser(userName, more)),
    makeGroup: (displayName, more) => make('Groups', { schemas: [GROUP], displayName, ...more }),
    patch: (path, ...operations) => scim('PATCH', path, { schemas: [PATCH], Operations: operations }),
    membersOf: async (displayName) => (await world.control('GET', `/groups/${displayName}`)).members,
  }
}

export function aUser(userName: string, more: object = {}): object {
  const name = { givenName: 'Ana', familyName: 'García' }
  return { schemas: [USER], userName, name, displayName: 'Ana García', ...more }
}
