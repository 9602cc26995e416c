import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessRequestId } from '../kernel/names.ts'
import { canonicalName } from '../roles/role-names.ts'
import { type AccessRequest, isRoleRequest, type RequestRow, rowOfRole, type RowOut, rowsOf } from './access-request.ts'

/** The request that another prolongs, if it is still there; whoever asks for it is the same person. */
export const prolongedBy = (request: AccessRequest, view: View): AccessRequest | undefined =>
  request.prolongs === undefined
    ? undefined
    : view.requestsByUser.get(request.user)?.find(({ id }) => id === request.prolongs)

/** The ids of what a request rests on, itself first. */
function chainOf(request: AccessRequest, view: View): ReadonlySet<AccessRequestId> {
  const chain = new Set([request.id])
  for (let one: AccessRequest | undefined = request; one?.prolongs !== undefined; one = prolongedBy(one, view)) {
    if (chain.has(one.prolongs)) break
    chain.add(one.prolongs)
  }
  return chain
}

/** A lock on a request takes out everything that prolongs it, too. */
export const isRequestLocked = (request: AccessRequest, view: View, now: Instant): boolean =>
  [...chainOf(request, view)].some((id) => view.isLocked({ kind: 'access-request', request: id }, now))

/** Access that rests on a request and has not ended. */
export const prolongingOf = ({ id, user }: AccessRequest, view: View, now: Instant): readonly AccessRequest[] =>
  (view.requestsByUser.get(user) ?? []).filter(
    (other) => other.id !== id && other.state === 'approved' && now < other.expiresAt && chainOf(other, view).has(id),
  )

/** What was given back of the access that a request prolongs; it is not given again. */
export function returnedBefore(request: AccessRequest, view: View): readonly RowOut[] {
  const before = prolongedBy(request, view)
  if (before?.state !== 'approved') return []
  const returned = before.rowsOut.filter(({ why }) => why === 'returned')
  return sameRows(
    returned.map(({ row }) => row),
    before,
    request,
    view,
  ).map((row) => ({ row, why: 'returned', at: returned.at(-1)?.at ?? before.expiresAt }))
}

/** Rows of one request that another of the same person has, too; a role may go by another name there. */
export function sameRows(
  rows: readonly RequestRow[],
  of: AccessRequest,
  other: AccessRequest,
  view: View,
): readonly RequestRow[] {
  const meant = new Set(rows.map((row) => nameNow(row, of, view)))
  return rowsOf(other).filter((row) => meant.has(nameNow(row, other, view)))
}

function nameNow(row: RequestRow, request: AccessRequest, view: View): string {
  const reference = isRoleRequest(request) ? request.roles.find((role) => rowOfRole(role) === row) : undefined
  return reference ? canonicalName(reference, view) : row
}
