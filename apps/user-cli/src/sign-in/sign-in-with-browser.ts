import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { ApiUnreachable, type GatehouseClient, type Session } from '@gatehouse/api'
import { CliError, EXIT, printable } from '@gatehouse/cli-kit'
import { openBrowser } from './open-browser.ts'

interface BrowserSignIn {
  readonly ttl: string | undefined
  /** Whether to open the address here, too. */
  readonly open: boolean
  /** Says something to the person while he waits. */
  readonly say: (text: string) => void
}

interface Granted {
  readonly token: string
  readonly session: Session
}

/** What a machine may call itself. */
const LONGEST_NAME = 64

/**
 * Prints an address and a code, and waits until somebody has typed the code there and confirmed. No password passes
 * through the terminal, and whatever a browser can sign in with will do.
 * @throws CliError when it is refused, or nobody confirms in time
 */
export async function signInWithBrowser(
  client: GatehouseClient,
  { ttl, open, say }: BrowserSignIn,
  signal: AbortSignal,
): Promise<Granted> {
  const machine = printable(hostname()).slice(0, LONGEST_NAME)
  const asked = await client.askForDeviceCode({ body: machine === '' ? {} : { machine } }, signal)
  const { deviceCode, userCode, verificationAddress, expiresInSeconds } = asked
  say(
    `Open  ${printable(verificationAddress)}\n` +
      `and type the code  ${printable(userCode)}\n` +
      `Give the code to nobody. Waiting for ${Math.floor(expiresInSeconds / 60)} minutes …`,
  )
  if (open && !(await openBrowser(verificationAddress))) say('No browser opens here: open the address yourself.')
  const giveUpAt = performance.now() + expiresInSeconds * 1000
  let { intervalSeconds } = asked
  while (performance.now() < giveUpAt) {
    await pause(intervalSeconds * 1000, undefined, { signal })
    const answer = await ask(client, { deviceCode, ttl }, signal)
    switch (answer?.state) {
      case 'granted':
        return answer
      case 'refused':
        throw refused()
      case 'expired':
        throw expired()
      case 'pending':
      case 'slow-down':
        ;({ intervalSeconds } = answer)
        break
      case undefined:
        break
    }
  }
  throw expired()
}

/** The code outlives a server that is away for a moment, and so does the waiting. */
async function ask(
  client: GatehouseClient,
  body: { readonly deviceCode: string; readonly ttl: string | undefined },
  signal: AbortSignal,
) {
  try {
    return await client.redeemDeviceCode({ body }, signal)
  } catch (error) {
    if (error instanceof ApiUnreachable && error.reason !== 'unexpected') return undefined
    throw error
  }
}

const refused = (): CliError =>
  new CliError('The sign-in was refused in the browser.', {
    remedy: 'If that was not you, somebody else had your code: run the command again for a new one.',
    exitCode: EXIT.refused,
  })

const expired = (): CliError =>
  new CliError('Nobody confirmed the sign-in in time.', {
    remedy: 'Run the command again for a new code.',
    exitCode: EXIT.timeOut,
  })
