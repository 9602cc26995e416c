import { type DocumentKind, READ_ONLY_KINDS } from '@gatehouse/api'
import { argument, command, flag, printable, usageError } from '@gatehouse/cli-kit'
import { parseReference } from './kinds.ts'
import { confirmRemovalsOption, parseRemovals } from './removals.ts'

export const removeCommand = command({
  name: 'rm',
  summary: 'Delete a resource.',
  args: { reference: argument('kind/name', 'such as role/access or lock/<name>') },
  options: {
    confirmRemovals: confirmRemovalsOption,
    withGroup: flag('for an imported access list: also delete its group in AWS'),
  },
  async run({ client, args, options, signal }) {
    const { kind, name } = parseReference(args.reference)
    if (name === undefined)
      throw usageError(`Which ${kind}?`, `Name one, such as "tctl rm ${kind}/NAME"; "tctl get ${kind}" lists them.`)
    if (kind === 'plugin')
      throw usageError('A plugin can not be removed yet.', 'Nothing was changed. "tctl plugins" has what there is.')
    if (isReadOnly(kind)) throw usageError(`Nothing of kind ${kind} is removed by hand.`, 'Nothing was changed.')
    const query = { deleteGroup: options.withGroup, ...parseRemovals(options.confirmRemovals) }
    await client.deleteDocument({ params: { kind, name }, query }, signal)
    return { data: { kind, name, outcome: 'deleted' }, text: `${kind} "${printable(name)}" has been deleted` }
  },
})

type ReadOnlyKind = (typeof READ_ONLY_KINDS)[number]
const isReadOnly = (kind: DocumentKind): kind is ReadOnlyKind => READ_ONLY_KINDS.some((one) => one === kind)
