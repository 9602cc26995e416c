import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { confirmRemovals, name, pageQuery, time } from './fields.ts'

const params = z.strictObject({ name: name() })

const assignment = {
  user: z.string(),
  account: z.string(),
  accountName: z.string(),
  /** Its ARN. */
  permissionSet: z.string(),
  permissionSetName: z.string(),
}

export const adoptedAssignmentSchema = z
  .object({
    /** What `endAdoptedAssignments` takes. */
    key: z.string(),
    ...assignment,
    /** When it became ours. */
    since: time,
    /** Who let the records follow it when it was drift; absent for what was taken over unasked. */
    keptBy: z.string().optional(),
    /** What AWS held when it was last read; `unread` before that. */
    aws: z.enum(['held', 'missing', 'unread']),
    /**
     * What comes of ending it. `goes`: the person loses the access; `by-list`: the assignment goes, and a list gives the same
     * access, which AWS was seen to hold; `stays`: something else gives the same assignment; `nothing`: it gives nothing now; `left`: it is outside of
     * what is managed, so AWS keeps what it has.
     */
    effect: z.enum(['goes', 'by-list', 'stays', 'nothing', 'left']),
    /** What else gives it, or why it gives nothing. */
    reasons: z.array(z.string()),
    /** ISO 8601: how long one role session of the permission set lasts; absent while AWS does not have it. */
    sessionDuration: z.string().optional(),
    /** Of what was shown; sent along, it refuses to end what would have another effect by now. */
    revision: z.string(),
  })
  .meta({ id: 'AdoptedAssignment' })
export type AdoptedAssignmentView = z.infer<typeof adoptedAssignmentSchema>

const listAdoptedAssignments = endpoint('GET', '/v1/organizations/:name/adopted-assignments', {
  summary: 'Assignments of people that were found in AWS and taken over, each with what ending it would do.',
  auth: 'rule',
  needs: { verb: 'read', kind: 'aws_identity_center' },
  params,
  query: z.strictObject({
    ...pageQuery,
    /** Part of a user's name. */
    user: name().optional(),
    /** Part of an account's name or id. */
    account: name().optional(),
    /** Part of a permission set's name. */
    permissionSet: name().optional(),
    /** Part of any of the three. */
    search: name().optional(),
  }),
  response: z.object({
    total: z.number().int(),
    found: z.number().int(),
    items: z.array(adoptedAssignmentSchema),
    next: z.string().optional(),
  }),
  status: 200,
})

/** How many one command may end. */
export const MAX_ENDED = 10_000

const endAdoptedAssignments = endpoint('POST', '/v1/organizations/:name/adopted-assignments/end', {
  summary: 'End adopted assignments. AWS is told to take away what nothing else gives.',
  auth: 'rule',
  needs: { verb: 'update', kind: 'aws_identity_center' },
  params,
  bodyLimit: 8 * 1024 * 1024,
  body: z.strictObject({
    assignments: z
      .array(
        z.strictObject({
          key: name(4096),
          /** As it was shown: all are refused where one of them would have another effect by now. */
          revision: name().optional(),
        }),
      )
      .min(1)
      .max(MAX_ENDED),
    /** How many removals somebody has read and means, where that is more than may go at once. */
    confirmRemovals: confirmRemovals.optional(),
    /** Says what would come of it; nothing is saved. */
    dryRun: z.boolean().default(false),
  }),
  response: z.object({
    /** How many people lose access, in how many assignments. */
    people: z.number().int(),
    assignments: z.number().int(),
    /** Every one that ended. */
    ended: z.array(adoptedAssignmentSchema),
  }),
  status: 200,
})

export const endedAssignmentSchema = z
  .object({
    key: z.string(),
    ...assignment,
    endedAt: time,
    endedBy: z.string(),
    /**
     * `saved`: AWS has not been told yet; `sent`: AWS has taken it; `confirmed`: AWS holds it no longer; `failed`: AWS
     * refused, and is asked again; `stays`: AWS holds it, and is to.
     */
    state: z.enum(['saved', 'sent', 'confirmed', 'failed', 'stays']),
    sentAt: time.optional(),
    confirmedAt: time.optional(),
    /** Why it stays, or what AWS said. */
    reason: z.string().optional(),
  })
  .meta({ id: 'EndedAssignment' })
export type EndedAssignmentView = z.infer<typeof endedAssignmentSchema>

const listEndedAssignments = endpoint('GET', '/v1/organizations/:name/adopted-assignments/ended', {
  summary: 'Adopted assignments that were ended within the last day, the latest first, and how far AWS is.',
  auth: 'rule',
  needs: { verb: 'read', kind: 'aws_identity_center' },
  params,
  query: z.strictObject(pageQuery),
  response: z.object({ total: z.number().int(), items: z.array(endedAssignmentSchema), next: z.string().optional() }),
  status: 200,
})

export const adoptedAssignmentEndpoints = { listAdoptedAssignments, endAdoptedAssignments, listEndedAssignments }
