import { argument, command, type Group, printable } from '@gatehouse/cli-kit'
import { chooseByOption, pluginNameOption } from './choose-organization.ts'

const link = (kind: 'user' | 'group', ours: string) =>
  command({
    name: kind,
    summary: `Say that a ${kind} in AWS is the ${kind === 'user' ? 'user' : 'list'} here.`,
    args: { ours: argument('ours', ours), aws: argument('aws', "AWS's name or id") },
    options: { pluginName: pluginNameOption },
    async run({ client, args, options, signal }) {
      const name = await chooseByOption(client, options, signal)
      const linked = await client.createLink(
        { params: { name }, body: { kind, ours: args.ours, aws: args.aws } },
        signal,
      )
      return {
        data: linked,
        text:
          `The AWS ${kind} ${printable(linked.aws)} is ${printable(linked.ours)}; ` +
          `${linked.adoptedAssignments} of its assignments were adopted.`,
      }
    },
  })

export const linkCommands: Group = {
  name: 'link',
  summary: 'Tie a user or group in AWS to the one here. What it has in AWS is adopted first.',
  commands: [link('user', "a user's name"), link('group', "an access list's id")],
}
