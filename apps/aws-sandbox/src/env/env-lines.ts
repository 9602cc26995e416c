import { resolve } from 'node:path'
import { z } from 'zod'
import { writeEndpointRules } from './endpoint-rules.ts'

const readySchema = z.object({
  endpointUrl: z.string(),
  region: z.string(),
  admin: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
})

export interface EnvOptions {
  readonly controlUrl: string
  /** Of a front before the sandbox; the sandbox's own if left out. */
  readonly endpointUrl?: string | undefined
  /** Folder to write endpoint rules into, for clients without `AWS_ENDPOINT_URL`. */
  readonly models?: string | undefined
  /** The administrator's access key too; it would get in the way of profiles. */
  readonly admin?: boolean | undefined
}

/** Lines for a shell that point AWS's clients at a running sandbox. @throws Error when none answers */
export async function formatEnvLines(options: EnvOptions): Promise<readonly string[]> {
  const { controlUrl, models, admin = false } = options
  const { region, admin: key, ...ready } = await readReady(controlUrl)
  const { endpointUrl = ready.endpointUrl } = options
  if (models !== undefined) await writeEndpointRules(models, endpointUrl)
  const keys = { AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey }
  const variables = {
    // AWS_ENDPOINT_URL would win over the rules, and it has no place for the Region.
    ...(models === undefined ? { AWS_ENDPOINT_URL: endpointUrl } : { AWS_DATA_PATH: resolve(models) }),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...(admin ? keys : {}),
  }
  return Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`)
}

async function readReady(controlUrl: string): Promise<z.infer<typeof readySchema>> {
  let response
  try {
    response = await fetch(new URL('/ready', controlUrl))
  } catch (error) {
    throw new Error(`No sandbox answers at ${controlUrl}. Start one, and give its controlUrl.`, { cause: error })
  }
  return readySchema.parse(await response.json())
}

/** For any POSIX shell. */
function quote(value: string): string {
  return /^[\w./:@+-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`
}
