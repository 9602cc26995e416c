import {
  type AccessRequest,
  auditEvent,
  type AuditEvent,
  type Instant,
  requestFields,
  userNameOf,
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

/** Whose approvals count no more, for the event that says what made them void. */
export function voidReviews(
  next: AccessRequest,
  before: AccessRequest,
  view: View,
): { readonly void_reviews?: readonly string[] } {
  const wasValid = new Set(before.reviews.filter(({ isVoid }) => !isVoid).map(({ author, at }) => `${author} ${at}`))
  const voided = next.reviews.filter(({ author, at, isVoid }) => isVoid && wasValid.has(`${author} ${at}`))
  return voided.length === 0 ? {} : { void_reviews: voided.map(({ author }) => userNameOf(author, view)) }
}
