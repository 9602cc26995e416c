import { z } from 'zod'
import { pageOf } from '../http/page.ts'
import type { World } from '../world/world.ts'
import { matchFilter, parseFilter } from './parse-filter.ts'
import { LIST_SCHEMA } from './schema-names.ts'
import { invalidRequest } from './scim-error.ts'
import { fit, type ScimAnswer, type ScimCall } from './scim-operation.ts'

const ROWS_PER_PAGE = 100

// `startIndex`, `attributes` and whatever else comes is ignored.
const querySchema = z.object({
  filter: z.string().optional(),
  cursor: z
    .string()
    .regex(/^[-a-zA-Z0-9+=/:_]*$/)
    .optional(),
  count: z.coerce.number().int().min(1).max(ROWS_PER_PAGE).default(ROWS_PER_PAGE),
})

/** The attributes that the caller filters by. @throws AwsError unless they are one of the combinations. */
export function readFilter<Attribute extends string>(
  call: ScimCall,
  combinations: readonly (readonly Attribute[])[],
): Partial<Record<Attribute, string>> {
  const { filter } = fit(querySchema, call.query)
  if (filter === undefined) return {}
  const comparisons = parseFilter(filter)
  const matched = comparisons && matchFilter(comparisons, combinations)
  if (matched === undefined) throw invalidRequest()
  return matched
}

/**
 * One page. With a cursor, even an empty one, the next page can be asked for and nobody counts; without, the first
 * page is all that can be had (SCIM Implementation Developer Guide, "ListUsers").
 */
export function answerList<Row extends { readonly id: string }>(
  world: World,
  call: ScimCall,
  operation: string,
  rows: readonly Row[],
  present: (row: Row) => object,
): ScimAnswer {
  const { filter, cursor, count } = fit(querySchema, call.query)
  if (cursor === undefined) {
    const first = rows.slice(0, count)
    return {
      status: 200,
      body: {
        totalResults: rows.length,
        itemsPerPage: first.length,
        startIndex: 1,
        schemas: [LIST_SCHEMA],
        Resources: first.map(present),
      },
    }
  }
  const asked = { MaxResults: count, NextToken: cursor === '' ? undefined : cursor }
  const page = pageOf(world, call, rows, asked, {
    service: 'scim',
    scope: [operation, filter],
    keyOf: ({ id }) => id,
    usual: ROWS_PER_PAGE,
  })
  return {
    status: 200,
    body: {
      itemsPerPage: page.rows.length,
      nextCursor: page.NextToken,
      schemas: [LIST_SCHEMA],
      Resources: page.rows.map(present),
    },
  }
}
