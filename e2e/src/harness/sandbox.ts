import { z } from 'zod'
import { type ControlClient, createControlClient } from './control-client.ts'
import { type Program, startProgram } from './program.ts'

const readySchema = z.object({
  endpointUrl: z.string(),
  controlUrl: z.string(),
  scimUrl: z.string(),
  scimToken: z.string(),
  region: z.string(),
  organizationId: z.string(),
  instanceArn: z.string(),
  identityStoreId: z.string(),
  startUrl: z.string(),
  /** What a browser opens here in place of the start URL, which is AWS's. */
  portalUrl: z.string(),
  managementAccountId: z.string(),
  /** An access key of the management account with AdministratorAccess. */
  admin: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
})
type SandboxReady = z.infer<typeof readySchema>

export interface SandboxOptions {
  /** Ports; free ones if left out. */
  readonly port?: number
  readonly controlPort?: number
  /** In memory if left out. */
  readonly dataDir?: string
  readonly seed?: string
  readonly pace?: 'aws' | 'demo' | number
  readonly clockOffsetFile?: string
  /** Further options, such as knobs: `['--sso-tps', '40']`. */
  readonly args?: readonly string[]
  readonly logFile?: string
}

/** A running AWS sandbox. */
export interface Sandbox extends SandboxReady, AsyncDisposable {
  readonly program: Program
  readonly control: ControlClient
  stop(): Promise<void>
}

const READY_WITHIN_MS = 20_000

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { seed = 'acme', pace = 'demo', args = [] } = options
  const given = {
    port: options.port,
    'control-port': options.controlPort,
    'data-dir': options.dataDir,
    'clock-offset-file': options.clockOffsetFile,
    seed,
    pace,
  }
  const program = startProgram({
    name: 'The AWS sandbox',
    program: 'bin/aws-sandbox',
    args: [...Object.entries(given).flatMap(asOption), ...args],
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
  })
  try {
    const [line] = await program.says('stdout', /^\{.*\}$/m, READY_WITHIN_MS)
    const ready = readySchema.parse(JSON.parse(line))
    const control = createControlClient(ready.controlUrl)
    const stop = () => program.stop()
    return { ...ready, program, control, stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await program.kill()
    throw error
  }
}

export const asOption = ([name, value]: [string, string | number | undefined]): string[] =>
  value === undefined ? [] : [`--${name}`, String(value)]
