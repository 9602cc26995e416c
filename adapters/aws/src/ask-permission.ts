import { IAMClient } from '@aws-sdk/client-iam'
import { IdentitystoreClient } from '@aws-sdk/client-identitystore'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { type AwsService, type Gate, type PermissionCheck, withDeadline } from '@gatehouse/application'
import { classifyError } from './classify-error.ts'
import type { CredentialSource } from './credentials.ts'

export interface AskingOptions {
  readonly region: string
  readonly credentials: CredentialSource
  readonly gate: Gate
  readonly signal: AbortSignal
}

interface Clients {
  readonly sso: SSOAdminClient
  readonly identity: IdentitystoreClient
  readonly organizations: OrganizationsClient
  readonly iam: IAMClient
  readonly send: { readonly abortSignal: AbortSignal }
}
type Try = (clients: Clients) => Promise<unknown>

/** What one question turned up that a later one is about. */
interface Found {
  store?: string | undefined
  account?: string | undefined
  user?: string | undefined
  group?: string | undefined
  principal?: string | undefined
  set?: string | undefined
  role?: string | undefined
}
const NAMES: Readonly<Record<keyof Found, string>> = {
  store: 'The identity store is not known.',
  account: 'There is no account to try it on.',
  user: 'There is no user to try it on.',
  group: 'There is no group to try it on.',
  principal: 'There is no user or group to try it on.',
  set: 'There is no permission set to try it on.',
  role: 'Identity Center has made no role in this account to try it on.',
}

const REQUEST_TIMEOUT = 10_000

/** Asks AWS one thing after the other and notes what it may. @throws IdentityCenterError without credentials */
export async function createAsking({ region, credentials, gate, signal }: AskingOptions) {
  const config = { region, credentials: await credentials.get(signal), maxAttempts: 3 }
  const clients = {
    sso: new SSOAdminClient(config),
    identity: new IdentitystoreClient(config),
    organizations: new OrganizationsClient(config),
    iam: new IAMClient(config),
  }
  const checks: PermissionCheck[] = []
  const found: Found = {}
  const note = (check: PermissionCheck): void => void checks.push(check)
  const unproven = (action: string, message: string, extra?: string): void =>
    note({ action, outcome: 'unproven', message, ...(extra === undefined ? {} : { extra }) })

  async function ask(action: string, attempt: Try, { extra }: { readonly extra?: string } = {}): Promise<void> {
    const service = SERVICES.get(action.split(':')[0] ?? '')
    if (service) await gate.take(service, { lane: 'just-in-time', signal })
    const result = await withDeadline(signal, REQUEST_TIMEOUT, (abortSignal) =>
      attempt({ ...clients, send: { abortSignal } }),
    ).then(
      () => ALLOWED,
      (error: unknown) => judge(error, signal),
    )
    note({ action, ...result, ...(extra === undefined ? {} : { extra }) })
  }
  /** About something that an earlier question has found; otherwise nothing can be tried. */
  ask.with = async (
    action: string,
    what: keyof Found,
    attempt: (thing: string, clients: Clients) => Promise<unknown>,
    { extra }: { readonly extra?: string } = {},
  ): Promise<void> => {
    const thing = found[what]
    if (thing === undefined) unproven(action, NAMES[what], extra)
    else await ask(action, (all) => attempt(thing, all), extra === undefined ? {} : { extra })
  }

  return {
    ask,
    found,
    unproven,
    answers(): readonly PermissionCheck[] {
      for (const client of Object.values(clients)) client.destroy()
      return checks
    },
  }
}

const SERVICES: ReadonlyMap<string, AwsService> = new Map([
  ['sso', 'sso-admin'],
  ['identitystore', 'identitystore'],
  ['organizations', 'organizations'],
])

const ALLOWED = { outcome: 'allowed', message: 'AWS allows it.' } as const

/** AWS looks whether one may before it looks whether a thing is there, but after it has read the request. */
function judge(error: unknown, signal: AbortSignal): Pick<PermissionCheck, 'outcome' | 'message'> {
  signal.throwIfAborted()
  const { failure, message, name } = classifyError(error)
  if (failure === 'not-found') return ALLOWED
  if (failure === 'access-denied') return { outcome: 'missing', message: message || name }
  return { outcome: 'unproven', message: message || name || 'AWS did not answer.' }
}
