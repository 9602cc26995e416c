import type { GatehouseClient } from '@gatehouse/api'
import { CliError, everyPage, EXIT, PAGE, text, usageError } from '@gatehouse/cli-kit'

export const pluginNameOption = text('<name>', 'which organization, where there are several')

/** The organization that is named, or the only one there is. @throws CliError */
export async function chooseOrganization(
  client: GatehouseClient,
  named: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (named !== undefined) return named
  const items = await everyPage((cursor) => client.listOrganizations({ query: { limit: PAGE, cursor } }, signal))
  const [only] = items
  if (!only)
    throw new CliError('No Identity Center organization is enrolled.', {
      remedy: 'Enrol one with "tctl plugins install awsic".',
      exitCode: EXIT.notFound,
    })
  if (items.length > 1)
    throw usageError(
      'There are several organizations.',
      `Name one with --plugin-name: ${items.map(({ name }) => name).join(', ')}.`,
    )
  return only.name
}
