import { mayEnd } from '../access-requests/requestable.ts'
import { unmatchedPatterns } from '../desired-state/unmatched-patterns.ts'
import type { View } from '../desired-state/view.ts'
import { grantOfKey } from '../identity-center/account-assignment.ts'
import { allowedAssignments, missingTraits } from '../roles/expand-assignments.ts'
import type { DocumentWarning, NamedGrants, ParsedDocument, RoleDocument } from './document.ts'

/** What a reader should know of a document, seen against the records as they would be. */
export const warningsAfter = (parsed: ParsedDocument, after: View): readonly DocumentWarning[] => [
  ...(parsed.document.kind === 'role' ? ofRole(parsed.document, after) : []),
  ...ofTraits(parsed, after),
]

/** Roles that are granted here and have templates for traits that are not here. */
function ofTraits({ document, line }: ParsedDocument, after: View): readonly DocumentWarning[] {
  const missing = (field: string, { roles, traits }: NamedGrants): readonly DocumentWarning[] =>
    roles.flatMap((name) => {
      const resolved = after.resolveRole({ name })
      if (resolved.kind !== 'stored') return []
      const { allow, deny } = resolved.role
      return missingTraits([...allow.accountAssignments, ...deny.accountAssignments], traits).map((trait) => ({
        field,
        line,
        message: `role "${name}" asks for the trait "${trait}", which is missing: its entries give nothing, and deny everything`,
      }))
    })
  if (document.kind === 'user') return missing('spec.traits', document)
  if (document.kind !== 'access_list') return []
  return [...missing('spec.grants', document.grants), ...missing('spec.owner_grants', document.ownerGrants)]
}

function ofRole(role: RoleDocument, after: View): readonly DocumentWarning[] {
  const unmatched = (['allow', 'deny'] as const).flatMap((half) =>
    unmatchedPatterns(role[half].accountAssignments, after.catalogue).map((warning) => ({
      ...warning,
      field: `spec.${half}.account_assignments${warning.field}`,
    })),
  )
  const permanent = [...after.expand(allowedAssignments(role.allow.accountAssignments, {}))].find(
    (grant) => !mayEnd(grant, after),
  )
  if (!permanent) return unmatched
  const message = `it reaches the management account (${grantOfKey(permanent).account}), where AWS does not let us remove access fully`
  return [...unmatched, { field: 'spec.allow.account_assignments', message }]
}
