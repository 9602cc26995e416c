import { ApiProblem, type GatehouseClient, type Session } from '@gatehouse/api'
import {
  addressWanted,
  ask,
  canAsk,
  CliError,
  clientOf,
  command,
  type Context,
  EXIT,
  flag,
  names,
  printable,
  text,
  textOr,
  usageError,
} from '@gatehouse/cli-kit'
import { describeSession } from './describe-session.ts'
import { readPassword } from './read-password.ts'
import { signInWithBrowser } from './sign-in-with-browser.ts'
import { requestOnSignIn } from './request-on-sign-in.ts'

/** By the name and password that the server itself keeps. */
const LOCAL = 'local'

interface LoginOptions {
  readonly user: string | undefined
  readonly passwordFile: string | undefined
  readonly ttl: string | undefined
  readonly browser: boolean
  readonly open: boolean
}

export const loginCommand = command({
  name: 'login',
  summary: 'Sign in to a server and make it the current one.',
  options: {
    user: text('<name>', 'your user name'),
    passwordFile: text('<file>', 'the password is in there; or set GATEHOUSE_PASSWORD'),
    browser: flag('confirm in a browser, here or on another machine, instead of giving a password'),
    open: flag('with --browser: open the address here'),
    ttl: text('<duration>', 'end the sign-in earlier than the server would'),
    requestId: text('<id>', 'assume this approved access request'),
    requestRoles: names('<names>', 'ask for these roles, divided by commas; * for all you may ask for'),
    requestReason: text('<text>', 'why you ask'),
    requestReviewers: names('<names>', 'whom you suggest as reviewers'),
    requestNowait: flag('do not wait for the decision; this is what happens anyway'),
    auth: textOr('<connector>', 'how to sign in; only local', LOCAL),
  },
  async run(context) {
    const { options, sessions, signal } = context
    if (options.auth !== LOCAL)
      throw usageError(
        `There is no way "${printable(options.auth)}" to sign in.`,
        `Leave --auth out, or write ${LOCAL}.`,
      )
    refuseContradictions(options)
    const url = addressWanted(context.connection) ?? sessions.current()?.url
    if (url === undefined) throw usageError('Which server?', 'Name it, such as --proxy https://gatehouse.example.org.')
    const enter = options.browser ? confirm : signIn
    const { client, session: before } = (await resume(context, url, options)) ?? (await enter(context, url, options))
    const { requestId } = options
    const session =
      requestId === undefined ? before : await client.changeAssumed({ body: { assume: [requestId] } }, signal)
    const wish = { roles: options.requestRoles, reason: options.requestReason, reviewers: options.requestReviewers }
    const talk = await requestOnSignIn(client, session, wish, signal)
    return { data: { url, ...session }, text: describeSession(url, session), talk }
  },
})

interface SignedIn {
  readonly client: GatehouseClient
  readonly session: Session
}

/** Who is signed in already, and gives no other name or password, is not asked again. */
async function resume(context: Context, url: string, options: LoginOptions): Promise<SignedIn | undefined> {
  const { sessions, environment, signal } = context
  const kept = sessions.find(url)
  const password = options.browser ? undefined : (options.passwordFile ?? environment['GATEHOUSE_PASSWORD'])
  const given = password ?? options.ttl
  if (!kept || given !== undefined || (options.user !== undefined && options.user !== kept.user)) return undefined
  const client = clientOf(context.connection, url, kept.token)
  try {
    const session = await client.getMe({}, signal)
    await sessions.keep(kept, signal)
    return { client, session }
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return undefined
    throw error
  }
}

async function signIn(context: Context, url: string, { user, passwordFile, ttl }: LoginOptions): Promise<SignedIn> {
  const { sessions, environment, signal } = context
  const name = user ?? sessions.find(url)?.user ?? (await askForName())
  const password = await readPassword(passwordFile, environment, `Password of ${name} at ${url}: `)
  const { token, session } = await clientOf(context.connection, url).signIn(
    { body: { user: name, password, ttl } },
    signal,
  )
  return keep(context, url, { token, session })
}

/** Whoever is signed in in the browser is signed in here; that may be another one than was meant. */
async function confirm(context: Context, url: string, { user, ttl, open }: LoginOptions): Promise<SignedIn> {
  const { connection, signal } = context
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const granted = await signInWithBrowser(clientOf(connection, url), { ttl, open, say }, signal)
  const { name } = granted.session.user
  if (user === undefined || user.toLowerCase() === name.toLowerCase()) return keep(context, url, granted)
  await clientOf(connection, url, granted.token).signOut({}, signal)
  throw new CliError(`The browser confirmed as ${printable(name)}, not as ${printable(user)}.`, {
    remedy: 'Sign in there as the user that you name, or leave --user out.',
    exitCode: EXIT.refused,
  })
}

async function keep(
  { connection, sessions, signal }: Context,
  url: string,
  { token, session }: { readonly token: string; readonly session: Session },
): Promise<SignedIn> {
  const { cluster, validUntil } = session
  await sessions.keep({ url, user: session.user.name, cluster, token, validUntil }, signal)
  return { client: clientOf(connection, url, token), session }
}

function refuseContradictions({ browser, open, passwordFile }: LoginOptions): void {
  if (browser && passwordFile !== undefined)
    throw usageError('A browser needs no password.', 'Leave out either --browser or --password-file.')
  if (open && !browser) throw usageError('--open opens the address of --browser.', 'Give --browser as well.')
}

const askForName = (): Promise<string> => {
  if (canAsk()) return ask('User: ')
  throw usageError('Which user?', 'Name the user with --user.')
}
