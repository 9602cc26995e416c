import {
  CliError,
  command,
  EXIT,
  everyPage,
  flag,
  type Output,
  PAGE,
  printable,
  table,
  text,
  usageError,
  withFileLock,
  writeFileAtomically,
} from '@gatehouse/cli-kit'
import type { GatehouseClient, ResourceView } from '@gatehouse/api'
import type { Change } from './assemble.ts'
import { formatConfig, parseConfig } from './config-file.ts'
import { behindLinks, configPathOf, makeReady, NEW_FILE_MODE, readConfig } from './config-path.ts'
import { isMarker } from './markers.ts'
import { DEFAULT_TEMPLATE } from './names.ts'
import { type Update, updateConfig } from './update-config.ts'
import { oneLine, wantedFor } from './wanted.ts'

export const awsProfileCommand = command({
  name: 'aws-profile',
  summary: 'Write a profile for each AWS account and role you have to the AWS config file.',
  options: {
    awsSsoRegion: text('<region>', 'the Region of Identity Center, if the server does not know it'),
    dryRun: flag('print the file as it would be, write nothing'),
    check: flag('write nothing; end with 10 if the file would change'),
    force: flag('take over sections of others that have a name that is needed'),
    pruneAll: flag('also remove what other Gatehouse clusters wrote'),
    region: text('<region>', "each profile's Region"),
    output: text('<format>', "each profile's output format, such as json"),
    nameTemplate: text('<template>', `with {account}, {account_id}, {role}; default ${DEFAULT_TEMPLATE}`),
  },
  async run({ client, options, environment, signal }) {
    if (/[\r\n]/.test(`${options.region ?? ''}${options.output ?? ''}`))
      throw usageError('--region and --output are one line each.', 'Remove the line break.')
    const cluster = oneLine((await client.getMe({}, signal)).cluster)
    const { resources, warning } = await readResources(client, signal)
    const wanted = wantedFor(resources, { ssoRegion: options.awsSsoRegion, template: options.nameTemplate })

    const path = configPathOf(environment)
    const target = behindLinks(path)
    const compute = (): { readonly before: Buffer; readonly after: Buffer; readonly update: Update } => {
      const before = readConfig(target)
      const rename = options.nameTemplate !== undefined
      const update = updateConfig(parseConfig(before, isMarker), wanted, { ...options, cluster, rename })
      return { before, after: formatConfig(update.file), update }
    }
    const isWriting = !options.dryRun && !options.check
    const write = (): ReturnType<typeof compute> => {
      const computed = compute()
      if (!computed.before.equals(computed.after)) writeFileAtomically(target, computed.after, NEW_FILE_MODE)
      return computed
    }
    if (isWriting) makeReady(target)
    const { before, after, update } = isWriting ? await withFileLock(target, write, signal) : compute()

    const differs = !before.equals(after)
    const data = dataOf(path, update, { isWritten: isWriting && differs, differs })
    const talk = [...(warning === undefined ? [] : [`Warning: ${warning}`]), ...leftAloneLines(update)]
    if (options.check) {
      const exitCode = differs ? EXIT.differences : EXIT.done
      return { data, text: update.changes.map(changeLine).join('\n'), talk, exitCode }
    }
    if (options.dryRun)
      return { data, text: after.toString('utf8'), talk: [...talk, ...update.changes.map(changeLine)] }
    return { data, text: describe(path, update), talk } satisfies Output
  },
})

/** @throws CliError when something may be missing: then nothing is written, because it would be taken for lost access. */
async function readResources(
  client: GatehouseClient,
  signal: AbortSignal,
): Promise<{ readonly resources: readonly ResourceView[]; readonly warning: string | undefined }> {
  let isComplete = true
  let warning: string | undefined
  const resources = await everyPage(async (cursor) => {
    const page = await client.listResources({ query: { limit: PAGE, cursor } }, signal)
    isComplete &&= page.isComplete
    warning = page.warning
    return page
  })
  if (isComplete) return { resources, warning }
  throw new CliError('The server has not read all of AWS yet. The AWS config file was not touched.', {
    remedy: 'Try again in a minute; an administrator sees more with "tctl plugins status".',
    exitCode: EXIT.failure,
  })
}

const SIGNS = { added: '+', changed: '~', removed: '-' } as const
const changeLine = ({ kind, section }: Change): string => `${SIGNS[kind]} [${printable(section)}]`

const leftAloneLines = ({ leftAlone }: Update): string[] =>
  leftAlone.length === 0
    ? []
    : [
        `Left as they are, because they belong to another organization: ${leftAlone.map((name) => `[${name}]`).join(', ')}`,
      ]

function describe(path: string, { profiles }: Update): string {
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

const dataOf = (
  path: string,
  { profiles, changes, leftAlone }: Update,
  { isWritten, differs }: { readonly isWritten: boolean; readonly differs: boolean },
) => ({
  path,
  differs,
  written: isWritten,
  profiles: profiles.map(({ name, accountName, accountId, role, session }) => ({
    profile: name,
    account: accountName,
    accountId,
    role,
    ssoSession: session,
  })),
  changes,
  leftAlone,
})
