import { ApiProblem, createClient } from '@gatehouse/api'
import {
  addressWanted,
  CliError,
  command,
  type Context,
  EXIT,
  explainError,
  flag,
  notSignedIn,
  type StoredSession,
  text,
} from '@gatehouse/cli-kit'

export const logoutCommand = command({
  name: 'logout',
  summary: 'End the sign-in at a server, here and there.',
  options: { all: flag('at every server'), user: text('<name>', 'only where this user is signed in') },
  async run(context) {
    const { options, sessions, connection, signal } = context
    const wanted = addressWanted(connection)
    const current = wanted === undefined ? sessions.current() : sessions.find(wanted)
    const found = options.all ? sessions.all() : current ? [current] : []
    if (found.length === 0) throw notSignedIn(wanted)
    const name = options.user?.toLowerCase()
    const leaving = name === undefined ? found : found.filter(({ user }) => user.toLowerCase() === name)
    if (leaving.length === 0) throw signedInAsAnother(found)
    const failures: string[] = []
    for (const session of leaving) {
      const failure = await endThere(context, session)
      if (failure !== undefined) failures.push(failure)
      await sessions.forget(session.url, signal)
    }
    return {
      data: leaving.map(({ url, user }) => ({ url, user })),
      text: leaving.map(({ url, user }) => `${user} is signed out of ${url}.`).join('\n'),
      talk: failures,
      exitCode: failures.length === 0 ? EXIT.done : EXIT.partlyDone,
    }
  },
})

const signedInAsAnother = (found: readonly StoredSession[]): CliError =>
  new CliError(`You are signed in as ${found.map(({ user }) => user).join(', ')}.`, {
    remedy: 'Name that user, or leave --user out.',
    exitCode: EXIT.notSignedIn,
  })

/** What went wrong, if the server may go on taking the token. */
async function endThere({ connection, signal }: Context, { url, token }: StoredSession): Promise<string | undefined> {
  const { userAgent, timeoutMs } = connection
  const client = createClient({ url, token, userAgent, ...(timeoutMs === undefined ? {} : { timeoutMs }) })
  try {
    await client.signOut({}, signal)
    return undefined
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return undefined
    const explained = explainError(error)
    if (!explained || explained.exitCode === EXIT.interrupted) throw error
    return `Forgotten here only, the session at ${url} ends by itself: ${explained.message}`
  }
}
