import type { AccessRequestDetailView } from '@gatehouse/api'
import { printable, printableLines, table } from './table.ts'

/** What a decision on a request takes besides what everybody sees of it: rows, who has to agree, what would be approved. */
export function decisionBlocks(request: AccessRequestDetailView): readonly string[] {
  return [
    ...rowBlock(request),
    ...needBlock(request),
    ...longTermBlock(request),
    ...shownBlock(request.shown),
    ...heldBlock(request),
  ]
}

/** Only where rows differ from the whole. */
function rowBlock({ rows, state }: AccessRequestDetailView): readonly string[] {
  const isMixed = new Set(rows.map((row) => row.state)).size > 1
  if (!isMixed && !(state === 'pending' && rows.length > 1)) return []
  return [
    `Rows:\n${table(
      ['Row', 'State'],
      rows.map((row) => [row.name, row.state]),
    )}`,
  ]
}

function needBlock({ needs }: AccessRequestDetailView): readonly string[] {
  if (needs.length === 0) return []
  const rows = needs.flatMap(({ thresholds, met }, index) =>
    thresholds.map(({ name, approvals, needed, reviewers, rule, opensAt }) => [
      String(index + 1),
      name || 'default',
      `${approvals} of ${needed}${met ? ', met' : ''}`,
      reviewers ? reviewers.join(', ') : 'whoever may review',
      rule ?? '',
      opensAt ?? '',
    ]),
  )
  return [
    `Needed (one threshold of each number):\n${table(['', 'Threshold', 'Approvals', 'Reviewers', 'Rule', 'Counts From'], rows)}`,
  ]
}

function longTermBlock({ longTerm, state }: AccessRequestDetailView): readonly string[] {
  if (!longTerm || state !== 'pending') return []
  const rows = longTerm.lists.map(({ id, title, gives }) => [
    id === longTerm.recommended?.id ? `${title} (recommended)` : title,
    id,
    gives.join(', '),
  ])
  if (longTerm.listsTotal > rows.length) rows.push([`and ${longTerm.listsTotal - rows.length} more`, '', ''])
  const lists = rows.length === 0 ? [] : [`Lists that give it for good:\n${table(['List', 'ID', 'Gives'], rows)}`]
  return [...lists, ...(longTerm.canProceed ? [] : [`Can not be asked for in the long term: ${longTerm.message}`])]
}

const IN_AWS = { confirmed: 'confirmed by AWS', pending: 'on its way to AWS' } as const

function heldBlock({ has, user }: AccessRequestDetailView): readonly string[] {
  if (!has) return []
  if (has.total === 0) return [`${printable(user)} has nothing else in these accounts.`]
  const rows = has.items.map(({ accountName, account, permissionSet, aws, until }) => [
    accountName,
    account,
    permissionSet,
    aws === undefined ? 'not known' : IN_AWS[aws],
    until ?? 'no end',
  ])
  if (has.total > rows.length) rows.push([`and ${has.total - rows.length} more`, '', '', '', ''])
  return [
    `${printable(user)} has already, in these accounts:\n${table(['Account', 'Account ID', 'Permission Set', 'In AWS', 'Until'], rows)}`,
  ]
}

export function shownBlock(shown: AccessRequestDetailView['shown']): readonly string[] {
  if (!shown) return []
  if (shown.problem !== undefined) return [`Can not be approved now: ${shown.problem}`]
  const sets = shown.permissionSets.map((set) => [
    set.missing ? `${set.arn} (AWS does not have it)` : set.name,
    set.sessionDuration,
    set.missing ? '' : policiesOf(set.policies),
    set.description,
  ])
  const accounts = shown.accounts.map(({ id, name, tags, parents }) => [
    name,
    id,
    parents?.toReversed().join('/') ?? 'not known',
    tags === undefined
      ? 'not known'
      : Object.entries(tags)
          .map((pair) => pair.join('='))
          .join(', '),
  ])
  return [
    ...(accounts.length === 0
      ? []
      : [`Accounts:\n${table(['Account', 'Account ID', 'Organizational Unit', 'Tags'], accounts)}`]),
    ...shown.roles.map(({ name, text }) => `Role ${printable(name)}:\n${printableLines(text)}`),
    ...(sets.length === 0
      ? []
      : [`What it allows, as AWS says now:\n${table(['Permission Set', 'Session', 'Policies', 'Description'], sets)}`]),
    ...shown.permissionSets.flatMap(({ name, policies }) =>
      policies?.inlinePolicy === undefined
        ? []
        : [`Inline policy of ${printable(name)}:\n${printableLines(policies.inlinePolicy)}`],
    ),
    ...shown.warnings.map((warning) => `Warning: ${printable(warning)}`),
    ...(shown.hash === undefined ? [] : [`Shown: ${shown.hash}`]),
  ]
}

type Policies = NonNullable<AccessRequestDetailView['shown']>['permissionSets'][number]['policies']

function policiesOf(policies: Policies): string {
  if (!policies) return 'not known: Gatehouse may not read them'
  const { inlinePolicy, managedPolicies, customerManagedPolicies, permissionsBoundary } = policies
  const names = [
    ...managedPolicies.map((arn) => arn.slice(arn.lastIndexOf('/') + 1)),
    ...customerManagedPolicies,
    ...(inlinePolicy === undefined ? [] : ['an inline policy']),
    ...(permissionsBoundary === undefined ? [] : [`within ${permissionsBoundary}`]),
  ]
  return names.join(', ') || 'none'
}
