import type { Args, GatehouseContract } from '@gatehouse/api'
import { choice, flag, type OptionSpec, repeated, text, textOr, usageError } from '@gatehouse/cli-kit'

type Installation = Args<GatehouseContract['installOrganization']>['body']
type AccountFilter = NonNullable<Installation['accountFilter']>
type NameFilter = NonNullable<Installation['groupFilter']>
type Match = NameFilter[number]['match']
type Extra = NonNullable<Args<GatehouseContract['makeSetupScript']>['body']['extras']>[number]

const EXTRAS: readonly Extra[] = [
  'batch-polling',
  'permission-set-contents',
  'organization-details',
  'management-account-grants',
  'management-account-removals',
]

/** One line each: they are many, and help has to stay on one screen. */
const list = (value: string, help: string): OptionSpec<readonly string[]> => ({ ...repeated(value, ''), help })

const hidden = <T>(spec: OptionSpec<T>): OptionSpec<T> => ({ ...spec, isHidden: true })

export const installOptions = {
  accessListDefaultOwner: list('<user>', 'owns adopted lists (repeat)'),
  instanceArn: text('<arn>', 'the Identity Center instance'),
  instanceRegion: text('<region>', 'its Region'),
  scimUrl: text('<url>', 'the SCIM endpoint'),
  // Taken as it is elsewhere, and not advertised: whoever may list processes reads it.
  scimToken: hidden(text('<token>', '')),
  scimTokenFile: text('<file>', 'its token, or GATEHOUSE_SCIM_TOKEN'),
  assumeRoleArn: text('<arn>', 'the IAM role to assume'),
  oidcIntegration: textOr('<name>', 'integration', 'aws-oidc'),
  useSystemCredentials: flag("use the server's own AWS credentials"),
  externalId: text('<id>', 'with --use-system-credentials'),
  hybrid: flag('push no users: AWS keeps its own provider'),
  userLabel: list('<k=v,...>', 'push only such users (repeat)'),
  groupName: list('<glob>', 'only these groups (repeat)'),
  excludeGroupName: list('<glob>', 'not these (repeat)'),
  accountName: list('<glob>', 'only these accounts (repeat)'),
  accountId: list('<id>', 'only these accounts (repeat)'),
  account: list('<ou=...|tag=k=v>', 'only these, by unit or tag (repeat)'),
  excludeAccountName: list('<glob>', 'not these (repeat)'),
  excludeAccountId: list('<id>', 'not these (repeat)'),
  excludeAccount: list('<ou=...|tag=k=v>', 'not these (repeat)'),
  startUrl: text('<url>', "AWS's access portal"),
  portalUrl: text('<url>', 'what "Log In" opens'),
  serviceProviderMetadata: text('<file>', "AWS's SAML metadata; may come later"),
  pluginName: text('<name>', 'default: aws-identity-center'),
  rolesSyncMode: choice(['ALL', 'NONE'], 'NONE: no derived roles', 'ALL'),
  script: flag('only print the script for the AWS side'),
  scriptFormat: {
    ...text('<format>', 'bash, cloudformation or terraform'),
    read: (typed: readonly string[]): ScriptFormat => parseFormat(typed.at(-1) ?? 'bash'),
  },
  scopeToInstance: flag('with --script: only the --instance-arn'),
  scriptRole: text('<name>', 'default: GatehouseIdentityCenter'),
  extra: {
    ...repeated('<permission>', ''),
    help: 'with --script: an optional permission',
    read: (typed: readonly string[]): readonly Extra[] => typed.map(parseExtra),
  },
  // The described product's, where they ask for what happens anyway, and where they can't be had yet.
  noUseSystemCredentials: hidden(flag('')),
  forceScimUrl: hidden(flag('')),
  userOrigin: hidden(repeated('<origin>', '')),
} satisfies Readonly<Record<string, OptionSpec<unknown>>>

export type InstallOptions = {
  readonly [Name in keyof typeof installOptions]: ReturnType<(typeof installOptions)[Name]['read']>
}

type Filtering<Names extends keyof InstallOptions> = Pick<InstallOptions, Names>

type AccountFlag =
  | 'accountName'
  | 'accountId'
  | 'account'
  | 'excludeAccountName'
  | 'excludeAccountId'
  | 'excludeAccount'
type GroupFlag = 'groupName' | 'excludeGroupName'

