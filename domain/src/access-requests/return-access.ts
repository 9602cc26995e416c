import type { Instant } from '../kernel/instant.ts'
import { DomainError } from '../kernel/problems.ts'
import { type AccessRequest, isOut, rowsOf } from './access-request.ts'
import { findRows } from './rows.ts'

/**
 * Ends access before its time, all of it or some rows. What was not begun is given up.
 * @throws DomainError `conflict` when there is nothing to return, `invalid-value`
 */
export function returnAccess(request: AccessRequest, rows: readonly string[] | undefined, now: Instant): AccessRequest {
  if (request.state !== 'approved' || request.expiresAt <= now)
    throw new DomainError({
      code: 'conflict',
      message: request.state === 'approved' ? 'The access has ended.' : `The request is ${request.state}.`,
      remedy: request.state === 'pending' ? 'Withdraw it instead.' : 'There is nothing to return.',
    })
  const held = rowsOf(request).filter((row) => !isOut(request, row))
  const returned = rows === undefined ? held : findRows(rows, request)
  const rowsOut = [...request.rowsOut, ...returned.map((row) => ({ row, why: 'returned', at: now }) as const)]
  if (returned.length === 0)
    throw new DomainError({ code: 'invalid-value', field: 'rows', text: '', expected: 'at least one row' })
  const isAll = returned.length === held.length
  return { ...request, rowsOut, ...(isAll ? { expiresAt: now } : {}) }
}
