import type { View } from '../desired-state/view.ts'
import { type GrantKey, grantKey } from '../identity-center/account-assignment.ts'
import { DomainError } from '../kernel/problems.ts'
import {
  type AccessRequest,
  isOut,
  type RequestRow,
  type RowOut,
  isRoleRequest,
  rowOf,
  rowOfApplication,
  rowOfRole,
  rowsOf,
} from './access-request.ts'
import { grantsOfRole } from '../roles/grants-of-role.ts'
import { resourceName } from './resource-ids.ts'

export interface DescribedRow {
  readonly row: RequestRow
  /** What people call it: `111111111111--readonlyaccess`, or the name of a role. */
  readonly name: string
  readonly state: 'open' | 'approved' | 'denied' | 'returned'
  /** When it was given back, and by whom where that is known. */
  readonly returned?: Pick<RowOut, 'at' | 'by'>
}

export function describeRows(request: AccessRequest): readonly DescribedRow[] {
  const names = new Map<RequestRow, string>([
    ...request.resources.map((resource) => [rowOf(resource), resourceName(resource)] as const),
    ...request.applications.map((name) => [rowOfApplication(name), name] as const),
  ])
  return rowsOf(request).map((row) => ({
    row,
    name: names.get(row) ?? row,
    state: stateOf(row, request),
    ...returnOf(row, request),
  }))
}

function returnOf(row: RequestRow, request: AccessRequest): Pick<DescribedRow, 'returned'> {
  const out = request.state === 'approved' ? request.rowsOut.find((one) => one.row === row) : undefined
  return out?.why === 'returned' ? { returned: out } : {}
}

function stateOf(row: RequestRow, request: AccessRequest): DescribedRow['state'] {
  switch (request.state) {
    case 'pending':
    case 'promoted':
      return 'open'
    case 'denied':
      return 'denied'
    case 'approved':
      return request.rowsOut.find((out) => out.row === row)?.why ?? 'approved'
  }
}

/** How each account assignment that a request asks for stands: as well as the best of the rows that give it. */
export function grantStates(request: AccessRequest, view: View): ReadonlyMap<GrantKey, DescribedRow['state']> {
  const states = new Map<GrantKey, DescribedRow['state']>()
  const byRow = new Map(describeRows(request).map(({ row, state }) => [row, state]))
  const note = (grant: GrantKey, row: RequestRow): void => {
    const state = byRow.get(row)
    const known = states.get(grant)
    if (state && (!known || BEST_FIRST.indexOf(state) < BEST_FIRST.indexOf(known))) states.set(grant, state)
  }
  for (const resource of request.resources) note(grantKey(resource), rowOf(resource))
  if (isRoleRequest(request))
    for (const reference of request.roles)
      for (const grant of grantsOfRole(reference, view, view.userById.get(request.user)?.traits ?? {}))
        note(grant, rowOfRole(reference))
  return states
}

const BEST_FIRST: readonly DescribedRow['state'][] = ['approved', 'open', 'returned', 'denied']

/**
 * Rows as somebody names them, by id or by name; each once.
 * @throws DomainError `invalid-value` for what the request does not have, or does not give any more
 */
export function findRows(texts: readonly string[], request: AccessRequest): readonly RequestRow[] {
  const described = describeRows(request).filter(({ row }) => !isOut(request, row))
  const found = texts.map((text) => {
    const wanted = text.toLowerCase()
    const exact = described.find(({ row }) => row === text)
    const named = described.filter(({ name }) => name.toLowerCase() === wanted)
    const fitting = exact ?? named[0]
    if (named.length > 1 && !exact)
      throw new DomainError({
        code: 'invalid-value',
        field: 'rows',
        text,
        expected: `one of ${named.map(({ row }) => row).join(' and ')}: both go by that name`,
      })
    if (fitting) return fitting.row
    const names = described.slice(0, 5).map(({ name }) => name)
    throw new DomainError({
      code: 'invalid-value',
      field: 'rows',
      text,
      expected: names.length === 0 ? 'nothing: no row is left' : `rows of this request, such as ${names.join(' or ')}`,
    })
  })
  return [...new Set(found)]
}
