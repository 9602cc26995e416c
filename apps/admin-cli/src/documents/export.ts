import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Document, DocumentKind, GatehouseClient } from '@gatehouse/api'
import { argument, command, everyPage, formatYamlDocuments, PAGE } from '@gatehouse/cli-kit'
import { counted } from '@gatehouse/domain'

/** What files can own. Members stand in their lists; locks and requests come and go by themselves. */
const KINDS: readonly DocumentKind[] = [
  'role',
  'user',
  'access_list',
  'saml_idp_service_provider',
  'bundle',
  'approval_rule',
]
/** Roles that the server itself relies on can't be written. */
function isBuiltIn({ metadata: { labels } }: Document): boolean {
  const entries = typeof labels === 'object' && labels !== null ? Object.entries(labels) : []
  return entries.some(([key, value]) => key === 'teleport.internal/resource-type' && value === 'system')
}

export const exportCommand = command({
  name: 'export',
  summary:
    'Write roles, users, access lists, applications, bundles and approval rules to a folder that "tctl apply" reads.',
  args: { folder: argument('folder', 'made if it is not there; a file for each resource') },
  async run({ client, args, signal }) {
    const members = await membersByList(client, signal)
    const files: string[] = []
    for (const kind of KINDS) {
      const documents = await everyPage((cursor) =>
        client.listDocuments({ params: { kind }, query: { limit: PAGE, cursor } }, signal),
      )
      for (const document of documents.filter((one) => !isBuiltIn(one))) {
        const file = join(args.folder, kind, `${fileNameOf(document.metadata.name)}.yaml`)
        const whole = kind === 'access_list' ? withMembers(document, members) : document
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, formatYamlDocuments([asWritten(whole)]))
        files.push(file)
      }
    }
    return { data: { files }, text: `Wrote ${counted(files.length, 'file')} to ${args.folder}.` }
  },
})

async function membersByList(client: GatehouseClient, signal: AbortSignal): Promise<Map<string, unknown[]>> {
  const documents = await everyPage((cursor) =>
    client.listDocuments({ params: { kind: 'access_list_member' }, query: { limit: PAGE, cursor } }, signal),
  )
  const members = new Map<string, unknown[]>()
  for (const { spec = {} } of documents) {
    const { access_list: list, name, membership_kind, expires, reason } = spec
    const entry = {
      name,
      membership_kind,
      ...(expires === undefined ? {} : { expires }),
      ...(reason === undefined ? {} : { reason }),
    }
    members.set(String(list), [...(members.get(String(list)) ?? []), entry])
  }
  return members
}

const withMembers = (document: Document, members: ReadonlyMap<string, readonly unknown[]>): Document => ({
  ...document,
  spec: { ...document.spec, members: members.get(document.metadata.name) ?? [] },
})

/** Without what only the server writes. */
function asWritten(whole: Document): Document {
  const { status: _, metadata: all, ...document } = whole
  const { revision: __, ...metadata } = all
  return { ...document, metadata }
}

/** A name that every file system takes, and that no two names share. */
const fileNameOf = (name: string): string => encodeURIComponent(name).replaceAll('%40', '@').replace(/^\./, '%2E')
