import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { instantInput, name, page, pageQuery, time } from './fields.ts'

export const auditEventSchema = z
  .object({
    seq: z.number().int(),
    uid: z.string(),
    event: z.string(),
    code: z.string(),
    time,
    user: z.string().optional(),
    subjects: z.array(z.string()),
    fields: z.record(z.string(), z.unknown()),
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEvent' })
export type AuditEventView = z.infer<typeof auditEventSchema>

export const auditEventDetailSchema = auditEventSchema
  .extend({
    /** The event as `tctl audit export --as flat` writes it: fields and name on one level. */
    flat: z.record(z.string(), z.unknown()),
    /** As in the list. */
    names: z.record(z.string(), z.string()),
  })
  .meta({ id: 'AuditEventDetail' })
export type AuditEventDetailView = z.infer<typeof auditEventDetailSchema>

const listAuditEvents = endpoint('GET', '/v1/audit-events', {
  summary: 'What was recorded, newest first unless it is asked for otherwise.',
  auth: 'rule',
  needs: { verb: 'list', kind: 'event' },
  query: z.strictObject({
    ...pageQuery,
    /** Only this event, such as `access_request.review`. */
    event: name(100).optional(),
    /** Only what is about this: `user:<id>`, `role:<name>`, `list:<id>`, `request:<id>`, `organization:<id>`, `service-provider:<name>`. */
    subject: name(512).optional(),
    code: name(20).optional(),
    /** Only what this person did, by the name he had then. */
    user: name().optional(),
    /** From this time on, and before this one. */
    from: instantInput.optional(),
    to: instantInput.optional(),
    /**
     * Somewhere in name, user or fields, in any case. A page may then hold few events or none while `next` says where to
     * go on: a page looks through 50,000 events.
     */
    text: name().optional(),
    order: z.enum(['newest', 'oldest']).default('newest'),
  }),
  response: page(auditEventSchema).extend({
    /** What those of the events' subjects are called now that still exist and that the caller may see. Not part of an event, which never changes. */
    names: z.record(z.string(), z.string()),
  }),
  status: 200,
})

const getAuditEvent = endpoint('GET', '/v1/audit-events/:uid', {
  summary: 'One event, also in the form that rules of a SIEM are written for.',
  auth: 'rule',
  needs: { verb: 'read', kind: 'event' },
  params: z.strictObject({ uid: name(100) }),
  response: auditEventDetailSchema,
  status: 200,
})

const verifyAuditEvents = endpoint('GET', '/v1/audit-events/verification', {
  summary: 'Walk the whole chain of hashes.',
  auth: 'rule',
  needs: { verb: 'read', kind: 'event' },
  response: z.object({
    intact: z.boolean(),
    events: z.number().int(),
    /** The first event that does not fit the one before. */
    firstBroken: z.number().int().optional(),
  }),
  status: 200,
})

export const auditEventEndpoints = { listAuditEvents, getAuditEvent, verifyAuditEvents }
