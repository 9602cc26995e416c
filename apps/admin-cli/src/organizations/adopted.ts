import { type AdoptedAssignmentView, type GatehouseClient, type EndedAssignmentView, MAX_ENDED } from '@gatehouse/api'
import {
  anyArguments,
  ask,
  canAsk,
  CliError,
  command,
  everyPage,
  EXIT,
  flag,
  type Group,
  PAGE,
  printable,
  table,
  text,
  usageError,
} from '@gatehouse/cli-kit'
import { counted } from '@gatehouse/domain'
import { confirmRemovalsOption, parseRemovals } from '../documents/removals.ts'
import { chooseByOption, pluginNameOption } from './choose-organization.ts'

const filterOptions = {
  user: text('<text>', "part of a user's name"),
  account: text('<text>', "part of an account's name or id"),
  permissionSet: text('<text>', "part of a permission set's name"),
}
type Filter = Readonly<Record<keyof typeof filterOptions, string | undefined>>

/** What ends can't be put back, so nothing ends for a name that only holds what was typed. */
const wholeOptions = {
  user: text('<name>', "a user's whole name"),
  account: text('<name>', "an account's whole name, or its id"),
  permissionSet: text('<name>', "a permission set's whole name"),
}

const isWhole = (row: AdoptedAssignmentView, { user, account, permissionSet }: Filter): boolean => {
  const is = (wanted: string | undefined, ...names: readonly string[]): boolean =>
    wanted === undefined || names.some((name) => name.toLowerCase() === wanted.trim().toLowerCase())
  return is(user, row.user) && is(account, row.accountName, row.account) && is(permissionSet, row.permissionSetName)
}

const readRows = (
  client: GatehouseClient,
  name: string,
  { user, account, permissionSet }: Filter,
  signal: AbortSignal,
): Promise<AdoptedAssignmentView[]> =>
  everyPage((cursor) =>
    client.listAdoptedAssignments(
      { params: { name }, query: { limit: PAGE, cursor, user, account, permissionSet } },
      signal,
    ),
  )

const list = command({
  name: 'ls',
  summary: 'List assignments of people that were found in AWS and taken over, and what ending them would do.',
  options: {
    ...filterOptions,
    ended: flag('those that were ended within the last day, and how far AWS is'),
    pluginName: pluginNameOption,
  },
  async run({ client, options, signal }) {
    const { ended, ...filter } = options
    const name = await chooseByOption(client, options, signal)
    if (ended) {
      if (filter.user ?? filter.account ?? filter.permissionSet)
        throw usageError('--ended shows all of them.', 'Leave out --user, --account and --permission-set.')
      const rows = await everyPage((cursor) =>
        client.listEndedAssignments({ params: { name }, query: { limit: PAGE, cursor } }, signal),
      )
      return { data: rows, text: rows.length === 0 ? 'None was ended within the last day.' : endedTable(rows) }
    }
    const rows = await readRows(client, name, filter, signal)
    return { data: rows, text: rows.length === 0 ? 'There are no such adopted assignments.' : describeRows(rows) }
  },
})

