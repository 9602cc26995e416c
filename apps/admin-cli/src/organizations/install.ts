import type { Args, GatehouseContract } from '@gatehouse/api'
import { command, printable, usageError } from '@gatehouse/cli-kit'
import {
  accountFilter,
  groupFilter,
  type InstallOptions,
  installOptions,
  refuseUnsupported,
  userFilter,
} from './install-options.ts'
import { readScimToken } from './read-scim-token.ts'

type Installation = Args<GatehouseContract['installOrganization']>['body']

const DEFAULT_ROLE = 'gatehouse-aws-identity-center'

export const installCommand = command({
  name: 'awsic',
  summary: 'Enrol an Identity Center instance. It is read and planned; "tctl plugins start" lets Gatehouse write.',
  options: installOptions,
  async run({ client, options, environment, signal }) {
    if (options.script) {
      const body = {
        ...(options.pluginName === undefined ? {} : { organization: options.pluginName }),
        integration: options.oidcIntegration,
        role: options.scriptRole ?? roleNameIn(options.assumeRoleArn) ?? DEFAULT_ROLE,
        region: required(options.instanceRegion, 'instance-region'),
        extras: [...options.extra],
      }
      const made = await client.makeSetupScript({ body }, signal)
      return { data: made, text: made.script }
    }
    refuseUnsupported(options)
    const body = installationOf(options, readScimToken(options, environment))
    const organization = await client.installOrganization({ body }, signal)
    return {
      data: organization,
      text:
        `Successfully created Identity Center plugin "${printable(organization.name)}". ` +
        'AWS is read now and nothing is written.\n"tctl plan" shows what would change; "tctl plugins start" lets it.',
    }
  },
})

function installationOf(options: InstallOptions, scimToken: string): Installation {
  if (options.accessListDefaultOwner.length === 0) throw missing('access-list-default-owner')
  const roleArn = required(options.assumeRoleArn, 'assume-role-arn')
  const { pluginName: name, externalId, startUrl, portalUrl } = options
  return {
    ...(name === undefined ? {} : { name }),
    region: required(options.instanceRegion, 'instance-region'),
    instanceArn: required(options.instanceArn, 'instance-arn'),
    credentials: options.useSystemCredentials
      ? { source: 'system', roleArn, ...(externalId === undefined ? {} : { externalId }) }
      : { source: 'oidc', integration: options.oidcIntegration, roleArn },
    scimUrl: required(options.scimUrl, 'scim-url'),
    scimToken,
    defaultOwners: [...options.accessListDefaultOwner],
    hybrid: options.hybrid,
    accountFilter: accountFilter(options),
    groupFilter: groupFilter(options),
    userFilter: userFilter(options),
    rolesSyncMode: options.rolesSyncMode,
    startUrl,
    portalUrl,
  }
}

function required(value: string | undefined, flag: string): string {
  if (value === undefined || value === '') throw missing(flag)
  return value
}

const missing = (flag: string) =>
  usageError(`--${flag} is missing.`, '"tctl plugins install awsic --help" says what it takes.')

const roleNameIn = (arn: string | undefined): string | undefined => arn?.split('/').at(-1)
