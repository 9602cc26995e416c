import { z } from 'zod'
import type { Clue } from './find-clue.ts'

/** A sandbox behind the front. */
export interface Back {
  readonly endpointUrl: string
  readonly controlUrl: string
  readonly region: string
}

const readySchema = z.object({ endpointUrl: z.string(), region: z.string() })
const clientSchema = z.looseObject({ id: z.string(), region: z.string() })

export async function findBacks(controlUrls: readonly string[]): Promise<readonly Back[]> {
  return Promise.all(
    controlUrls.map(async (controlUrl) => ({
      controlUrl,
      ...readySchema.parse(await ask(controlUrl, '/ready')),
    })),
  )
}

/** Which of the sandboxes knows what a call names. What one knows no other does, so an answer holds for good. */
export function createOwners(backs: readonly Back[]) {
  const known = new Map<string, Back>()
  return async ({ kind, value }: Clue): Promise<Back | undefined> => {
    const key = `${kind} ${value}`
    const remembered = known.get(key)
    if (remembered) return remembered
    const holds = await Promise.all(
      backs.map(async ({ controlUrl }) => {
        const answer = await ask(controlUrl, '/holds', { kind, value })
        return z.object({ holds: z.boolean() }).parse(answer).holds
      }),
    )
    const owner = backs[holds.indexOf(true)]
    if (owner && kind !== 'clientId') known.set(key, owner)
    return owner
  }
}

/** In AWS a client registers with a Region, not with an organization: the others get to know it, too. */
export async function shareClient(clientId: string, from: Back, others: readonly Back[]): Promise<void> {
  const client = clientSchema.parse(await ask(from.controlUrl, `/oidc-clients/${encodeURIComponent(clientId)}`))
  const isAtHome = client.region === from.region
  await Promise.all(
    others.map(({ controlUrl, region }) => ask(controlUrl, '/oidc-clients', isAtHome ? { ...client, region } : client)),
  )
}

async function ask(controlUrl: string, path: string, body?: object): Promise<unknown> {
  const url = new URL(path, controlUrl)
  const json = { 'content-type': 'application/json' }
  const init = body === undefined ? {} : { method: 'POST', headers: json, body: JSON.stringify(body) }
  let response
  try {
    response = await fetch(url, init)
  } catch (error) {
    throw new Error(`No sandbox answers at ${controlUrl}. Start one, and give its controlUrl.`, { cause: error })
  }
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}: ${await response.text()}`)
  return response.json()
}
