import { command, optionalArgument } from '@gatehouse/cli-kit'
import { chooseOrganization } from './choose-organization.ts'
import { describeMetrics } from './describe-metrics.ts'

export const metricsCommand = command({
  name: 'metrics',
  summary: 'What the last hour took of the quotas of AWS, and how long AWS took to confirm account assignments.',
  args: { name: optionalArgument('name', 'where there are several') },
  async run({ client, args, signal }) {
    const name = await chooseOrganization(client, args, signal)
    const metrics = await client.getOrganizationMetrics({ params: { name } }, signal)
    return { data: metrics, text: describeMetrics(metrics) }
  },
})
