import { readWholePlan } from '@gatehouse/api'
import { command, createPaint, EXIT, flag, text } from '@gatehouse/cli-kit'
import { chooseByOption, pluginNameOption } from './choose-organization.ts'
import { describePlan } from './describe-plan.ts'

export const planCommand = command({
  name: 'plan',
  summary: 'Show what the next round would change in AWS.',
  options: {
    refresh: flag('read AWS first, instead of using what was seen last'),
    account: text('<text>', 'only assignments on accounts whose name or id contains it'),
    detailedExitcode: flag('end with 10 when there is something to change'),
    pluginName: pluginNameOption,
  },
  async run({ client, options, environment, signal }) {
    const name = await chooseByOption(client, options, signal)
    const plan = await readWholePlan(client, { name, refresh: options.refresh, account: options.account }, signal)
    const differs = plan.operations.length + plan.held.length > 0
    return {
      data: plan,
      text: describePlan(plan, createPaint(environment, process.stdout.isTTY), options.account),
      exitCode: options.detailedExitcode && differs ? EXIT.differences : EXIT.done,
    }
  },
})
