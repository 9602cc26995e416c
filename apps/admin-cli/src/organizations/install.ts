import { setTimeout as sleep } from 'node:timers/promises'
import type { Args, EnrolmentView, GatehouseClient, GatehouseContract, OrganizationView } from '@gatehouse/api'
import { ApiProblem } from '@gatehouse/api'
import { CliError, command, EXIT, printable, printableLines, usageError } from '@gatehouse/cli-kit'
import { readSource } from '../documents/read-source.ts'
import {
  accountFilter,
  flagsOfFilters,
  groupFilter,
  type InstallOptions,
  installOptions,
  refuseUnsupported,
  userFilter,
} from './install-options.ts'
import { readScimToken } from './read-scim-token.ts'

type Given = NonNullable<Args<GatehouseContract['editEnrolment']>['body']>

/** As the web has it. */
const DEFAULT_ROLE = 'GatehouseIdentityCenter'
const DEFAULT_NAME = 'aws-identity-center'

/** What is called otherwise in a request, or in the document that makes the service provider. */
const FIELDS = {
  name: '--plugin-name',
  organization: '--plugin-name',
  'metadata.name': '--plugin-name',
  region: '--instance-region',
  integration: '--oidc-integration',
  role: '--script-role',
  roleName: '--script-role',
  roleArn: '--assume-role-arn',
  scimToken: '--scim-token-file',
  defaultOwners: '--access-list-default-owner',
  extras: '--extra',
  'spec.entity_descriptor': '--service-provider-metadata',
}

export const installCommand = command({
  name: 'awsic',
  summary: 'Enrol an Identity Center instance: read and planned, written to once started.',
  options: installOptions,
  fields: (options) => ({ ...FIELDS, ...flagsOfFilters(options) }),
  async run({ client, options, environment, signal }) {
    if (options.script) return writeScript(client, options, signal)
    refuseUnsupported(options)
    const given = givenOf(options, readScimToken(options, environment))
    const { organization, left } = await enrol(client, { name: options.pluginName ?? DEFAULT_NAME, given }, signal)
    return {
      data: organization,
      text:
        `Successfully created Identity Center plugin "${printable(organization.name)}". ` +
        'AWS is read now and nothing is written.\n"tctl plan" shows what would change; "tctl plugins start" lets it.' +
        (left === undefined ? '' : `\n${printableLines(left)}`),
    }
  },
})

async function writeScript(client: GatehouseClient, options: InstallOptions, signal: AbortSignal) {
  const body = {
    ...(options.pluginName === undefined ? {} : { organization: options.pluginName }),
    integration: options.oidcIntegration,
    role: options.scriptRole ?? roleNameIn(options.assumeRoleArn) ?? DEFAULT_ROLE,
    region: required(options.instanceRegion, 'instance-region'),
    extras: [...options.extra],
    ...(options.scopeToInstance ? { instanceArn: required(options.instanceArn, 'instance-arn') } : {}),
  }
  const made = await client.makeSetupScript({ body }, signal)
  const texts = { bash: made.script, cloudformation: made.cloudFormation, terraform: made.terraform }
  return { data: made, text: texts[options.scriptFormat] }
}

/** The steps that the web goes through, one after the other; what was given is kept when one of them fails. Nothing is installed that somebody else has given meanwhile. */
async function enrol(
  client: GatehouseClient,
  { name, given }: { readonly name: string; readonly given: Given },
  signal: AbortSignal,
): Promise<{ readonly organization: OrganizationView; readonly left: string | undefined }> {
  const params = { name }
  await begin(client, name, signal)
  const kept = await client.editEnrolment({ params, body: given }, signal)
  const role = await checkRole(client, kept, signal)
  if (!isWhole(role)) throw stopped(role)
  const scim = await client.testScim({ params, body: { revision: role.enrolment.revision } }, signal)
  if (scim.outcome !== 'ok') throw stopped(scim)
  const withoutServiceProvider = kept.given.serviceProviderMetadata === undefined
  const { revision } = scim.enrolment
  const organization = await client.finishEnrolment({ params, body: { revision, withoutServiceProvider } }, signal)
  const { steps } = await client.getEnrolment({ params }, signal)
  await client.deleteEnrolment({ params }, signal)
  return { organization, left: sayLeft(name, steps) }
}

