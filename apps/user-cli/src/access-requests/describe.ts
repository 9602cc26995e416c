import type { AccessRequestDetailView, AccessRequestView } from '@gatehouse/api'
import { assignmentTable, decisionBlocks, facts, localTime, table, timeLeft, utcTime } from '@gatehouse/cli-kit'

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
    utcTime(request.createdAt),
    request.state === 'pending' ? timeLeft(request.pendingUntil, now) : '-',
    request.duration,
    utcTimeOrNothing(request.startsAt ?? request.assumeStartTime),
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
    ...(rows.some((row) => row.some((cell) => cell.endsWith(CUT_MARK))) ? [CUT_NOTE] : []),
    '',
    'hint: "tsh request show <id>" shows everything about one.',
    'hint: "tsh login --request-id <id>" assumes an approved one.',
  ].join('\n')
}

const utcTimeOrNothing = (time: string | undefined): string => (time === undefined ? '' : utcTime(time))
const localTimeOrNothing = (time: string | undefined): string | undefined =>
  time === undefined ? undefined : localTime(time)

export function describeRequest(request: AccessRequestDetailView): string {
  const head = facts([
    ['Request ID', request.dryRun ? '[not saved]' : request.id],
    ['Username', request.user],
    ['Roles', request.roles.length === 0 ? '[none]' : request.roles.join(', ')],
    ['Resources', request.resources.length === 0 ? undefined : request.resources.map(({ id }) => id).join(', ')],
    ['Applications', request.applications.length === 0 ? undefined : request.applications.join(', ')],
    ['Bundles', request.bundles.length === 0 ? undefined : request.bundles.join(', ')],
    ['Prolongs', request.prolongs],
    ['Would End', request.wouldEnd],
    ['Reason', request.reason === '' ? '[none]' : `"${request.reason}"`],
    ['Reviewers', reviewersOf(request)],
    ['Lasts', request.duration],
    ['Access Expires', localTimeOrNothing(request.expiresAt)],
    ['Assume Start Time', localTimeOrNothing(request.startsAt ?? request.assumeStartTime)],
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

/** Who has reviewed it, and who was only named as somebody who could. */
function reviewersOf({ reviews, suggestedReviewers }: AccessRequestDetailView): string {
  const authors = [...new Set(reviews.map(({ author }) => author))]
  const suggested = suggestedReviewers.filter((name) => !authors.includes(name))
  return [...authors, ...suggested.map((name) => `${name} (suggested)`)].join(', ') || '[none]'
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

const CUT_MARK = ' [+]'
const CUT_NOTE = '[+] Shortened: "tsh request show <id>" has all of them.'
const cut = (text: string): string =>
  text.length > RESOURCES_WIDTH ? `${text.slice(0, RESOURCES_WIDTH)}${CUT_MARK}` : text
