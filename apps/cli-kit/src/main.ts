import type { GatehouseClient } from '@gatehouse/api'
import { CommanderError } from 'commander'
import type { Context, Group } from './command.ts'
import { connect, type ConnectOptions, type Connection } from './connect.ts'
import { EXIT, explainError, Interrupted } from './exit-codes.ts'
import { render } from './output.ts'
import { buildProgram, type Chosen } from './program.ts'
import { createSessionStore } from './session-store.ts'
import { printableLines } from './table.ts'

/** Runs the command that was typed, prints what it gives back, and ends the process as the table of exit codes says. */
export async function main(root: Group, version: string): Promise<never> {
  const interrupt = new AbortController()
  process.once('SIGINT', () => {
    process.once('SIGINT', () => process.exit(EXIT.interrupted))
    interrupt.abort(new Interrupted())
  })
  let exitCode: number = EXIT.done
  const program = buildProgram(root, async (chosen) => {
    exitCode = await runChosen(chosen, `${root.name}/${version}`, interrupt.signal)
  })
  program.version(version, '-V, --version', 'print the version')
  try {
    await program.parseAsync()
  } catch (error) {
    exitCode = await report(error)
  }
  // At once: an idle connection must not keep the prompt waiting.
  process.exit(exitCode)
}

async function runChosen(chosen: Chosen, userAgent: string, signal: AbortSignal): Promise<number> {
  const output = await chosen.leaf.run(contextOf(chosen, userAgent, signal), chosen.args, chosen.typed)
  for (const line of output.talk ?? []) await write(process.stderr, `${printableLines(line)}\n`)
  await write(process.stdout, render(output, chosen.format))
  return output.exitCode ?? EXIT.done
}

function contextOf(chosen: Chosen, userAgent: string, signal: AbortSignal): Context {
  const environment = process.env
  const sessions = createSessionStore(environment)
  const connection: ConnectOptions = {
    environment,
    sessions,
    signal,
    userAgent,
    proxy: chosen.proxy,
    timeoutMs: chosen.timeout,
  }
  let connected: Connection | undefined
  const connectOnce = (): Connection => (connected ??= connect(connection))
  return {
    // The methods are those of the client that is made when one of them is first wanted.
    client: new Proxy({} as GatehouseClient, {
      get: (_, method) => Reflect.get(connectOnce().client, method) as unknown,
    }),
    serverUrl: () => connectOnce().url,
    connection,
    sessions,
    environment,
    signal,
  }
}

async function report(error: unknown): Promise<number> {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
  const explained = explainError(error)
  if (explained) {
    const { message, remedy, exitCode } = explained
    await write(process.stderr, `${printableLines(message)}\n${remedy === '' ? '' : `${printableLines(remedy)}\n`}`)
    return exitCode
  }
  await write(process.stderr, `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return EXIT.failure
}

/** Resolves when the text is on its way; a reader that has gone (`| head`) is no failure. */
const write = (stream: NodeJS.WriteStream, text: string | Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    if (text.length === 0) return resolve()
    stream.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? resolve() : reject(error)))
    stream.write(text, (error) => (error ? undefined : resolve()))
  })
