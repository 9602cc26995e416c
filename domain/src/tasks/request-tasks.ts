import { type AccessRequest, isInForce, isRoleRequest, stateAt } from '../access-requests/access-request.ts'
import { checkReviewer, refuseSecond, turnOf } from '../access-requests/review-request.ts'
import type { View } from '../desired-state/view.ts'
import { userNameOf } from '../documents/audit-fields.ts'
import { formatInstant, type Instant } from '../kernel/instant.ts'
import { DomainError } from '../kernel/problems.ts'
import { canonicalName } from '../roles/role-names.ts'
import { mayActOnKind } from '../roles/rules.ts'
import type { Task } from './task.ts'
import type { TaskOwner } from './tasks-of.ts'

/** Requests of others that wait for this person's review, and what he approved that has become something else. */
export const requestTasks = (person: TaskOwner, view: View, now: Instant): readonly Task[] => [
  ...reviewTasks(person, view, now),
  ...view.requests.flatMap((request) => changeTasks(person, request, view, now)),
]

/** A change takes nothing away: whoever approved the access decides whether it goes on. */
function changeTasks({ user }: TaskOwner, request: AccessRequest, view: View, now: Instant): readonly Task[] {
  if (request.state !== 'approved' || !request.setChanges || !isInForce(request, now)) return []
  const isApprover = request.reviews.some(
    ({ author, verdict, isVoid }) => author === user.id && verdict === 'approve' && !isVoid,
  )
  if (!isApprover) return []
  const name = userNameOf(request.user, view)
  return request.setChanges.map(({ permissionSet, at }) => {
    const set = view.catalogue.permissionSets.get(permissionSet)?.name ?? permissionSet
    return {
      id: `approved-changed/${request.id}/${permissionSet}/${formatInstant(at)}`,
      kind: 'approved-changed',
      subject: { kind: 'access_request', id: request.id, title: `${name}: ${whatIsAsked(request, view)}` },
      since: at,
      due: request.expiresAt,
      text: `${set} is not what you approved for ${name} any more. The access goes on until its end.`,
      todo: `tsh request show ${request.id}; to end it now, tctl requests return ${request.id} or tctl lock --access-request ${request.id}`,
    }
  })
}

function reviewTasks(person: TaskOwner, view: View, now: Instant): readonly Task[] {
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
    refuseSecond(request, user, view)
    return turnOf(request, user, '', { view, now }).turnAt === undefined
  } catch (error) {
    if (error instanceof DomainError) return false
    throw error
  }
}

const NAMED = 3

function whatIsAsked(request: AccessRequest, view: View): string {
  const names = isRoleRequest(request)
    ? request.roles.map((reference) => canonicalName(reference, view))
    : [
        ...request.resources.map(({ permissionSetName, accountName }) => `${permissionSetName} on ${accountName}`),
        ...request.applications.map((name) => `the application "${name}"`),
      ]
  const more = names.length - NAMED
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
