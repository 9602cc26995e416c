import type { GatehouseClient } from '@gatehouse/api'
import { CliError, everyPage, EXIT, PAGE, text, usageError } from '@gatehouse/cli-kit'

export const pluginNameOption = text('<name>', 'which organization, where there are several')

/** The organization of a command's own argument, or the only one there is. @throws CliError */
export const chooseOrganization = (
  client: GatehouseClient,
  args: { readonly name: string | undefined },
  signal: AbortSignal,
) => choose(client, { named: args.name, how: 'Name one' }, signal)

/** The organization of `--plugin-name`, or the only one there is. @throws CliError */
export const chooseByOption = (
  client: GatehouseClient,
  options: { readonly pluginName: string | undefined },
  signal: AbortSignal,
) => choose(client, { named: options.pluginName, how: 'Name one with --plugin-name' }, signal)

async function choose(
  client: GatehouseClient,
  { named, how }: { readonly named: string | undefined; readonly how: string },
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
    throw usageError('There are several organizations.', `${how}: ${items.map(({ name }) => name).join(', ')}.`)
  return only.name
}
