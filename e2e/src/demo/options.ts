import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export interface DemoOptions {
  readonly dataDir: string
  readonly fresh: boolean
  readonly json: boolean
  readonly port: number
}

export const DEFAULT_PORT = 3080

export const HELP = `Usage: npm start -- [options]

Starts an AWS sandbox organization and a Gatehouse server that manages it.

  --data-dir DIR   where everything is kept (default ./data)
  --fresh          begin anew; the folder that is there is moved aside
  --json           print one line of JSON on stdout when ready
  --help           this text

The variable PORT sets the port of the server (default ${DEFAULT_PORT}).
`

/** @throws WrongUsage */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv): DemoOptions | 'help' {
  const values = parse(args)
  if (values.help) return 'help'
  const port = environment['PORT'] ?? String(DEFAULT_PORT)
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    throw new WrongUsage(`PORT must be a port from 1 to 65535, not "${port}".`)
  return {
    dataDir: resolve(values['data-dir'] ?? 'data'),
    fresh: values.fresh ?? false,
    json: values.json ?? false,
    port: Number(port),
  }
}

export class WrongUsage extends Error {}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'data-dir': { type: 'string' },
        fresh: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error))
  }
}
