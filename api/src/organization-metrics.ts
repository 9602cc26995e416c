import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { name, time } from './fields.ts'

/** An hour in slots of ten seconds, and of a minute. */
const MOST_SHORT_SLOTS = 360
const MOST_MINUTES = 60

const latencySchema = z.array(
  z.object({
    /** When the minute began, like every `at` here. */
    at: time,
    count: z.number().int(),
    medianMs: z.number().int(),
    slowestMs: z.number().int(),
  }),
)

export const organizationMetricsSchema = z
  .object({
    organization: z.string(),
    /** The hour that ends now. */
    from: time,
    to: time,
    /** From when on it was measured: later than `from` while the process that acts on AWS has done so for less than an hour. */
    since: time,
    calls: z.object({
      everySeconds: z.number().int(),
      services: z.array(
        z.object({
          service: z.enum(['sso-admin', 'identitystore', 'organizations', 'scim']),
          /** Calls a second that Gatehouse makes at most. */
          limit: z.number(),
          /** The same now: throttling lowers it for a while. */
          allowed: z.number(),
          /** Calls that wait for their turn now. */
          waiting: z.number().int(),
          /** Slots without a call are left out. */
          points: z
            .array(z.object({ at: time, calls: z.number().int(), throttled: z.number().int() }))
            .max(MOST_SHORT_SLOTS),
        }),
      ),
    }),
    /** Account assignments that AWS was asked for and had not answered. */
    inFlight: z.object({
      everySeconds: z.number().int(),
      /** How many AWS takes at once. */
      limit: z.number().int(),
      /** Slots in which nothing was in flight are left out. */
      points: z.array(z.object({ at: time, most: z.number().int() })).max(MOST_SHORT_SLOTS),
    }),
    /** How long account assignments took, from the plan that wanted them to AWS's confirmation, minute by minute. */
    latency: z.object({ granted: latencySchema.max(MOST_MINUTES), removed: latencySchema.max(MOST_MINUTES) }),
  })
  .meta({ id: 'OrganizationMetrics' })
export type OrganizationMetricsView = z.infer<typeof organizationMetricsSchema>

const getOrganizationMetrics = endpoint('GET', '/v1/organizations/:name/metrics', {
  summary: 'What the last hour took of the quotas of AWS, and how long AWS took to confirm account assignments.',
  auth: 'rule',
  needs: { verb: 'read', kind: 'aws_identity_center' },
  params: z.strictObject({ name: name() }),
  response: organizationMetricsSchema,
  status: 200,
})

export const organizationMetricsEndpoints = { getOrganizationMetrics }
