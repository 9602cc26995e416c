import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { name, page, pageQuery, time } from './fields.ts'

const placeFields = {
  account: z.string(),
  accountName: z.string(),
  permissionSet: z.string(),
  permissionSetName: z.string(),
}

export const accessPathSchema = z
  .object({
    ...placeFields,
    /** `list`: through one or several access lists; `adopted`: it was found in AWS and taken over. */
    kind: z.enum(['role', 'request', 'list', 'adopted']),
    role: z.string().optional(),
    request: z.string().optional(),
    /** Who approved the request, and when. */
    approvals: z.array(z.object({ by: z.string(), at: time })).optional(),
    /** From the list that names the person up to the one that grants. */
    lists: z.array(z.object({ name: z.string(), title: z.string() })).optional(),
    /** Who kept it here when it was found in AWS; absent for what was taken over unasked. */
    keptBy: z.string().optional(),
    /** The organization among whose adopted assignments it is. */
    organization: z.string().optional(),
    /** Whether the last list grants it to members or to owners. */
    as: z.enum(['members', 'owners']).optional(),
    until: time.optional(),
    /** Whether AWS held the access when it was last read, in whatever way; absent where that is not known or not asked. */
    aws: z.enum(['confirmed', 'pending']).optional(),
  })
  .meta({ id: 'AccessPath' })
export type AccessPathView = z.infer<typeof accessPathSchema>

export const explanationSchema = z
  .object({
    user: z.string(),
    paths: z.array(accessPathSchema),
    /** Granted and not given, with the reason. */
    withheld: z.array(z.object({ ...z.object(placeFields).partial().shape, reason: z.string() })),
    /** What AWS held when it was last read, and nothing here gives: on its way out, or drift. Empty where that is not asked. */
    undecided: z.array(z.object(placeFields)),
    totals: z.object({ paths: z.number().int(), withheld: z.number().int(), undecided: z.number().int() }),
  })
  .meta({ id: 'Explanation' })
export type ExplanationView = z.infer<typeof explanationSchema>

const heldAccessSchema = z.object({ user: z.string(), ...placeFields })
export type HeldAccessView = z.infer<typeof heldAccessSchema>

/** So many ways of a person are listed by `who-can`; `why` has them all. */
export const MAX_PATHS = 100

/** Its id or its name. */
const account = name()
/** Its name or its ARN. */
const permissionSet = name(1224)

const explainAccess = endpoint('GET', '/v1/access/why', {
  summary: 'Why somebody has access: every way to it, and what is withheld. About oneself, or as an administrator.',
  auth: 'session',
  query: z.strictObject({
    /** So many ways, and as many that are withheld. */
    ...pageQuery,
    user: name(),
    account: account.optional(),
    permissionSet: permissionSet.optional(),
  }),
  response: explanationSchema.extend({
    /** There is more of one of the three lists. */
    next: z.string().optional(),
  }),
  status: 200,
})

/** What is older is left out. */
const MAX_MOMENTS = 110

export const accessTimelineSchema = z
  .object({
    user: z.string(),
    ...placeFields,
    /** Whether AWS held it when it was last read; absent where that is not known. */
    aws: z.enum(['confirmed', 'pending']).optional(),
    /** The oldest first; what is to come last. */
    moments: z
      .array(
        z.object({
          at: time,
          /** `drift`: taken away because it had appeared in AWS without a decision; `read`: AWS was last asked. */
          kind: z.enum(['decided', 'sent', 'confirmed', 'refused', 'removed', 'drift', 'read', 'ends']),
          /** Who decided, through what, or what AWS said. */
          text: z.string(),
          request: z.string().optional(),
        }),
      )
      .max(MAX_MOMENTS),
  })
  .meta({ id: 'AccessTimeline' })
export type AccessTimelineView = z.infer<typeof accessTimelineSchema>

const getAccessTimeline = endpoint('GET', '/v1/access/timeline', {
  summary:
    'When one account assignment of somebody was decided, sent to AWS, confirmed and last read, and when it ends.',
  auth: 'session',
  query: z.strictObject({ user: name(), account, permissionSet }),
  response: accessTimelineSchema,
  status: 200,
})

const listWhoCan = endpoint('GET', '/v1/access/who-can', {
  summary: 'Everybody who has access to an account, with every way to it.',
  auth: 'rule',
  needs: { verb: 'read', kind: 'aws_identity_center' },
  query: z.strictObject({ ...pageQuery, account, permissionSet: permissionSet.optional() }),
  response: page(explanationSchema),
  status: 200,
})

/** What is longer is counted and not listed. */
export const MAX_DIFFERENCES = 1_000

const explainChange = endpoint('POST', '/v1/access/what-if', {
  summary: 'Every assignment that people would gain and lose by applying documents; nothing is saved.',
  auth: 'session',
  body: z.strictObject({
    /** YAML, several documents divided by `---`. */
    text: z.string().min(1),
  }),
  response: z.object({
    gained: z.array(heldAccessSchema).max(MAX_DIFFERENCES),
    lost: z.array(heldAccessSchema).max(MAX_DIFFERENCES),
    gainedTotal: z.number().int(),
    lostTotal: z.number().int(),
    /** How long credentials that are issued already go on for what is lost, at most; absent where nothing is. */
    longestSession: z.string().optional(),
  }),
  status: 200,
  bodyLimit: 2 * 1024 * 1024,
})

export const explainEndpoints = { explainAccess, getAccessTimeline, listWhoCan, explainChange }
