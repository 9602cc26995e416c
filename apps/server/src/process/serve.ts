import type { Database, Tables } from '@gatehouse/adapter-postgres'
import { bootstrapAdministrator, ensurePresets, type Log } from '@gatehouse/application'
import { DomainError, formatInstant } from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { createServer } from '../http/create-server.ts'
import { readApplicationFiles } from '../web/application-files.ts'
import { wire } from '../wire.ts'

export interface RunningServer {
  readonly address: string
  /** Answers what has been asked, then ends; a second call does not wait. */
  stop(): Promise<void>
}

/** How long answers that are under way may take once the server is to stop. */
const DRAIN_MS = 10_000

/**
 * Starts everything and returns once requests are answered. @throws DomainError when the configuration can't be used,
 * the port is taken, or the database can't be opened.
 */
export async function serve(
  config: Config,
  options: {
    readonly version: string
    /** Opened for this; closed when serving ends or fails. */
    readonly database: Database<Tables>
    readonly key: Buffer
    readonly log: Log
    /** Prints to the operator what no log may keep: the one-time link of the first start. */
    readonly tell: (text: string) => void
    /** The embedded database broke: only a new process can go on. */
    readonly onFatal: (error: Error) => void
  },
): Promise<RunningServer> {
  const { version, log } = options
  const stopping = new AbortController()
  const wired = await wire(config, { ...options, signal: stopping.signal })
  try {
    const { ports } = wired
    const presets = await ensurePresets(ports, stopping.signal)
    if (presets.length > 0) log.info('preset roles created', { roles: presets })
    await bootstrap(config, wired, options, stopping.signal)
    const app = createServer(ports, {
      config,
      version,
      log,
      stopping: stopping.signal,
      application: readApplicationFiles(),
    })
    const address = await listen(app, config)
    wired.startEngine()
    log.info('ready', { address, publicAddress: config.publicAddress, cluster: config.clusterName, version })

    let stopped: Promise<void> | undefined
    const end = async (): Promise<void> => {
      wired.refuseReady()
      const force = setTimeout(() => {
        stopping.abort(new DOMException('the server stops', 'AbortError'))
        app.server.closeAllConnections()
      }, DRAIN_MS)
      try {
        await app.close()
      } finally {
        clearTimeout(force)
        stopping.abort(new DOMException('the server stops', 'AbortError'))
        await wired.close()
      }
      log.info('stopped')
    }
    return { address, stop: () => (stopped ??= end()) }
  } catch (error) {
    stopping.abort(error)
    await wired.close()
    throw error
  }
}

async function bootstrap(
  config: Config,
  { ports }: Awaited<ReturnType<typeof wire>>,
  { tell }: { readonly tell: (text: string) => void },
  signal: AbortSignal,
): Promise<void> {
  if (config.bootstrapAdmin === undefined) return
  const link = await bootstrapAdministrator(ports, config.bootstrapAdmin, signal)
  if (!link) return
  tell(
    `\n${link.user.name} is the first administrator. Set the password, once, until ${formatInstant(link.expiresAt)}, at\n` +
      `  ${config.publicAddress}/set-password/${link.token}\n\n`,
  )
}

async function listen(app: ReturnType<typeof createServer>, { listen: { host, port } }: Config): Promise<string> {
  try {
    return await app.listen({ host, port, backlog: 1024 })
  } catch (cause) {
    throw explainListen(cause, host, port)
  }
}

function explainListen(cause: unknown, host: string, port: number): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const refuse = (message: string, remedy: string) => new DomainError({ code: 'refused', message, remedy }, { cause })
  switch (code) {
    case 'EADDRINUSE':
      return refuse(
        `Port ${port} of ${host} is in use by another program.`,
        'Stop that program, or choose another port with --listen-port, GATEHOUSE_LISTEN__PORT or PORT.',
      )
    case 'EACCES':
      return refuse(`Port ${port} may not be used by this user.`, 'Choose a port above 1023 with --listen-port.')
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return refuse(`${host} is no address of this machine.`, 'Set --listen-host or GATEHOUSE_LISTEN__HOST.')
    default:
      return cause
  }
}
