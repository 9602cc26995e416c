import { type OrganizationStatusView, readWholeStatus } from '@gatehouse/api'
import { command, facts, optionalArgument, table } from '@gatehouse/cli-kit'
import { counted } from '@gatehouse/domain'
import { chooseOrganization } from './choose-organization.ts'

export const statusCommand = command({
  name: 'status',
  summary: 'Whether AWS equals the decisions, and if not, why not.',
  args: { name: optionalArgument('name', 'where there are several') },
  async run({ client, args, signal }) {
    const name = await chooseOrganization(client, args, signal)
    const status = await readWholeStatus(client, name, signal)
    return { data: status, text: describeStatus(status) }
  },
})

function describeStatus(status: OrganizationStatusView): string {
  const { sweep, round, managed, inFlight, held, drift, findings, notes } = status
  const head = facts([
    ['Organization', status.organization],
    ['Mode', status.mode],
    ['Health', `${status.health}: ${status.message}`],
    ['Last sweep', `${sweep.lastAt ?? 'never'}${sweep.running ? ' (one is running)' : ''}`],
    ['Sweep failed', sweep.error],
    ['Next sweep', sweep.nextAt],
    ['Last round', round.lastAt ?? 'never'],
    ['Round failed', round.error],
    ['Oldest visit', status.oldestVisitAt],
    ['Adopted', status.adopted ? 'yes' : 'not yet'],
    ['SCIM Token Ends By', status.scimToken?.endsBy],
    ['Accounts Changed', sayMoves(status.accountMoves)],
    [
      'Managed',
      `${counted(managed.users, 'user')}, ${counted(managed.groups, 'group')}, ${counted(managed.members, 'member')}, ${counted(managed.assignments, 'assignment')}`,
    ],
  ])
  const blocks = [
    head,
    block(
      ['Operation', 'State', 'Attempts', 'Since', 'Error'],
      inFlight.map((row) => [row.summary, row.state, String(row.attempts), row.since, row.error ?? '']),
    ),
    [...new Set(inFlight.flatMap(({ remedy }) => (remedy === undefined ? [] : [`To do: ${remedy}`])))].join('\n'),
    block(
      ['Held', 'Reason', 'Key'],
      held.map(({ operation, reason }) => [operation.summary, reason, operation.key]),
    ),
    block(
      ['Drift', 'To Take It Back', 'Key'],
      drift.map(({ message, operation }) => [message, operation.summary, operation.key]),
    ),
    block(
      ['Finding', 'Found At', 'Message', 'Key'],
      findings.map(({ id, foundAt, message, key }) => [id, foundAt, message, key ?? '']),
    ),
    block(
      ['Note', 'About', 'Message'],
      notes.map(({ kind, about, message }) => [kind, about, message]),
    ),
  ]
  return blocks.filter((text) => text !== '').join('\n\n')
}

/** Names of a few; the audit event has more of them. */
const NAMED = 5

function sayMoves(moves: OrganizationStatusView['accountMoves']): string | undefined {
  if (!moves) return undefined
  const { at, letIn, keptOut, addedInAws, goneFromAws } = moves
  const parts = [
    ['let in by the filter', letIn],
    ['kept out by the filter', keptOut],
    ['added in AWS', addedInAws],
    ['gone from AWS', goneFromAws],
  ] as const
  const said = parts.flatMap(([what, { count, names }]) => {
    const shown = names.slice(0, NAMED).join(', ')
    return count === 0 ? [] : [`${what}: ${count > NAMED ? `${shown} and ${count - NAMED} more` : shown}`]
  })
  return `${at}: ${said.join('; ')}`
}

const block = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0 ? '' : table(headings, rows)
