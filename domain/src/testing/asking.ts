import type { AccessRequest } from '../access-requests/access-request.ts'
import { fileRequest, type RequestWish } from '../access-requests/file-request.ts'
import { reviewRequest, type ReviewWish } from '../access-requests/review-request.ts'
import type { View } from '../desired-state/view.ts'
import { DomainError, type Problem } from '../kernel/problems.ts'
import type { Threshold } from '../roles/role.ts'
import type { User } from '../users/user.ts'
import { NOW, requestId } from './builders.ts'

/** Asking and deciding as a scene's people do, unless a test says otherwise. Whoever decides has seen what there is. */
export const asking = (scene: View, asker: User) => ({
  file: (wish: Partial<RequestWish>, view = scene, user = asker, name = 'r', now = NOW): AccessRequest =>
    fileRequest(
      requestId(name),
      user,
      { roles: [], resourceIds: [], reason: '', suggestedReviewers: [], ...wish },
      view,
      now,
    ),
  review: (request: AccessRequest, by: User, view = scene, wish: Partial<ReviewWish> = {}, now = NOW): AccessRequest =>
    reviewRequest(request, by, { verdict: 'approve', reason: 'ok', shown: 'a', ...wish }, { view, now, shown: 'a' }),
})

/** Every role asks for all of these. */
export const withThresholds = (request: AccessRequest, ...thresholds: readonly Threshold[]): AccessRequest => ({
  ...request,
  thresholds,
  roleThresholds: Object.fromEntries(
    Object.keys(request.roleThresholds).map((role) => [role, thresholds.map((_, index) => [index])]),
  ),
})

/** Why something was refused; nothing when it was not. */
export function problemOf(act: () => unknown): Problem | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error.problem
    throw error
  }
}
