import type { RemovalReportView } from '@gatehouse/api'
import { printable } from '@gatehouse/cli-kit'
import { counted } from '@gatehouse/domain'

/** What goes or went, what dangles, what stands against it, and what is left in AWS. */
export function describeRemoval(report: RemovalReportView, went: 'would go' | 'went'): string {
  const { counts, dangling, withEnd, leaving, made, stays, blockers, warnings, remains } = report
  const blocks = [
    [`With organization ${printable(report.organization)} ${went}:`, ...goes(report)],
    titled('These name what is gone:', dangling.map(dangles)),
    titled(
      'Access in AWS with an end, by its key:',
      withEnd.map(
        ({ key, summary, until }) =>
          `  ${printable(summary)}${until === undefined ? '' : `, until ${until}`}\n    ${key}`,
      ),
    ),
    titled(
      'Access that was taken away here and is still in AWS, by its key:',
      leaving.map(({ key, summary }) => `  ${printable(summary)}\n    ${key}`),
    ),
    titled(
      'Made by Gatehouse and still in AWS, by its key:',
      made.map(
        ({ key, summary, refusal, reason }) =>
          `  ${printable(summary)}${refusal === undefined ? '' : `: AWS said "${printable(refusal)}"`}${reason === undefined ? '' : `: is to stay by now, ${printable(reason)}`}\n    ${key}`,
      ),
    ),
    titled(
      'Made by Gatehouse and left in AWS:',
      stays.map(({ summary, reason }) => `  ${printable(summary)}: ${printable(reason)}`),
    ),
    titled(
      'It is refused as things are:',
      blockers.map(({ message, remedy }) => `  ! ${printable(message)} ${remedy}`),
    ),
    titled(
      'Note:',
      warnings.map((warning) => `  ! ${printable(warning)}`),
    ),
    titled(
      'What is left in AWS; these commands remove it there:',
      remains.commands.map((line) => `  ${printable(line)}`),
    ),
    counts.dangling === 0 ? [] : ['Take the references out by hand, or with --strip.'],
  ]
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

const titled = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines]

function goes({
  counts,
  serviceProvider,
  integration,
  lists,
  begun,
  taken,
  state,
}: RemovalReportView): readonly string[] {
  return [
    `  ${counted(counts.lists, 'access list')} made from groups${lists.length === 0 ? '' : `: ${lists.map(({ title }) => printable(title)).join(', ')}`}`,
    `  ${counted(counts.systemRoles, 'derived role')} (${counted(counts.accounts, 'account')} × ${counted(counts.permissionSets, 'permission set')})`,
    ...(serviceProvider === undefined ? [] : [`  service provider ${printable(serviceProvider)}`]),
    ...(integration === undefined ? [] : [`  OIDC integration ${printable(integration)}`]),
    `  ${counted(counts.userLinks, 'link')} of users, ${counts.groupLinks} of groups, ${counted(counts.adoptedAssignments, 'adopted assignment')}`,
    ...(counts.memberships > 0 && !begun
      ? [`  in AWS, with groups that Gatehouse made: ${counted(counts.memberships, 'membership')}`]
      : []),
    ...(begun && state !== 'done'
      ? [
          `  in AWS, since ${begun.since} by ${printable(begun.by)}: ${thingsOf(begun)} with ${counted(begun.memberships, 'membership')} that Gatehouse made, of which ${counts.made} are still there`,
        ]
      : []),
    ...(taken && state === 'done'
      ? [
          `  in AWS: ${thingsOf(taken.removed)} that Gatehouse made`,
          ...(taken.left.assignments + taken.left.groups > 0 ? [`  and AWS still has ${thingsOf(taken.left)}`] : []),
        ]
      : []),
  ]
}

const thingsOf = ({ assignments, groups }: { readonly assignments: number; readonly groups: number }): string =>
  `${counted(assignments, 'assignment')} and ${counted(groups, 'group')}`

const KINDS = {
  access_list: 'access list',
  user: 'user',
  role: 'role',
  access_request: 'access request',
  bundle: 'bundle',
  approval_rule: 'approval rule',
  lock: 'lock',
} as const

const dangles = ({ kind, title, references }: RemovalReportView['dangling'][number]): string =>
  `  ${KINDS[kind]} ${printable(title)}: ${references.map(printable).join(', ')}`
