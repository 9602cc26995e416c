import { command, printable, text, usageError } from '@gatehouse/cli-kit'
import { chooseOrganization } from './choose-organization.ts'

const MODES = ['ALL', 'NONE'] as const

export const editCommand = command({
  name: 'awsic',
  summary: 'Change settings of the connection to Identity Center.',
  options: {
    pluginName: text('<name>', 'where there are several'),
    rolesSyncMode: text('<ALL|NONE>', 'ALL offers a role for every account and permission set'),
  },
  async run({ client, options, signal }) {
    const rolesSyncMode = MODES.find((mode) => mode === options.rolesSyncMode)
    if (rolesSyncMode === undefined) throw usageError('What is to change?', 'Add --roles-sync-mode ALL or NONE.')
    const name = await chooseOrganization(client, options.pluginName, signal)
    const organization = await client.editOrganization({ params: { name }, body: { rolesSyncMode } }, signal)
    return {
      data: organization,
      text: `Roles sync mode of ${printable(name)} is ${organization.rolesSyncMode}. The group filter stays as it is.`,
    }
  },
})
