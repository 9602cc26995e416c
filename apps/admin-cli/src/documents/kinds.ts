import { DOCUMENT_KINDS, type DocumentKind } from '@gatehouse/api'
import { usageError } from '@gatehouse/cli-kit'
import { suggest } from '@gatehouse/domain'

const SHORT: Readonly<Record<string, DocumentKind>> = {
  acl: 'access_list',
  acls: 'access_list',
  member: 'access_list_member',
  members: 'access_list_member',
  review: 'access_list_review',
  reviews: 'access_list_review',
  request: 'access_request',
  requests: 'access_request',
  saml_sp: 'saml_idp_service_provider',
}

/** `role`, `roles`, `ROLE`: kinds are known by their names, plurals and a few short forms. @throws CliError usage */
export function parseKind(typed: string): DocumentKind {
  const wanted = typed.toLowerCase().replaceAll('-', '_')
  const found = DOCUMENT_KINDS.find((kind) => kind === wanted || `${kind}s` === wanted) ?? SHORT[wanted]
  if (found) return found
  const suggestion = suggest(wanted, DOCUMENT_KINDS)
  throw usageError(
    `There is no kind "${typed}".`,
    suggestion === undefined ? `Kinds are ${DOCUMENT_KINDS.join(', ')}.` : `Did you mean "${suggestion}"?`,
  )
}

/** `KIND/NAME`; the name of a member of a list has a slash itself. */
export function parseReference(typed: string): { readonly kind: DocumentKind; readonly name: string | undefined } {
  const slash = typed.indexOf('/')
  if (slash === -1) return { kind: parseKind(typed), name: undefined }
  const name = typed.slice(slash + 1)
  return { kind: parseKind(typed.slice(0, slash)), name: name === '' ? undefined : name }
}
