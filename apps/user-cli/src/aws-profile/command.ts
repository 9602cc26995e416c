import { command, createPaint, flag, table, text, usageError } from '@gatehouse/cli-kit'
import { changeConfig, type ConfigChange } from './change-config.ts'
import { DEFAULT_TEMPLATE, parseNameTemplate } from './names.ts'
import { changeData, isPreview, leftAloneLines, PREVIEW_OPTIONS, previewOf } from './preview.ts'
import { readResources } from './read-resources.ts'
import { removeCommand } from './remove-command.ts'
import { updateConfig } from './update-config.ts'
import { oneLine, wantedFor } from './wanted.ts'

export const awsProfileCommand = command({
  name: 'aws-profile',
  summary: 'Write a profile for each AWS account and role you have to the AWS config file.',
  options: {
    awsSsoRegion: text('<region>', 'the Region of Identity Center, if the server does not know it'),
    ...PREVIEW_OPTIONS,
    force: flag('take over sections of others that have a name that is needed'),
    pruneAll: flag('also remove what other Gatehouse clusters wrote'),
    region: text('<region>', "each profile's Region"),
    output: text('<format>', "each profile's output format, such as json"),
    nameTemplate: text('<template>', `with {account}, {account_id}, {role}; default ${DEFAULT_TEMPLATE}`),
  },
  subcommands: [removeCommand],
  async run({ client, options, environment, signal }) {
    for (const value of [options.region, options.output, options.awsSsoRegion]) checkValue(value)
    const nameOf = parseNameTemplate(options.nameTemplate ?? DEFAULT_TEMPLATE)
    const cluster = oneLine((await client.getMe({}, signal)).cluster)
    const { resources, warning } = await readResources(client, signal)
    const wanted = wantedFor(resources, { cluster, nameOf, ssoRegion: options.awsSsoRegion })

    const rename = options.nameTemplate !== undefined
    const isWriting = !isPreview(options)
    const change = await changeConfig(
      environment,
      (before) => updateConfig(before, wanted, { ...options, cluster, rename }),
      { isWriting },
      signal,
    )
    const data = { ...changeData(change), profiles: profilesOf(change) }
    const warnings = warning === undefined ? [] : [`Warning: ${warning}`]
    if (isWriting) return { data, text: describe(change), talk: [...warnings, ...leftAloneLines(change)] }
    const preview = previewOf(change, options, createPaint(environment, process.stdout.isTTY))
    return { ...preview, data: { ...data, ...preview.data }, talk: [...warnings, ...preview.talk] }
  },
})

/** @throws CliError `wrong usage` for what would not be one value of one line in the file. */
function checkValue(value: string | undefined): void {
  if (value === undefined || /^[A-Za-z0-9_-]+$/.test(value)) return
  throw usageError(
    `"${value}" can't be written to the AWS config file.`,
    'Regions and output formats are letters, digits and dashes, such as eu-central-1 and json.',
  )
}

function describe({ path, update: { profiles } }: ConfigChange): string {
  const [first] = profiles
  if (!first) return 'No AWS IAM Identity Center accounts or roles are available to you.'
  return [
    `AWS configuration updated at: ${path}`,
    '',
    table(
      ['Profile', 'Account', 'Account ID', 'Role', 'SSO Session'],
      profiles.map(({ name, accountName, accountId, role, session }) => [name, accountName, accountId, role, session]),
    ),
    '',
    'To use one, name it and sign in to AWS once:',
    `  $ export AWS_PROFILE=${first.name}`,
    '  $ aws sso login',
    '',
    'Then any command works, such as:',
    '  $ aws sts get-caller-identity',
  ].join('\n')
}

const profilesOf = ({ update }: ConfigChange) =>
  update.profiles.map(({ name, accountName, accountId, role, session }) => ({
    profile: name,
    account: accountName,
    accountId,
    role,
    ssoSession: session,
  }))
