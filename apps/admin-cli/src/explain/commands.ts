import { type AccessPathView, type ExplanationView, type HeldAccessView, readWholeExplanation } from '@gatehouse/api'
import { argument, command, everyPage, optionalArgument, PAGE, table, text, usageError } from '@gatehouse/cli-kit'
import { readSource } from '../documents/read-source.ts'

const account = argument('account', 'its id or its name')
const permissionSet = optionalArgument('permission-set', 'its name or its ARN; all of them if left out')

export const whyCommand = command({
  name: 'why',
  summary: 'Show every way on which a user has access to an account.',
  args: { user: argument('user', 'name of the user'), account, permissionSet },
  async run({ client, args, signal }) {
    const explanation = await readWholeExplanation(client, args, signal)
    return { data: explanation, text: describe(explanation) }
  },
})

export const whoCanCommand = command({
  name: 'who-can',
  summary: 'Show who has access to an account, and by what.',
  args: { account, permissionSet },
  async run({ client, args, signal }) {
    const explanations = await everyPage((cursor) =>
      client.listWhoCan({ query: { ...args, limit: PAGE, cursor } }, signal),
    )
    const rows = explanations.flatMap(({ user, paths, totals }) => [
      ...paths.map((path) => [user, ...rowOf(path)]),
      ...(totals.paths > paths.length
        ? [[user, `and ${totals.paths - paths.length} more: "tctl why" has all`, '', '']]
        : []),
    ])
    return {
      data: explanations,
      text: rows.length === 0 ? 'Nobody has.' : table(['User', 'Permission set', 'By', 'Until'], rows),
    }
  },
})

export const whatIfCommand = command({
  name: 'what-if',
  summary: 'Show what people would gain and lose by a change.',
  options: {
    file: { ...text('<file>', 'documents as for "tctl create", "-" for stdin'), short: 'f' },
  },
  async run({ client, options, signal }) {
    if (options.file === undefined) throw usageError('It is not said what would change.', 'Give a file with -f.')
    const difference = await client.explainChange({ body: { text: readSource(options.file) } }, signal)
    const { gained, lost, gainedTotal, lostTotal, longestSession } = difference
    if (gainedTotal + lostTotal === 0) return { data: difference, text: 'Nobody would gain or lose access.' }
    const lines = [...lost.map((held) => lineOf('-', held)), ...gained.map((held) => lineOf('+', held))]
    const left = gainedTotal + lostTotal - lines.length
    return {
      data: difference,
      text: [
        ...lines,
        ...(left === 0 ? [] : [`and ${left} more`]),
        `${lostTotal} lost, ${gainedTotal} gained.`,
        ...(longestSession === undefined
          ? []
          : [`Credentials that AWS has issued for what is lost end within ${longestSession} after it.`]),
      ].join('\n'),
    }
  },
})

const lineOf = (sign: string, { user, permissionSetName, accountName, account: id }: HeldAccessView): string =>
  `${sign} ${user}  ${permissionSetName} on ${accountName} (${id})`

function describe({ user, paths, withheld, undecided }: ExplanationView): string {
  const rows = paths.map(rowOf)
  const lines = paths.length === 0 ? [`${user} has no access.`] : [table(['Permission set', 'By', 'Until'], rows)]
  for (const { permissionSetName, accountName, reason } of withheld)
    lines.push(
      `Not given${permissionSetName === undefined ? '' : `: ${permissionSetName} on ${accountName ?? ''}`}. ${reason}`,
    )
  for (const { permissionSetName, accountName } of undecided)
    lines.push(`In AWS, and decided by nobody here: ${permissionSetName} on ${accountName}.`)
  return lines.join('\n')
}

const rowOf = (path: AccessPathView): string[] => [
  `${path.permissionSetName} on ${path.accountName} (${path.account})`,
  wayOf(path),
  path.until ?? '',
]

function wayOf({ kind, role, request, approvals = [], lists = [], as, keptBy }: AccessPathView): string {
  switch (kind) {
    case 'role':
      return `role ${role ?? ''}`
    case 'adopted':
      return `adopted: it was found in AWS and ${keptBy === undefined ? 'taken over' : `kept by ${keptBy}`}`
    case 'request': {
      const by = approvals.map((approval) => `${approval.by} at ${approval.at}`).join(', ')
      return `request ${request ?? ''}${by === '' ? '' : `, approved by ${by}`}`
    }
    case 'list': {
      const chain = lists.map(({ title }) => `"${title}"`).join(' in ')
      return `${as === 'owners' ? 'owner of' : 'list'} ${chain}, which grants role ${role ?? ''}`
    }
  }
}
