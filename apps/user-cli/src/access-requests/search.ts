import { command, everyPage, flag, PAGE, shortened, table, text, textOr, usageError } from '@gatehouse/cli-kit'

const KIND = 'aws_ic_account_assignment'
/** Of the labels of a row where no terminal says how wide it is, and where the rest of the row fills it. */
const LABELS_WIDTH = 60
const LEAST_LABELS_WIDTH = 20
/** More resources than this make no command that anybody would paste. */
const MAX_IN_COMMAND = 20

export const searchCommand = command({
  name: 'search',
  summary: 'Look for AWS accounts and permission sets that you may ask for.',
  options: {
    kind: textOr('<kind>', `what to look for; only ${KIND}`, KIND),
    search: text('<words>', 'only rows that hold all of these words'),
    labels: text('<key=value,…>', 'only accounts that have these labels'),
    query: text(
      '<condition>',
      'only rows that meet a condition, such as labels["teleport.dev/account-name"] == "prod"',
    ),
    verbose: flag('labels in full', 'v'),
  },
  async run({ client, options, signal }) {
    const { kind, search, labels, query, verbose } = options
    if (kind !== KIND)
      throw usageError(`Nothing of the kind "${kind}" can be asked for.`, `Leave --kind out, or write ${KIND}.`)
    const wanted = { requestable: true, kind, search, labels, query } as const
    const resources = await everyPage((cursor) =>
      client.listResources({ query: { limit: PAGE, cursor, ...wanted } }, signal),
    )
    const found = resources.flatMap(({ permissionSets, ...resource }) =>
      permissionSets
        .filter(({ requestable }) => requestable)
        .map((set) => ({
          name: `${set.name} on ${resource.accountName}`,
          labels: resource.labels,
          resourceId: set.resourceId,
        })),
    )
    if (found.length === 0) return { data: found, text: 'There is nothing that you may ask for.' }
    const width = labelsWidth(found, process.stdout.columns)
    const rows = found.map((one) => {
      const shown = Object.entries(one.labels).map(([key, value]) => `${key}=${value}`)
      return [one.name, verbose ? shown.join(',') : shortened(shown.join(','), width), one.resourceId]
    })
    return {
      data: found,
      text: `${table(['Name', 'Labels', 'Resource ID'], rows)}\n\n${requestFor(found.map(({ resourceId }) => resourceId))}`,
    }
  },
})

/** What the other columns leave of a terminal's line. */
export function labelsWidth(
  rows: readonly { readonly name: string; readonly resourceId: string }[],
  columns: number | undefined,
): number {
  if (columns === undefined) return LABELS_WIDTH
  const longest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, text.length), 0)
  const others = longest(rows.map(({ name }) => name)) + longest(rows.map(({ resourceId }) => resourceId)) + 2
  return Math.max(LEAST_LABELS_WIDTH, columns - others)
}

/** A command to be pasted, and shortened to what is meant. */
function requestFor(ids: readonly string[]): string {
  if (ids.length > MAX_IN_COMMAND)
    return 'To ask for some of them: tsh request create --resource <resource id> --reason <why>'
  const resources = ids.map((id) => `--resource ${quoted(id)}`)
  return `To ask for these resources:\n\n> tsh request create ${resources.join(' ')} \\\n    --reason <why>`
}

/** For a shell; a permission set may have characters that it reads otherwise. */
const quoted = (id: string): string => (/^[\w/.@:+=,-]+$/.test(id) ? id : `'${id.replaceAll("'", String.raw`'\''`)}'`)
