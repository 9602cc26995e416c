import { createClient, type GatehouseClient } from '@gatehouse/api'
import { CliError, EXIT, usageError } from './exit-codes.ts'
import { parseServerAddress } from './server-address.ts'
import type { SessionStore } from './session-store.ts'

export interface Connection {
  readonly client: GatehouseClient
  readonly url: string
}

export interface ConnectOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly sessions: SessionStore
  readonly signal: AbortSignal
  readonly userAgent: string
  readonly proxy?: string | undefined
  readonly timeoutMs?: number | undefined
}

/**
 * A client with a token: `GATEHOUSE_TOKEN` goes only to `GATEHOUSE_URL`, everything else uses a kept sign-in.
 * @throws CliError `not signed in`
 */
export function connect(options: ConnectOptions): Connection {
  const { environment, sessions } = options
  const { GATEHOUSE_TOKEN: token, GATEHOUSE_URL: named } = environment
  const wanted = addressWanted(options)
  if (token !== undefined && token !== '') {
    if (named === undefined || named === '')
      throw usageError('GATEHOUSE_TOKEN is set and GATEHOUSE_URL is not.', 'Say with it which server the token is for.')
    // A refusal of `fetch` would show it.
    if (!/^[\x21-\x7e]+$/.test(token.trim()))
      throw usageError('GATEHOUSE_TOKEN holds characters that no token has.', 'Set it to the token alone.')
    if (wanted === parseServerAddress(named)) return { client: clientOf(options, wanted, token), url: wanted }
  }
  const session = wanted === undefined ? sessions.current() : sessions.find(wanted)
  if (!session) throw notSignedIn(wanted)
  return { client: clientOf(options, session.url, session.token), url: session.url }
}

/** The server that flags or environment name; `undefined` for the current one. */
export function addressWanted({
  proxy,
  environment,
}: Pick<ConnectOptions, 'proxy' | 'environment'>): string | undefined {
  const named = proxy ?? environment['GATEHOUSE_URL']
  return named === undefined || named === '' ? undefined : parseServerAddress(named)
}

export const notSignedIn = (url: string | undefined): CliError =>
  new CliError(url === undefined ? 'You are not signed in.' : `You are not signed in to ${url}.`, {
    remedy: `Sign in with "tsh login --proxy ${url ?? 'https://…'} --user NAME".`,
    exitCode: EXIT.notSignedIn,
  })

/** A client of one server; without a token, for signing in. */
export const clientOf = (
  { userAgent, signal, timeoutMs }: Pick<ConnectOptions, 'userAgent' | 'signal' | 'timeoutMs'>,
  url: string,
  token?: string,
): GatehouseClient =>
  createClient({
    url,
    userAgent,
    signal,
    ...(token === undefined ? {} : { token }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  })
