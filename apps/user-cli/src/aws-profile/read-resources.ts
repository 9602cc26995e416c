import type { GatehouseClient, ResourceView } from '@gatehouse/api'
import { CliError, EXIT, everyPage, PAGE } from '@gatehouse/cli-kit'

export interface AvailableResources {
  readonly resources: readonly ResourceView[]
  /** Why nothing of it can be used, as the server says. */
  readonly warning: string | undefined
}

/** @throws CliError when something may be missing: then nothing is written, because it would be taken for lost access. */
export async function readResources(client: GatehouseClient, signal: AbortSignal): Promise<AvailableResources> {
  let isComplete = true
  let warning: string | undefined
  const resources = await everyPage(async (cursor) => {
    const page = await client.listResources({ query: { limit: PAGE, cursor } }, signal)
    isComplete &&= page.isComplete
    warning = page.warning
    return page
  })
  if (isComplete) return { resources, warning }
  throw new CliError('The server has not read all of AWS yet. The AWS config file was not touched.', {
    remedy: 'Try again in a minute; an administrator sees more with "tctl plugins status".',
    exitCode: EXIT.failure,
  })
}
