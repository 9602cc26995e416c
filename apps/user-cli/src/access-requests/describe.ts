import type { AccessRequestDetailView, AccessRequestView } from '@gatehouse/api'
import { assignmentTable, decisionBlocks, facts, table } from '@gatehouse/cli-kit'

/** Longer cells are cut here and marked (governance facts, 8.2). */
const RESOURCES_WIDTH = 20

/** Access that is over is left out. */
export function requestTable(requests: readonly AccessRequestView[], now: number): string {
  const shown = requests.filter(({ expiresAt }) => expiresAt === undefined || Date.parse(expiresAt) > now)
  if (shown.length === 0) return 'There are no access requests.'
  const rows = shown.map((request) => [
    request.id,
    request.user,
    request.roles.join(','),
    cut(request.resources.map(({ id }) => id).join(',')),
    request.createdAt,
    request.pendingUntil,
    request.duration,
    request.startsAt ?? request.assumeStartTime ?? '',
    request.state.toUpperCase(),
  ])
  const headings = [
    'ID',
    'User',
    'Roles',
    'Resources',
    'Created At (UTC)',
    'Request TTL',
    'Session TTL',
    'Assume Time (UTC)',
    'Status',
  ]
  return [
    table(headings, rows),
    '',
    'hint: "tsh request show <id>" shows everything about one; [+] marks what was cut.',
    'hint: "tsh login --request-id <id>" assumes an approved one.',
  ].join('\n')
}

export function describeRequest(request: AccessRequestDetailView): string {
  const head = facts([
    ['Request ID', request.dryRun ? '[not saved]' : request.id],
    ['Username', request.user],
    ['Roles', request.roles.length === 0 ? '[none]' : request.roles.join(', ')],
    ['Resources', request.resources.length === 0 ? undefined : request.resources.map(({ id }) => id).join(', ')],
    ['Applications', request.applications.length === 0 ? undefined : request.applications.join(', ')],
    ['Bundles', request.bundles.length === 0 ? undefined : request.bundles.join(', ')],
    ['Prolongs', request.prolongs],
    ['Reason', request.reason === '' ? '[none]' : `"${request.reason}"`],
    ['Reviewers', request.suggestedReviewers.map((name) => `${name} (suggested)`).join(', ') || '[none]'],
    ['Lasts', request.duration],
    ['Assume Start Time', request.startsAt ?? request.assumeStartTime],
    ['Access Expires', request.expiresAt],
    ['Decided By Rule', request.rule],
    ['Promoted To', request.promotedTo?.title],
    ['Status', request.state.toUpperCase()],
  ])
  return [
    head,
    ...reviewBlock('Approvals', request, 'approve'),
    ...reviewBlock('Denials', request, 'deny'),
    ...decisionBlocks(request),
    ...(request.assignments.length === 0 ? [] : [assignmentTable(request.assignments)]),
    ...(request.state === 'approved'
      ? [`hint: "tsh login --request-id ${request.id}" assumes it; AWS does not need that.`]
      : []),
  ].join('\n\n')
}

function reviewBlock(title: string, { reviews }: AccessRequestDetailView, verdict: 'approve' | 'deny'): string[] {
  const rows = reviews
    .filter((review) => review.verdict === verdict)
    .map(({ author, reason, at, void: isVoid }) => [
      author,
      isVoid ? `${reason} (void: it has changed since)` : reason,
      at,
    ])
  return rows.length === 0 ? [] : [`${title}:\n${table(['Reviewer', 'Reason', 'At'], rows)}`]
}

const cut = (text: string): string => (text.length > RESOURCES_WIDTH ? `${text.slice(0, RESOURCES_WIDTH)}[+]` : text)