/** @throws CliError for what is neither a unit nor a tag */
export const accountFilter = (options: Filtering<AccountFlag>): AccountFilter =>
  accountParts(options).map(({ part }) => part)

export const groupFilter = (options: Filtering<GroupFlag>): NameFilter => groupParts(options).map(({ part }) => part)

/** Which flag each part of a filter was typed at, by where it stands in a request. */
export const flagsOfFilters = (options: Filtering<AccountFlag | GroupFlag>): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(accountParts(options).map(({ flag }, index) => [`accountFilter[${index}]`, flag])),
  ...Object.fromEntries(groupParts(options).map(({ flag }, index) => [`groupFilter[${index}]`, flag])),
  userFilter: '--user-label',
})

interface Part<T> {
  readonly flag: string
  readonly part: T
}

const accountParts = (options: Filtering<AccountFlag>): readonly Part<AccountFilter[number]>[] => [
  ...names('--account-name', ['include', 'name'], options.accountName),
  ...names('--account-id', ['include', 'id'], options.accountId),
  ...options.account.map((typed) => parsePlace('include', typed)),
  ...names('--exclude-account-name', ['exclude', 'name'], options.excludeAccountName),
  ...names('--exclude-account-id', ['exclude', 'id'], options.excludeAccountId),
  ...options.excludeAccount.map((typed) => parsePlace('exclude', typed)),
]
const groupParts = (options: Filtering<GroupFlag>): readonly Part<NameFilter[number]>[] => [
  ...names('--group-name', ['include', 'name'], options.groupName),
  ...names('--exclude-group-name', ['exclude', 'name'], options.excludeGroupName),
]
/** @throws CliError for what is asked for and would not be done. */
export function refuseUnsupported({ userOrigin }: InstallOptions): void {
  if (userOrigin.length > 0) throw unsupported('--user-origin')
}
const unsupported = (flags: string) =>
  usageError(`${flags} is not supported yet, and is refused rather than ignored.`, 'Leave it out.')

/** Each flag is a set of labels that a user must have all of. */
export const userFilter = ({ userLabel }: Filtering<'userLabel'>): Record<string, string>[] =>
  userLabel.map((typed) => Object.fromEntries(typed.split(',').map(parseLabel)))

const names = (
  flag: string,
  [match, field]: readonly [Match, 'id' | 'name'],
  patterns: readonly string[],
): readonly Part<NameFilter[number]>[] => patterns.map((pattern) => ({ flag, part: { match, field, pattern } }))

/** `ou=Root/Prod` or `tag=env=prod` */
function parsePlace(match: Match, typed: string): Part<AccountFilter[number]> {
  const flag = match === 'include' ? '--account' : '--exclude-account'
  const [field, value] = parsePair(typed)
  if (field === 'ou' && value !== '') return { flag, part: { match, field, unit: value } }
  const [key, pattern] = parsePair(value)
  if (field === 'tag' && key !== '' && pattern !== '') return { flag, part: { match, field, key, pattern } }
  throw usageError(
    `${flag}: "${typed}" is neither a unit nor a tag with a value.`,
    'Enter one such as ou=Root/Prod, ou=ou-ab12-cdefghij, tag=env=prod or tag=env=*.',
  )
}

/** What stands before the first equals sign and what stands behind it. */
function parsePair(typed: string): [key: string, value: string] {
  const equals = typed.indexOf('=')
  return equals < 0 ? ['', ''] : [typed.slice(0, equals).trim(), typed.slice(equals + 1).trim()]
}

function parseLabel(typed: string): [key: string, value: string] {
  const [key, value] = parsePair(typed)
  if (key === '') throw usageError(`--user-label: "${typed}" is not a label.`, 'Enter one such as team=cloud.')
  return [key, value]
}

const FORMATS = ['bash', 'cloudformation', 'terraform'] as const
type ScriptFormat = (typeof FORMATS)[number]

function parseFormat(typed: string): ScriptFormat {
  const format = FORMATS.find((candidate) => candidate === typed)
  if (format) return format
  throw usageError(`--script-format: there is no format "${typed}".`, `Enter one of ${FORMATS.join(', ')}.`)
}

function parseExtra(typed: string): Extra {
  const extra = EXTRAS.find((candidate) => candidate === typed)
  if (extra) return extra
  throw usageError(`--extra: there is no permission "${typed}".`, `Enter one of ${EXTRAS.join(', ')}.`)
}
