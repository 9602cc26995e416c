import type { Args, GatehouseContract } from '@gatehouse/api'
import { command, createPaint, flag, PAGE, printable, repeated, text, usageError } from '@gatehouse/cli-kit'
import { chooseByOption } from './choose-organization.ts'
import { describePlan } from './describe-plan.ts'
import { accountFilter, flagsOfFilters, groupFilter, installOptions, userFilter } from './install-options.ts'

type Settings = NonNullable<Args<GatehouseContract['editOrganization']>['body']>

const MODES = ['ALL', 'NONE'] as const
const { userLabel, groupName, excludeGroupName, accountName, accountId, account } = installOptions
const { excludeAccountName, excludeAccountId, excludeAccount } = installOptions
const NOT_THESE = { excludeGroupName, excludeAccountName, excludeAccountId, excludeAccount }
const FILTERS = { userLabel, groupName, accountName, accountId, account, ...NOT_THESE }

export const editCommand = command({
  name: 'awsic',
  summary: 'Change settings of the connection to Identity Center. A filter that is given replaces the one before.',
  options: {
    pluginName: text('<name>', 'where there are several'),
    rolesSyncMode: text('<ALL|NONE>', 'ALL offers a role for every account and permission set'),
    hybrid: text('<true|false>', 'whether AWS keeps its own identity provider'),
    ...FILTERS,
    driftPolicy: repeated('<kind=answer>', 'what becomes of a kind of change made in AWS, such as member-added=report'),
    dryRun: flag('only show the effect, and the plan that there would be'),
  },
  fields: flagsOfFilters,
  async run({ client, options, environment, signal }) {
    const body = settingsOf(options)
    if (Object.keys(body).length === 0)
      throw usageError('What is to change?', 'Add --roles-sync-mode, --drift-policy or a filter.')
    const name = await chooseByOption(client, options, signal)
    if (options.dryRun) {
      const preview = await client.previewSettings({ params: { name }, query: { limit: PAGE }, body }, signal)
      const effects = preview.effects.map((effect) => `! ${printable(effect)}`)
      const plan = describePlan(preview.plan, createPaint(environment, process.stdout.isTTY))
      return { data: preview, text: [...effects, plan].join('\n') }
    }
    const organization = await client.editOrganization({ params: { name }, body }, signal)
    const { rolesSyncMode } = organization
    if (body.rolesSyncMode === undefined)
      return { data: organization, text: `Saved of ${printable(name)}: ${Object.keys(body).join(', ')}.` }
    const stays = body.groupFilter === undefined ? ' The group filter stays as it is.' : ''
    return { data: organization, text: `Roles sync mode of ${printable(name)} is ${rolesSyncMode}.${stays}` }
  },
})

type Options = Parameters<typeof accountFilter>[0] &
  Parameters<typeof groupFilter>[0] &
  Parameters<typeof userFilter>[0]

function settingsOf(
  options: Options & {
    readonly rolesSyncMode: string | undefined
    readonly hybrid: string | undefined
    readonly driftPolicy: readonly string[]
  },
): Settings {
  const rolesSyncMode = oneOf(MODES, options.rolesSyncMode, '--roles-sync-mode')
  const hybrid = oneOf(['true', 'false'] as const, options.hybrid, '--hybrid')
  const [accounts, groups, users] = [accountFilter(options), groupFilter(options), userFilter(options)]
  return {
    ...(rolesSyncMode === undefined ? {} : { rolesSyncMode }),
    ...(hybrid === undefined ? {} : { hybrid: hybrid === 'true' }),
    ...(accounts.length === 0 ? {} : { accountFilter: accounts }),
    ...(groups.length === 0 ? {} : { groupFilter: groups }),
    ...(users.length === 0 ? {} : { userFilter: users }),
    ...(options.driftPolicy.length === 0 ? {} : { driftPolicy: driftPolicyOf(options.driftPolicy) }),
  }
}

const KINDS = [
  'assignment-added',
  'assignment-removed',
  'member-added',
  'member-removed',
  'group-renamed',
  'group-deleted',
] as const
const ANSWERS = ['revert', 'report', 'adopt'] as const

function driftPolicyOf(typed: readonly string[]): Settings['driftPolicy'] {
  const answers = typed.map((part) => {
    const [kind = '', answer = ''] = part.split('=')
    return [oneOf(KINDS, kind, '--drift-policy'), oneOf(ANSWERS, answer, `--drift-policy ${kind}=`)]
  })
  return Object.fromEntries(answers)
}

function oneOf<T extends string>(known: readonly T[], typed: string | undefined, option: string): T | undefined {
  if (typed === undefined) return undefined
  const found = known.find((value) => value === typed)
  if (found !== undefined) return found
  throw usageError(`${option}: "${typed}" is not known.`, `Enter ${known.join(' or ')}.`)
}