/** What keeps people from signing in to AWS; the rest is the server's to do, or behind this. */
function sayLeft(name: string, steps: EnrolmentView['steps']): string | undefined {
  const left = steps.find(({ step, state }) => (step === 'identity-source' || step === 'connect') && state !== 'done')
  return left?.step === 'identity-source'
    ? `${left.message}\ntctl saml add ${name} --preset aws-identity-center --metadata <file>`
    : left?.message
}

type CheckedRole = Awaited<ReturnType<GatehouseClient['checkRole']>>

const isWhole = ({ assumed, permissions }: CheckedRole): boolean =>
  assumed && permissions.every(({ wanted, outcome }) => !wanted || outcome !== 'missing')

/** AWS takes some seconds to notice a role, and the permissions that it was given (IAM User Guide, "Changes that I make are not always immediately visible"). */
const NOTICED_AFTER_MS = 10_000
const CHECK_EVERY_MS = 2_500

async function checkRole(
  client: GatehouseClient,
  { name, revision: first }: EnrolmentView,
  signal: AbortSignal,
): Promise<CheckedRole> {
  const until = performance.now() + NOTICED_AFTER_MS
  for (let revision = first; ;) {
    const role = await client.checkRole({ params: { name }, body: { revision } }, signal)
    // What was found is kept with the enrolment, which is another one with that.
    revision = role.enrolment.revision
    if (isWhole(role) || performance.now() > until) return role
    await sleep(CHECK_EVERY_MS, undefined, { signal })
  }
}

/** Goes on with one that was begun before. */
async function begin(client: GatehouseClient, name: string, signal: AbortSignal): Promise<void> {
  try {
    await client.startEnrolment({ body: { name } }, signal)
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'already-exists') throw error
    const { items } = await client.listOrganizations({ query: { limit: 1000 } }, signal)
    if (items.some((organization) => organization.name === name)) throw error
  }
}

const stopped = ({ message, remedy }: { readonly message: string; readonly remedy: string }): CliError =>
  new CliError(printable(message), {
    remedy: `${remedy} What was given is kept: repeat the command, or go on in the web interface.`,
    exitCode: EXIT.failure,
  })

function givenOf(options: InstallOptions, scimToken: string): Given {
  if (options.accessListDefaultOwner.length === 0) throw missing('access-list-default-owner')
  const { externalId, startUrl, portalUrl, serviceProviderMetadata: file } = options
  return {
    region: required(options.instanceRegion, 'instance-region'),
    instanceArn: required(options.instanceArn, 'instance-arn'),
    integration: options.oidcIntegration,
    roleArn: required(options.assumeRoleArn, 'assume-role-arn'),
    useSystemCredentials: options.useSystemCredentials,
    externalId,
    scimUrl: required(options.scimUrl, 'scim-url'),
    forceScimUrl: options.forceScimUrl,
    scimToken,
    defaultOwners: [...options.accessListDefaultOwner],
    hybrid: options.hybrid,
    accountFilter: accountFilter(options),
    groupFilter: groupFilter(options),
    userFilter: userFilter(options),
    rolesSyncMode: options.rolesSyncMode,
    startUrl,
    portalUrl,
    ...(file === undefined ? {} : { serviceProviderMetadata: readSource(file) }),
  }
}

function required(value: string | undefined, flag: string): string {
  if (value === undefined || value === '') throw missing(flag)
  return value
}

const missing = (flag: string) =>
  usageError(`--${flag} is missing.`, '"tctl plugins install awsic --help" says what it takes.')

const roleNameIn = (arn: string | undefined): string | undefined => arn?.split('/').at(-1)
