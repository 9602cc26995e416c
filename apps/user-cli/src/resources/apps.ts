import { command, everyPage, flag, type Group, PAGE, table, text } from '@gatehouse/cli-kit'
import { sessionNameOf, startUrlOf } from '../aws-profile/names.ts'

const list = command({
  name: 'ls',
  summary: 'List the AWS accounts and permission sets you have.',
  options: {
    requestable: flag('also what you may ask for'),
    search: text('<words>', 'only rows that hold all of these words'),
    query: text('<condition>', 'only accounts that meet a condition, such as labels["env"] == "prod"'),
    verbose: flag('also portal address and resource id', 'v'),
  },
  async run({ client, options, signal }) {
    const { requestable, search = '', query, verbose } = options
    let warning: string | undefined
    const resources = await everyPage(async (cursor) => {
      const page = await client.listResources({ query: { limit: PAGE, cursor, requestable, query } }, signal)
      warning = page.warning
      return page
    })
    const words = search.toLowerCase().split(/\s+/)
    const found = resources
      .map((resource) => ({
        ...resource,
        ssoRegion: resource.region,
        ssoSession: sessionNameOf(startUrlOf(resource.startUrl)),
        permissionSets: resource.permissionSets.filter(({ name }) => {
          const row = `${resource.application} ${resource.accountName} ${resource.account} ${name}`.toLowerCase()
          return words.every((word) => row.includes(word))
        }),
      }))
      .filter(({ permissionSets }) => permissionSets.length > 0)
    const rows = found.flatMap((resource) =>
      resource.permissionSets.map((set) => [
        resource.accountName,
        resource.account,
        set.name,
        set.access,
        set.until ?? '-',
        ...(verbose ? [set.resourceId, resource.portalUrl] : []),
      ]),
    )
    const headings = ['Account', 'Account ID', 'Permission Set', 'Access', 'Until']
    return {
      data: found,
      text:
        rows.length === 0
          ? 'No AWS accounts are available to you.'
          : table([...headings, ...(verbose ? ['Resource ID', 'Portal'] : [])], rows),
      talk: warning === undefined ? [] : [`Warning: ${warning}`],
    }
  },
})

export const appCommands: Group = { name: 'apps', summary: 'AWS accounts as applications.', commands: [list] }
