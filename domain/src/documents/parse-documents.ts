import { DomainError } from '../kernel/problems.ts'
import { suggest } from '../kernel/suggest.ts'
import { type Document, documentIdentity, type DocumentWarning, type ParsedDocument } from './document.ts'
import { text, wrongType } from './fields.ts'
import { parseApprovalRule } from './parse-approval-rule.ts'
import { parseBundle } from './parse-bundle.ts'
import { parseAccessList, parseLock, parseMember, parseUser } from './parse-records.ts'
import { parseRole } from './parse-role.ts'
import { parseServiceProvider } from './parse-service-provider.ts'
import { invalid, type MapValue, readSource, type Value } from './source.ts'

const PARSERS: Readonly<Record<Document['kind'], (value: Value, warnings: DocumentWarning[]) => Document>> = {
  role: parseRole,
  user: parseUser,
  access_list: parseAccessList,
  access_list_member: parseMember,
  lock: parseLock,
  saml_idp_service_provider: parseServiceProvider,
  bundle: parseBundle,
  approval_rule: parseApprovalRule,
}
const KINDS = Object.keys(PARSERS)
const ALIASES: Readonly<Record<string, Document['kind']>> = {
  acl: 'access_list',
  saml_sp: 'saml_idp_service_provider',
}

/** Kinds that are known and can't be written as a document, with what to do instead. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  access_request: 'File it with "tsh request create", and decide it with "tctl requests approve" or "deny".',
  plugin: 'Enrol an organization with "tctl plugins install awsic".',
  integration: 'It is made by "tctl plugins install awsic".',
  aws_ic_account: 'It is what AWS says.',
  aws_ic_permission_set: 'It is what AWS says.',
  access_list_review: 'File it with "tctl acl reviews create": who reviews, and when, is for the server to say.',
}

/**
 * Reads one or several documents, as YAML or JSON. Where two mean the same record the second replaces the first, in its
 * place.
 * @throws DomainError `invalid-document`, `unknown-field`, `not-supported-yet`, `system-role`, `too-large`
 */
export function parseDocuments(source: string): readonly ParsedDocument[] {
  const values = readSource(source)
  if (values.length === 0)
    throw new DomainError({
      code: 'invalid-document',
      field: 'document',
      message: 'there is nothing in it.',
      remedy: 'Write a document with kind, metadata and spec.',
    })
  const documents = new Map<string, ParsedDocument>()
  for (const value of values) {
    const parsed = parseDocument(value)
    documents.set(documentIdentity(parsed.document), parsed)
  }
  return [...documents.values()]
}

function parseDocument(value: Value): ParsedDocument {
  if (value.type !== 'map') throw wrongType(value, 'a document with kind, metadata and spec')
  const kind = value.entries.get('kind')
  if (!kind) {
    const typed = suggest('kind', value.entries.keys())
    const remedy = typed ? `Write "kind" instead of "${typed}".` : `Begin with "kind:" and one of ${KINDS.join(', ')}.`
    throw invalid({ path: 'kind', line: value.line }, 'it is missing.', remedy)
  }
  const warnings: DocumentWarning[] = []
  const document = parserFor(kind)(value, warnings)
  const revision = revisionOf(value)
  return { document, line: value.line, warnings, ...(revision === undefined ? {} : { revision }) }
}

/** Unquoted, YAML takes ours for a number. */
function revisionOf(document: MapValue): string | undefined {
  const metadata = document.entries.get('metadata')
  const revision = metadata?.type === 'map' ? metadata.entries.get('revision') : undefined
  if (!revision || revision.type === 'null') return undefined
  return revision.type === 'number' ? revision.source : text(revision, { empty: true })
}

function parserFor(kind: Value): (typeof PARSERS)[Document['kind']] {
  const name = text(kind)
  const known = Object.entries(PARSERS).find(([candidate]) => candidate === (ALIASES[name] ?? name))
  if (known) return known[1]
  const remedy = OTHER_KINDS[name]
  if (remedy) throw invalid(kind, `a ${name} can not be written as a document.`, remedy)
  const suggestion = suggest(name, KINDS)
  throw invalid(
    kind,
    `"${name.slice(0, 60)}" is not a known kind.`,
    suggestion ? `Did you mean "${suggestion}"?` : `Write one of ${KINDS.join(', ')}.`,
  )
}
