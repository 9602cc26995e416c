import type { Document } from '@gatehouse/api'
import type { AssignmentRow } from '../../components/assignment-rows.tsx'

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const sideOf = (role: unknown, side: 'allow' | 'deny'): Fields => fieldsOf(fieldsOf(fieldsOf(role)['spec'])[side])

/** Also of what is half typed: any part of it may be missing, or something else. */
export function assignmentsOf(role: unknown, side: 'allow' | 'deny'): readonly AssignmentRow[] {
  const found = sideOf(role, side)['account_assignments']
  return (Array.isArray(found) ? found : []).map((row: unknown) => {
    const fields = fieldsOf(row)
    return { account: textOf(fields['account']), permissionSet: textOf(fields['permission_set']) }
  })
}

/** What a role is for, in a word each. */
export function sayUses(role: Document): readonly string[] {
  const allow = sideOf(role, 'allow')
  const assignments = assignmentsOf(role, 'allow').length
  const rules = allow['rules']
  return [
    ...(assignments === 0 ? [] : [assignments === 1 ? '1 account assignment' : `${assignments} account assignments`]),
    ...((allow['app_labels'] ?? allow['app_labels_expression']) ? ['applications'] : []),
    ...(allow['request'] ? ['asks for access'] : []),
    ...(allow['review_requests'] ? ['reviews requests'] : []),
    ...(Array.isArray(rules) && rules.length > 0 ? ['administers'] : []),
    ...(Object.keys(sideOf(role, 'deny')).length > 0 ? ['denies'] : []),
  ]
}
