import type { AccessRequestDetailView, AccessRequestView } from '@gatehouse/api'
import { assignmentTable, decisionBlocks, facts, shortened, table, utcTime } from '@gatehouse/cli-kit'

/** Reasons are cut at this length in the overview (governance facts, 8.3). */
const REASON_WIDTH = 75

export const overview = (requests: readonly AccessRequestView[]): string =>
  table(
    ['Token', 'Requestor', 'Metadata', 'Created At (UTC)', 'Status', 'Request Reason', 'Resolve Reason'],
    requests.map((request) => [
      request.id,
      request.user,
      wanted(request),
      utcTime(request.createdAt),
      request.state.toUpperCase(),
      shortened(request.reason, REASON_WIDTH),
      shortened(request.resolveReason ?? '', REASON_WIDTH),
    ]),
  )

/** Everything that a reviewer wants to see of one request. */
export function describeRequest(request: AccessRequestDetailView): string {
  const head = facts([
    ['Request ID', request.dryRun ? '[not saved]' : request.id],
    ['Username', request.user],
    ['Roles', orNone(request.roles.join(', '))],
    ['Resources', request.resources.length === 0 ? undefined : request.resources.map(({ id }) => id).join(', ')],
    ['Applications', request.applications.length === 0 ? undefined : request.applications.join(', ')],
    ['Bundles', request.bundles.length === 0 ? undefined : request.bundles.join(', ')],
    ['Prolongs', request.prolongs],
    ['Would End', request.wouldEnd],
    ['Reason', request.reason === '' ? '[none]' : `"${request.reason}"`],
    ['Reviewers', orNone(request.suggestedReviewers.map((name) => `${name} (suggested)`).join(', '))],
    ['Lasts', request.duration],
    ['Assume Start Time', request.assumeStartTime],
    ['Access Expires', request.expiresAt],
    ['Decided By Rule', request.rule],
    ['Promoted To', request.promotedTo?.title],
    ['Status', request.state.toUpperCase()],
  ])
  const reviews = table(
    ['Reviewer', 'Verdict', 'At', 'Reason'],
    request.reviews.map(({ author, verdict, at, reason, void: isVoid }) => [
      author,
      isVoid ? `${verdict} (void)` : verdict,
      at,
      reason,
    ]),
  )
  return [
    head,
    ...(request.reviews.length === 0 ? [] : [reviews]),
    ...decisionBlocks(request),
    ...(request.assignments.length === 0 ? [] : [assignmentTable(request.assignments)]),
  ].join('\n\n')
}

const wanted = ({ roles, resources }: AccessRequestView): string =>
  [
    ...(roles.length === 0 ? [] : [`roles=${roles.join(',')}`]),
    ...(resources.length === 0 ? [] : [`resources=${resources.map(({ id }) => id).join(',')}`]),
  ].join(' ')

const orNone = (text: string): string => (text === '' ? '[none]' : text)
