import { z } from 'zod'
import { memberSchema } from './access-lists.ts'
import { endpoint } from './endpoint.ts'
import { accessListId, instantInput, name, page, pageQuery, prose, time } from './fields.ts'

const verdict = z.enum(['keep', 'remove'])

export const reviewDraftSchema = z
  .object({
    /** Another one with each change; absent where nothing is kept. */
    version: z.string().optional(),
    savedAt: time.optional(),
    /** The date of the list: a draft for another one is not kept. */
    dueAt: time.optional(),
    /** Of the list. */
    revision: z.number().int(),
    /** Only on those who are in the list now. */
    verdicts: z.array(z.object({ kind: memberSchema.shape.kind, name: z.string(), verdict })),
    /** Everybody else stays; said of this very revision of the list. */
    keepsRest: z.boolean(),
    notes: z.string(),
  })
  .meta({ id: 'AccessListReviewDraft' })
export type ReviewDraftView = z.infer<typeof reviewDraftSchema>

/** More take another call: a reviewer decides about a few at a time. */
export const MOST_VERDICTS = 5_000

const params = z.strictObject({ id: accessListId, reviewer: name() })

const listReviewDrafts = endpoint('GET', '/v1/review-drafts', {
  summary: "How far the caller has come with reviews that are not filed yet, by the lists' ids.",
  auth: 'session',
  query: z.strictObject(pageQuery),
  response: page(
    z.object({
      list: z.string(),
      /** How many members are decided. */
      decided: z.number().int(),
      savedAt: time,
    }),
  ),
  status: 200,
})

const getReviewDraft = endpoint('GET', '/v1/access-lists/:id/review-drafts/:reviewer', {
  summary: "The caller's own review of an access list as far as it has come; nobody else reads it.",
  auth: 'session',
  params,
  response: reviewDraftSchema,
  status: 200,
})

const saveReviewDraft = endpoint('POST', '/v1/access-lists/:id/review-drafts/:reviewer', {
  summary: 'Keep what the caller has decided since, until the review is filed; it changes nothing else.',
  auth: 'session',
  params,
  bodyLimit: 4 * 1024 * 1024,
  body: z.strictObject({
    /** The draft that was changed; absent where there was none. Refused with 409 when there is another by now. */
    version: name().optional(),
    /** The date of the list that was looked at; refused with 412 when it has another by now. */
    dueAt: instantInput.optional(),
    /** The list that was looked at. */
    revision: z.number().int(),
    verdicts: z
      .array(z.strictObject({ kind: memberSchema.shape.kind, name: name(), verdict }))
      .max(MOST_VERDICTS)
      .default([]),
    /** Absent: as before. */
    keepsRest: z.boolean().optional(),
    /** Absent: as before. */
    notes: prose(4096).optional(),
  }),
  response: z.object({
    version: z.string(),
    savedAt: time,
    /** Of the list. */
    revision: z.number().int(),
    /** Who is not in the list (any more): verdicts on them are not kept. */
    leftOut: z.array(z.object({ kind: memberSchema.shape.kind, name: z.string() })),
  }),
  status: 200,
})

const deleteReviewDraft = endpoint('DELETE', '/v1/access-lists/:id/review-drafts/:reviewer', {
  summary: 'Begin the review anew.',
  auth: 'session',
  params,
  query: z.strictObject({
    /** The draft that was looked at; refused with 409 when there is another by now. */
    version: name(),
  }),
  status: 204,
})

export const reviewDraftEndpoints = { listReviewDrafts, getReviewDraft, saveReviewDraft, deleteReviewDraft }
