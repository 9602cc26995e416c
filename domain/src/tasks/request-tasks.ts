import { type AccessRequest, stateAt } from '../access-requests/access-request.ts'
import { checkReviewer } from '../access-requests/review-request.ts'
import type { View } from '../desired-state/view.ts'
import { userNameOf } from '../documents/audit-fields.ts'
import type { Instant } from '../kernel/instant.ts'
import { DomainError } from '../kernel/problems.ts'
import { canonicalName } from '../roles/role-names.ts'
import { mayActOnKind } from '../roles/rules.ts'
import type { Task } from './task.ts'
import type { TaskOwner } from './tasks-of.ts'

/** Requests of others that wait for this person's review. */
export function requestTasks(person: TaskOwner, view: View, now: Instant): readonly Task[] {
  if (!reviewsAnything(person)) return []
  return view.requests
    .filter((request) => stateAt(request, now) === 'pending' && waitsFor(person, request, view, now))
    .map((request) => {
      const name = userNameOf(request.user, view)
      const suggested = request.suggestedReviewers.includes(person.user.name) ? ', who suggests you as reviewer,' : ''
      return {
        id: `request-review/${request.id}`,
        kind: 'request-review',
        subject: { kind: 'access_request', id: request.id, title: `${name}: ${whatIsAsked(request, view)}` },
        since: request.createdAt,
        due: request.pendingUntil,
        text: `${name}${suggested} asks for ${whatIsAsked(request, view)}. Undecided it ends at the time given.`,
        todo: `tsh request show ${request.id}, then tsh request review ${request.id} --approve or --deny`,
      }
    })
}

/** Most people review nothing: their roles say so at once, without a look at the requests. */
const reviewsAnything = ({ roles }: TaskOwner): boolean =>
  roles.allowing.some(({ allow }) => allow.reviewRequests.roles.length > 0) ||
  mayActOnKind(roles, 'update', 'access_request')

/** Asks the one place that knows every condition; its refusal is a no. */
function waitsFor({ user }: TaskOwner, request: AccessRequest, view: View, now: Instant): boolean {
  if (request.user === user.id) return false
  try {
    checkReviewer(request, user, view, now)
    return true
  } catch (error) {
    if (error instanceof DomainError) return false
    throw error
  }
}

const NAMED = 3

function whatIsAsked(request: AccessRequest, view: View): string {
  const names =
    request.resources.length > 0
      ? request.resources.map(({ permissionSetName, accountName }) => `${permissionSetName} on ${accountName}`)
      : request.roles.map((reference) => canonicalName(reference, view))
  const more = names.length - NAMED
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
