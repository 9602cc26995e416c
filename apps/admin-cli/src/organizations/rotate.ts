import { command, flag, optionalArgument, printable, text, usageError } from '@gatehouse/cli-kit'
import { chooseByOption, pluginNameOption } from './choose-organization.ts'
import { readScimToken } from './read-scim-token.ts'

export const rotateCommand = command({
  name: 'awsic',
  summary: 'Put a new SCIM token in the place of the present one, once AWS has taken it.',
  args: { token: optionalArgument('token', 'the new token; it shows in the list of processes') },
  options: {
    scimTokenFile: text('<file>', 'the token in a file, or GATEHOUSE_SCIM_TOKEN'),
    noValidateToken: flag('take the token without trying it'),
    pluginName: pluginNameOption,
  },
  async run({ client, args, options, environment, signal }) {
    const { scimTokenFile, noValidateToken } = options
    if (args.token !== undefined && scimTokenFile !== undefined)
      throw usageError('Which token is it?', 'Give it as an argument or in a file, not both.')
    const scimToken = readScimToken({ scimToken: args.token, scimTokenFile }, environment)
    const name = await chooseByOption(client, options, signal)
    const body = { scimToken, validate: !noValidateToken }
    const organization = await client.rotateScimToken({ params: { name }, body }, signal)
    return {
      data: organization,
      text: `The SCIM token of ${printable(name)} was replaced. Delete the former one in the console of IAM Identity Center.`,
    }
  },
})
