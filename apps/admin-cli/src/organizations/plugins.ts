import type { OrganizationView } from '@gatehouse/api'
import { command, everyPage, type Group, optionalArgument, PAGE, table } from '@gatehouse/cli-kit'
import { adoptedCommands } from './adopted.ts'
import { chooseOrganization } from './choose-organization.ts'
import { deleteCommand } from './delete.ts'
import { editCommand } from './edit.ts'
import { installCommand } from './install.ts'
import { linkCommands } from './link.ts'
import { metricsCommand } from './metrics.ts'
import { releaseCommand } from './release.ts'
import { rotateCommand } from './rotate.ts'
import { startCommand } from './start.ts'
import { statusCommand } from './status.ts'

const list = command({
  name: 'ls',
  summary: 'List enrolled organizations.',
  async run({ client, signal }) {
    const items = await everyPage((cursor) => client.listOrganizations({ query: { limit: PAGE, cursor } }, signal))
    return { data: items, text: items.length === 0 ? 'There are no plugins.' : organizationTable(items) }
  },
})

const get = command({
  name: 'get',
  summary: 'Show one enrolled organization.',
  args: { name: optionalArgument('name', 'where there are several') },
  format: 'yaml',
  async run({ client, args, signal }) {
    const name = await chooseOrganization(client, args, signal)
    const organization = await client.getOrganization({ params: { name } }, signal)
    return { data: organization, text: organizationTable([organization]) }
  },
})

export const pluginCommands: Group = {
  name: 'plugins',
  aliases: ['plugin'],
  summary: 'The connection to AWS IAM Identity Center.',
  commands: [
    { name: 'install', summary: 'Enrol an organization.', commands: [installCommand] },
    { name: 'edit', summary: 'Change settings.', commands: [editCommand] },
    { name: 'rotate', summary: 'Replace credentials.', commands: [rotateCommand] },
    deleteCommand,
    list,
    get,
    statusCommand,
    metricsCommand,
    startCommand,
    linkCommands,
    releaseCommand,
    adoptedCommands,
  ],
}

const organizationTable = (organizations: readonly OrganizationView[]): string =>
  table(
    ['Name', 'Type', 'Mode', 'Region', 'Instance ARN'],
    organizations.map(({ name, mode, region, instanceArn }) => [name, 'awsic', mode, region, instanceArn]),
  )
