import { setTimeout as sleep } from 'node:timers/promises'
import type { GatehouseClient, RemovalReportView } from '@gatehouse/api'
import {
  ask,
  canAsk,
  CliError,
  command,
  EXIT,
  flag,
  PAGE,
  optionalArgument,
  printable,
  repeated,
  usageError,
} from '@gatehouse/cli-kit'
import { confirmRemovalsOption, parseRemovals } from '../documents/removals.ts'
import { chooseOrganization } from './choose-organization.ts'
import { describeRemoval } from './describe-removal.ts'
import { readRemoval } from './read-removal.ts'

/** How long AWS may take to let go before somebody looks again. */
const WAIT_MS = 600_000
const LOOK_EVERY_MS = 2_000
/** What AWS refuses once may be done at the next attempt. */
const REFUSED_LOOKS = 8

export const deleteCommand = command({
  name: 'delete',
  summary: 'Remove an enrolled organization from Gatehouse. AWS is left as it is, unless --remove-made is given.',
  args: { name: optionalArgument('name', 'where there are several') },
  options: {
    dryRun: flag('only show what would go and what would dangle'),
    identitySourceChanged: flag('Identity Center has another identity source by now'),
    strip: flag('take references to what goes out of lists and users'),
    removeMade: flag('take away in AWS first the assignments and groups that Gatehouse made there, never adopted ones'),
    release: repeated('<key>', 'access with an end, taken away here, or made by Gatehouse, that may stay in AWS'),
    stop: flag('stop a removal that takes away in AWS what Gatehouse made: what is granted is given again'),
    yes: flag('do not ask'),
    confirmRemovals: confirmRemovalsOption,
  },
  async run({ client, args, options, signal }) {
    const { dryRun, identitySourceChanged, strip, removeMade, release, yes, stop, confirmRemovals } = options
    const name = await chooseOrganization(client, args, signal)
    if (stop) {
      const stopped = await client.stopRemoval({ params: { name } }, signal)
      return { data: stopped, text: `${printable(name)} is not removed; what is granted is given again.` }
    }
    const said = { identitySourceChanged, strip, removeMade, release: [...release] }
    const before = await readRemoval(client, { name, said }, signal)
    if (dryRun) return { data: before, text: describeRemoval(before, 'would go') }
    // What has begun may still have to be waited for.
    if (!before.begun) refuseBlocked(before)
    await demandYes(before, yes)
    const body = { ...said, ...parseRemovals(confirmRemovals) }
    const begun = before.begun ?? (await client.removeOrganization({ params: { name }, body }, signal))
    const isDone = 'state' in begun && begun.state === 'done'
    const { after, last } = isDone
      ? { after: begun, last: before }
      : await removeOnceGone(client, { name, said }, signal)
    // The answer has one page of each.
    const { lists, dangling, withEnd, leaving, made, stays } = last
    const whole = { ...after, lists, dangling, withEnd, leaving, made, stays }
    return { data: whole, text: describeRemoval(whole, 'went') }
  },
})

/**
 * Waits until AWS has let go of what Gatehouse made, and ends the removal; with the last report before.
 * @throws CliError for what AWS still holds
 */
async function removeOnceGone(
  client: GatehouseClient,
  { name, said }: { readonly name: string; readonly said: Parameters<typeof readRemoval>[1]['said'] },
  signal: AbortSignal,
): Promise<{ readonly after: RemovalReportView; readonly last: RemovalReportView }> {
  const released = new Set(said.release)
  const deadline = performance.now() + WAIT_MS
  for (let refused = 0; ;) {
    // Every page costs the server the whole report: the first says whether there is anything to wait for.
    const query = { limit: PAGE }
    const first = await client.previewRemoval({ params: { name }, query, body: said }, signal)
    const isOpen = ({ key, refusal, reason }: RemovalReportView['made'][number]): boolean =>
      !released.has(key) && refusal === undefined && reason === undefined
    if (first.made.some(isOpen) && performance.now() < deadline) {
      refused = 0
      await sleep(LOOK_EVERY_MS, undefined, { signal })
      continue
    }
    const report = first.next === undefined ? first : await readRemoval(client, { name, said }, signal)
    const left = report.made.filter(({ key }) => !released.has(key))
    if (left.length === 0) {
      refuseBlocked(report)
      return { after: await client.removeOrganization({ params: { name }, body: said }, signal), last: report }
    }
    refused = left.every(({ refusal, reason }) => refusal !== undefined || reason !== undefined) ? refused + 1 : 0
    if (refused > REFUSED_LOOKS || performance.now() >= deadline) throw stillThere(left)
    await sleep(LOOK_EVERY_MS, undefined, { signal })
  }
}

function stillThere(left: RemovalReportView['made']): CliError {
  const rows = left.map(({ key, summary, refusal = 'AWS has not answered yet.', reason = refusal }) =>
    printable(`  ${summary}: ${reason} (${key})`),
  )
  return new CliError([`AWS still holds ${left.length} of what Gatehouse made:`, ...rows].join('\n'), {
    remedy: 'Repeat this to wait on, release each of these rows with --release KEY, or give it up with --stop.',
    exitCode: EXIT.conflict,
  })
}

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
