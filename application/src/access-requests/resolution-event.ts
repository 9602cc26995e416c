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
    subjects: [`request:${request.id}`, `user:${request.user}`],
    fields: { ...requestFields(request, view), updated_by: by, delegator: '' },
  })
