import type { View } from '../desired-state/view.ts'
import { days, type Duration, type Instant, plus } from '../kernel/instant.ts'
import type { AccessRequest } from './access-request.ts'
import { prolongingOf } from './prolonging.ts'

/** The audit log has what became of it for good. */
const KEPT_FOR: Duration = days(90)

/** Says whether a decided request ended so long ago that its record goes; not while access rests on it. */
export function isForgotten(request: AccessRequest, view: View, now: Instant): boolean {
  const end = endOf(request)
  return end !== undefined && plus(end, KEPT_FOR) <= now && prolongingOf(request, view, now).length === 0
}

const endOf = (request: AccessRequest): Instant | undefined => {
  switch (request.state) {
    case 'pending':
      return undefined
    case 'approved':
      return request.expiresAt
    case 'denied':
    case 'promoted':
      return request.resolvedAt
  }
}
