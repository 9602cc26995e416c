import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import type { UserId } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import { type AccessRequest, isOut, rowsOf } from './access-request.ts'
import { prolongingOf, sameRows } from './prolonging.ts'
import { findRows } from './rows.ts'

/**
 * Ends access before its time, all of it or some rows. What was not begun is given up.
 * @throws DomainError `conflict` when there is nothing to return, `invalid-value`
 */
export function returnAccess(
  request: AccessRequest,
  rows: readonly string[] | undefined,
  now: Instant,
  by?: UserId,
): AccessRequest {
  if (request.state !== 'approved' || request.expiresAt <= now)
    throw new DomainError({
      code: 'conflict',
      message: request.state === 'approved' ? 'The access has ended.' : `The request is ${request.state}.`,
      remedy: request.state === 'pending' ? 'Withdraw it instead.' : 'There is nothing to return.',
    })
  const held = rowsOf(request).filter((row) => !isOut(request, row))
  const returned = rows === undefined ? held : findRows(rows, request)
  const who = by === undefined ? {} : { by }
  const rowsOut = [...request.rowsOut, ...returned.map((row) => ({ row, why: 'returned', at: now, ...who }) as const)]
  if (returned.length === 0)
    throw new DomainError({ code: 'invalid-value', field: 'rows', text: '', expected: 'at least one row' })
  const isAll = returned.length === held.length
  return { ...request, rowsOut, ...(isAll ? { expiresAt: now } : {}) }
}

/** What prolongs the access gives the same rows back. */
export function returnProlonging(
  back: AccessRequest,
  before: AccessRequest,
  view: View,
  now: Instant,
): readonly AccessRequest[] {
  const returned = rowsOf(before).filter((row) => isOut(back, row) && !isOut(before, row))
  return prolongingOf(before, view, now).flatMap((other) => {
    const rows = sameRows(returned, before, other, view).filter((row) => !isOut(other, row))
    return rows.length === 0 ? [] : [returnAccess(other, rows, now)]
  })
}

/** What prolongs access that is taken away ends with it. */
export const endProlonging = (request: AccessRequest, view: View, now: Instant): readonly AccessRequest[] =>
  prolongingOf(request, view, now)
    .filter((other) => rowsOf(other).some((row) => !isOut(other, row)))
    .map((other) => returnAccess(other, undefined, now))
