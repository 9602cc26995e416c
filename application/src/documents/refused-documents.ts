import {
  applyDocuments,
  type ApplyInput,
  type Document,
  DomainError,
  type ParsedDocument,
  type UserId,
  type View,
} from '@gatehouse/domain'
import type { RefusedWrite } from './record-refused-writes.ts'

/** Stands for a user who would be made, where nothing is saved. */
const NOBODY = '' as UserId

/** Each is worked out by itself, which takes its time; one attempt with many is told by its first ones. */
const MAX_EXAMINED = 20
const RECORDED: readonly Document['kind'][] = ['role', 'access_list', 'access_list_member', 'saml_idp_service_provider']

/** The documents that are refused, each asked about alone. */
export function refusedAmong(
  documents: readonly ParsedDocument[],
  facts: Omit<ApplyInput, 'newUserId'>,
): readonly RefusedWrite[] {
  const input = { ...facts, newUserId: () => NOBODY }
  const examined = documents.filter(({ document }) => RECORDED.includes(document.kind)).slice(0, MAX_EXAMINED)
  return examined.flatMap((parsed): readonly RefusedWrite[] => {
    const { document } = parsed
    try {
      applyDocuments([parsed], input)
      return []
    } catch (error) {
      if (!(error instanceof DomainError) || error.problem.code !== 'refused') return []
      return refusedWrite(document, input.view, error.message)
    }
  })
}

/** Of the kinds whose refusals have events. */
function refusedWrite(document: Document, view: View, error: string): readonly RefusedWrite[] {
  const verb = (isThere: boolean): 'create' | 'update' => (isThere ? 'update' : 'create')
  if (document.kind === 'role') {
    const name = document.name.toLowerCase()
    const isThere = view.roles.some((role) => role.name.toLowerCase() === name)
    return [{ kind: document.kind, name: document.name, verb: verb(isThere), error }]
  }
  if (document.kind === 'access_list')
    return [{ kind: document.kind, name: document.name, verb: verb(view.listById.has(document.name)), error }]
  if (document.kind === 'access_list_member')
    return [{ kind: document.kind, name: document.list, verb: 'create', error }]
  if (document.kind === 'saml_idp_service_provider') {
    const { kind, name, entityId } = document
    return [
      { kind, name, verb: verb(view.serviceProviders.some((provider) => provider.name === name)), error, entityId },
    ]
  }
  return []
}
