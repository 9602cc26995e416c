import type { RemovalReportView } from '@gatehouse/api'
import type { RemovalReport } from '@gatehouse/application'
import { setupPolicyName } from '@gatehouse/adapter-aws'
import {
  formatInstant,
  grantOfKey,
  isAssignmentKey,
  type MadeKey,
  type MembershipKey,
  type Organization,
  type OrganizationView,
  parseAssignmentKey,
  parseMembershipKey,
} from '@gatehouse/domain'
import { presentWithdrawal } from './organization-handlers.ts'
import { nextOf, type Range } from './paging.ts'

/** What goes or went with an organization; of its lists the part that is asked for. */
export function presentRemoval(report: RemovalReport, range: Range, publicAddress: string): RemovalReportView {
  const { organization, view, lists, dangling, withEnd, leaving, serviceProvider, made } = report
  const { start, end } = range
  const goes = made?.goes ?? []
  const reasons = new Map(made?.moved.map(({ key, reason }) => [key, reason]))
  const open = [...goes, ...reasons.keys()]
  const summaryOf = createSummaries(view)
  const totals = {
    lists: lists.length,
    dangling: dangling.length,
    withEnd: withEnd.length,
    leaving: leaving.length,
    made: open.length,
    memberships: open.reduce((sum, key) => sum + (made?.members.get(key) ?? 0), 0),
    stays: made?.stays.length ?? 0,
  }
  return {
    organization: organization.name,
    ...(serviceProvider ? { serviceProvider: serviceProvider.name } : {}),
    ...(report.integration === undefined ? {} : { integration: report.integration }),
    counts: {
      ...totals,
      systemRoles: report.systemRoles,
      accounts: view.catalogue.accounts.size,
      permissionSets: view.catalogue.permissionSets.size,
      adoptedAssignments: view.adopted.length,
      userLinks: view.userLinks.length,
      groupLinks: view.groupLinks.length,
    },
    state: report.state,
    ...(organization.withdrawal ? { begun: presentWithdrawal(organization) } : {}),
    ...(report.taken ? { taken: report.taken } : {}),
    made: open.slice(start, end).map((key) => {
      const [refusal, reason] = [made?.refusals.get(key), reasons.get(key)]
      const why = reason === undefined ? (refusal === undefined ? {} : { refusal }) : { reason }
      return { key, summary: summaryOf(key), ...why }
    }),
    stays: (made?.stays ?? []).slice(start, end).map(({ key, reason }) => ({ summary: summaryOf(key), reason })),
    lists: lists.slice(start, end).map(({ id, title, members }) => ({ id, title, members: members.length })),
    dangling: dangling.slice(start, end).map(({ references, ...one }) => ({ ...one, references: [...references] })),
    withEnd: withEnd.slice(start, end).map(({ key, remembered: { until } }) => ({
      key,
      summary: summaryOf(key),
      ...(until === undefined ? {} : { until: formatInstant(until) }),
    })),
    leaving: leaving.slice(start, end).map(({ key }) => ({ key, summary: summaryOf(key) })),
    blockers: [...report.blockers],
    warnings: [...report.warnings],
    remains: remainsOf(organization, publicAddress),
    ...nextOf(range, totals),
  }
}

/** Says what keys are about; there are thousands of rows, and of links. */
function createSummaries(view: OrganizationView): (key: MadeKey | MembershipKey) => string {
  const users = new Map<string, string>(
    view.userLinks.map(({ awsUser, user }) => [awsUser, view.userById.get(user)?.name ?? awsUser]),
  )
  const groups = new Map<string, string>(view.groupLinks.map(({ awsGroup, pushedTitle }) => [awsGroup, pushedTitle]))
  const userOf = (id: string): string => users.get(id) ?? id
  const groupOf = (id: string): string => groups.get(id) ?? id
  return (key) => {
    if (isGroupKey(key)) return `group ${groupOf(key.slice('group '.length))}`
    if (!isAssignmentKey(key)) {
      const { group, user } = parseMembershipKey(key)
      return `${userOf(user)} in group ${groupOf(group)}`
    }
    const { principal, grant } = parseAssignmentKey(key)
    const { account, permissionSet } = grantOfKey(grant)
    const [type, id = ''] = principal.split(/:(.*)/s)
    const set = view.catalogue.permissionSets.get(permissionSet)?.name ?? permissionSet
    const name = view.catalogue.accounts.get(account)?.name ?? account
    return `${set} on ${name} for ${type === 'USER' ? userOf(id) : `group ${groupOf(id)}`}`
  }
}

/** AWS's ids have no space. */
const isGroupKey = (key: MadeKey | MembershipKey): key is Extract<MadeKey, `group ${string}`> =>
  key.startsWith('group ')

/** What the set-up script made in AWS, which nobody but its account may remove. */
function remainsOf({ credentials }: Organization, publicAddress: string): RemovalReportView['remains'] {
  const { roleArn, source } = credentials
  if (source === 'system') return { roleArn, commands: [] }
  const [, partition = 'aws', , , account = ''] = roleArn.split(':')
  const providerArn = `arn:${partition}:iam::${account}:oidc-provider/${publicAddress.replace(/^https?:\/\//, '')}`
  const role = shellWord(roleArn.split('/').at(-1) ?? '')
  return {
    roleArn,
    providerArn,
    commands: [
      `aws iam delete-role-policy --role-name ${role} --policy-name ${setupPolicyName}`,
      `aws iam delete-role --role-name ${role}`,
      `aws iam delete-open-id-connect-provider --open-id-connect-provider-arn ${shellWord(providerArn)}`,
    ],
  }
}

const shellWord = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
