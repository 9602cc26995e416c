import {
  ask,
  canAsk,
  CliError,
  command,
  createPaint,
  EXIT,
  flag,
  printable,
  text,
  usageError,
} from '@gatehouse/cli-kit'
import { type GatehouseClient, readWholePlan } from '@gatehouse/api'
import { chooseByOption, pluginNameOption } from './choose-organization.ts'
import { describePlan } from './describe-plan.ts'

export const startCommand = command({
  name: 'start',
  summary: 'Let Gatehouse write to AWS what the plan shows.',
  options: {
    plan: text('<hash>', 'the hash of the plan you have read; refused if it removes more by now'),
    yes: flag('take the plan as it is now'),
    pluginName: pluginNameOption,
  },
  async run({ client, options, environment, signal }) {
    const name = await chooseByOption(client, options, signal)
    const paint = createPaint(environment, process.stderr.isTTY)
    const planHash = options.plan ?? (await readPlan(client, name, { isAgreed: options.yes, paint }, signal))
    const organization = await client.startOrganization({ params: { name }, body: { planHash } }, signal)
    return {
      data: organization,
      text: `Organization ${printable(organization.name)} is ${organization.mode}: Gatehouse writes to AWS from now on.`,
    }
  },
})

/** Shows the plan to a person who can say no. Without one, somebody must have read it before. */
async function readPlan(
  client: GatehouseClient,
  name: string,
  { isAgreed, paint }: { readonly isAgreed: boolean; readonly paint: Parameters<typeof describePlan>[1] },
  signal: AbortSignal,
): Promise<string> {
  if (!isAgreed && !canAsk())
    throw usageError(
      'Which plan is to start?',
      'Read it with "tctl plan" and repeat this with --plan HASH, or give --yes.',
    )
  if (isAgreed) return (await client.getPlan({ params: { name }, query: { limit: 1 } }, signal)).hash
  const plan = await readWholePlan(client, { name }, signal)
  process.stderr.write(`${describePlan(plan, paint)}\n\n`)
  const answer = await ask('Start with this? [y/N] ')
  if (/^y(es)?$/i.test(answer.trim())) return plan.hash
  throw new CliError('Nothing was started.', { remedy: '', exitCode: EXIT.failure })
}
