import type { RemovalReportView } from '@gatehouse/api'
import {
  ask,
  canAsk,
  CliError,
  command,
  EXIT,
  flag,
  optionalArgument,
  printable,
  repeated,
  usageError,
} from '@gatehouse/cli-kit'
import { chooseOrganization } from './choose-organization.ts'
import { describeRemoval } from './describe-removal.ts'
import { readRemoval } from './read-removal.ts'

export const deleteCommand = command({
  name: 'delete',
  summary: 'Remove an enrolled organization from Gatehouse. AWS is left as it is.',
  args: { name: optionalArgument('name', 'where there are several') },
  options: {
    dryRun: flag('only show what would go and what would dangle'),
    identitySourceChanged: flag('Identity Center has another identity source by now'),
    strip: flag('take references to what goes out of lists and users'),
    release: repeated('<key>', 'access with an end, or that was taken away here, that may stay in AWS'),
    yes: flag('do not ask'),
  },
  async run({ client, args, options, signal }) {
    const { dryRun, identitySourceChanged, strip, release, yes } = options
    const name = await chooseOrganization(client, args, signal)
    const said = { identitySourceChanged, strip, release: [...release] }
    const before = await readRemoval(client, { name, said }, signal)
    if (dryRun) return { data: before, text: describeRemoval(before, 'would go') }
    refuseBlocked(before)
    await demandYes(before, yes)
    const after = await client.removeOrganization({ params: { name }, body: said }, signal)
    return { data: after, text: describeRemoval({ ...before, ...counted(after) }, 'went') }
  },
})

/** The lists were read whole before; what the server says last counts. */
const counted = ({ counts, warnings, remains }: RemovalReportView) => ({ counts, warnings, remains, blockers: [] })

function refuseBlocked({ blockers }: RemovalReportView): void {
  const [blocker] = blockers
  if (!blocker) return
  const rest = blockers.slice(1).map(({ message }) => message)
  throw new CliError([blocker.message, ...rest].map(printable).join(' '), {
    remedy: `${blocker.remedy} "tctl plugins delete --dry-run" shows everything.`,
    exitCode: EXIT.conflict,
  })
}

async function demandYes(report: RemovalReportView, yes: boolean): Promise<void> {
  if (yes) return
  if (!canAsk()) throw usageError('Is it to go?', 'Read "tctl plugins delete --dry-run" and repeat this with --yes.')
  process.stderr.write(`${describeRemoval(report, 'would go')}\n\n`)
  const answer = await ask('Remove it? [y/N] ')
  if (/^y(es)?$/i.test(answer.trim())) return
  throw new CliError('Nothing was removed.', { remedy: '', exitCode: EXIT.failure })
}
