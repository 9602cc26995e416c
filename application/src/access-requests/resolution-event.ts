import {
  type AccessRequest,
  auditEvent,
  type AuditEvent,
  type Instant,
  requestFields,
  type View,
} from '@gatehouse/domain'

/** The request is decided: what the last review made of it. Nobody decides for others, so there is no delegator. */
export const resolutionEvent = (request: AccessRequest, by: string, view: View, time: Instant): AuditEvent =>
  auditEvent('access_request.update', {
    time,
    user: by,
    // Not the user: what a request takes away by its end or its denies is found by its own name.
    subjects: [`request:${request.id}`],
    fields: { ...requestFields(request, view), updated_by: by, delegator: '' },
  })
