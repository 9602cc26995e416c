import type { Args, GatehouseContract } from '@gatehouse/api'
import { choice, flag, type OptionSpec, repeated, text, textOr, usageError } from '@gatehouse/cli-kit'

type Installation = Args<GatehouseContract['installOrganization']>['body']
type Filters = NonNullable<Installation['accountFilter']>
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
  scimToken: text('<token>', 'or GATEHOUSE_SCIM_TOKEN'),
  scimTokenFile: text('<file>', 'or the token in a file'),
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
  excludeAccountName: list('<glob>', 'not these (repeat)'),
  excludeAccountId: list('<id>', 'not these (repeat)'),
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
  scriptRole: text('<name>', 'with --script: the IAM role to make'),
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

export const accountFilter = (
  options: Filtering<'accountName' | 'accountId' | 'excludeAccountName' | 'excludeAccountId'>,
): Filters => [
  ...filters('include', 'name', options.accountName),
  ...filters('include', 'id', options.accountId),
  ...filters('exclude', 'name', options.excludeAccountName),
  ...filters('exclude', 'id', options.excludeAccountId),
]
export const groupFilter = (options: Filtering<'groupName' | 'excludeGroupName'>): Filters => [
  ...filters('include', 'name', options.groupName),
  ...filters('exclude', 'name', options.excludeGroupName),
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

const filters = (match: 'include' | 'exclude', field: 'id' | 'name', patterns: readonly string[]): Filters =>
  patterns.map((pattern) => ({ match, field, pattern }))

function parseLabel(typed: string): [key: string, value: string] {
  const equals = typed.indexOf('=')
  if (equals < 1) throw usageError(`--user-label: "${typed}" is not a label.`, 'Enter one such as team=cloud.')
  return [typed.slice(0, equals).trim(), typed.slice(equals + 1).trim()]
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