const end = command({
  name: 'end',
  summary: 'End adopted assignments. AWS is told to take away what nothing else gives.',
  args: { keys: anyArguments('keys', 'of "tctl plugins adopted ls"') },
  options: {
    ...wholeOptions,
    all: flag('all that there are'),
    dryRun: flag('only show what would come of it'),
    yes: flag('do not ask'),
    confirmRemovals: confirmRemovalsOption,
    pluginName: pluginNameOption,
  },
  async run({ client, args: { keys }, options, signal }) {
    const { all, dryRun, yes, confirmRemovals, ...filter } = options
    const isFiltered = [filter.user, filter.account, filter.permissionSet].some((one) => one !== undefined)
    if ([keys.length > 0, isFiltered, all].filter(Boolean).length !== 1)
      throw usageError('End which?', 'Give keys, or --user, --account and --permission-set, or --all.')
    const name = await chooseByOption(client, options, signal)
    const rows = keys.length > 0 ? [] : await readRows(client, name, filter, signal)
    const chosen = [...keys, ...rows.filter((row) => isWhole(row, filter)).map(({ key }) => key)]
    if (chosen.length === 0) return { data: { ended: [] }, text: NONE_TO_END }
    if (chosen.length > MAX_ENDED)
      throw usageError(`These are ${chosen.length}, more than ${MAX_ENDED} at once.`, 'Name fewer of them.')
    const said = { params: { name }, body: { assignments: chosen.map((key) => ({ key })), dryRun: true } }
    const shown = await client.endAdoptedAssignments(said, signal)
    if (dryRun) return { data: shown, text: describeEnding(shown, 'would end') }
    await demandYes(shown, yes)
    const assignments = shown.ended.map(({ key, revision }) => ({ key, revision }))
    const body = { assignments, dryRun, ...parseRemovals(confirmRemovals) }
    const done = await client.endAdoptedAssignments({ params: { name }, body }, signal)
    return { data: done, text: describeEnding(done, 'ended') }
  },
})

const NONE_TO_END =
  'There are no such adopted assignments. What is to end is named by whole names, as "tctl plugins adopted ls" shows them.'

type Ending = Awaited<ReturnType<GatehouseClient['endAdoptedAssignments']>>

async function demandYes(shown: Ending, yes: boolean): Promise<void> {
  if (yes) return
  if (!canAsk()) throw usageError('Are these to end?', 'Read it with --dry-run and repeat this with --yes.')
  process.stderr.write(`${describeEnding(shown, 'would end')}\n\n`)
  const answer = await ask('End them? This can not be taken back. [y/N] ')
  if (/^y(es)?$/i.test(answer.trim())) return
  throw new CliError('Nothing was ended.', { remedy: '', exitCode: EXIT.failure })
}

function describeEnding({ people, assignments, ended }: Ending, tense: 'would end' | 'ended'): string {
  const loses =
    assignments === 0
      ? 'Nobody loses access by it.'
      : `${counted(people, 'person', 'people')} ${verb(people, tense === 'would end')} ${counted(assignments, 'assignment')}.`
  const saved =
    tense === 'would end'
      ? `${counted(ended.length, 'adopted assignment')} would end.`
      : `Ended: ${ended.length}. AWS follows; "tctl plugins adopted ls --ended" shows how far it is.`
  return `${describeRows(ended)}\n\n${loses} ${saved}`
}

const verb = (people: number, dryRun: boolean): string => {
  if (dryRun) return 'would lose'
  return people === 1 ? 'loses' : 'lose'
}

export const adoptedCommands: Group = {
  name: 'adopted',
  summary: 'Assignments of people that were found in AWS and taken over.',
  commands: [list, end],
}

const EFFECTS = {
  goes: 'loses it',
  'by-list': 'keeps it through a list',
  stays: 'keeps it',
  nothing: 'gives nothing now',
  left: 'AWS keeps it',
} as const

const describeRows = (rows: readonly AdoptedAssignmentView[]): string =>
  `${table(
    ['User', 'Account', 'Permission Set', 'Since', 'AWS', 'Without It', 'Reason'],
    rows.map(({ user, accountName, account, permissionSetName, since, aws, effect, reasons }) => [
      user,
      accountName === account ? account : `${accountName} ${account}`,
      permissionSetName,
      since.slice(0, 10),
      aws,
      EFFECTS[effect],
      reasons.join('; '),
    ]),
  )}\n\nKeys:\n${rows.map(({ key }) => `  ${printable(key)}`).join('\n')}`

const endedTable = (rows: readonly EndedAssignmentView[]): string =>
  table(
    ['User', 'Account', 'Permission Set', 'Ended', 'By', 'State', 'Reason'],
    rows.map(({ user, accountName, permissionSetName, endedAt, endedBy, state, confirmedAt, reason = '' }) => [
      user,
      accountName,
      permissionSetName,
      endedAt,
      endedBy,
      confirmedAt === undefined ? state : `${state} ${confirmedAt}`,
      reason,
    ]),
  )
