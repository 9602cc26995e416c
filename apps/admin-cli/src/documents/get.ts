import type { Document } from '@gatehouse/api'
import { argument, command, everyPage, flag, formatYamlDocuments, PAGE, table, text } from '@gatehouse/cli-kit'
import { parseReference } from './kinds.ts'

export const getCommand = command({
  name: 'get',
  summary: 'Show resources as the documents that "tctl create" reads.',
  args: { reference: argument('kind[/name]', 'such as roles, role/access or access_list_member/<list>/<member>') },
  options: {
    system: flag('of roles: also the system roles, one for each account and permission set'),
    search: text('<text>', 'of roles: only those whose name holds this'),
    withSecrets: flag('changes nothing: no secret is ever shown'),
  },
  format: 'yaml',
  async run({ client, args, options: { system, search }, signal }) {
    const { kind, name } = parseReference(args.reference)
    if (name !== undefined) {
      const document = await client.getDocument({ params: { kind, name } }, signal)
      return { data: document, yaml: formatYamlDocuments([document]), text: documentTable([document]) }
    }
    const documents = await everyPage((cursor) =>
      client.listDocuments({ params: { kind }, query: { limit: PAGE, cursor, system, search } }, signal),
    )
    return { data: documents, yaml: formatYamlDocuments(documents), text: documentTable(documents) }
  },
})

const documentTable = (documents: readonly Document[]): string =>
  table(
    ['Kind', 'Name', 'Description'],
    documents.map(({ kind, metadata }) => [kind, metadata.name, metadata.description ?? '']),
  )
