import { DomainError } from '../kernel/problems.ts'
import { type AccessRequest, isOut, type RequestRow, rowOf, rowsOf } from './access-request.ts'
import { resourceName } from './resource-ids.ts'

export interface DescribedRow {
  readonly row: RequestRow
  /** What people call it: `111111111111--readonlyaccess`, or the name of a role. */
  readonly name: string
  readonly state: 'open' | 'approved' | 'denied' | 'returned'
}

export function describeRows(request: AccessRequest): readonly DescribedRow[] {
  const names = new Map(request.resources.map((resource) => [rowOf(resource), resourceName(resource)]))
  return rowsOf(request).map((row) => ({ row, name: names.get(row) ?? row, state: stateOf(row, request) }))
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

/**
 * Rows as somebody names them, by id or by name; each once.
 * @throws DomainError `invalid-value` for what the request does not have, or does not give any more
 */
export function findRows(texts: readonly string[], request: AccessRequest): readonly RequestRow[] {
  const described = describeRows(request).filter(({ row }) => !isOut(request, row))
  const found = texts.map((text) => {
    const wanted = text.toLowerCase()
    const fitting =
      described.find(({ row }) => row === text) ?? described.find(({ name }) => name.toLowerCase() === wanted)
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
