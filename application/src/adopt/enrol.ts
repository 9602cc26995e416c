import {
  type AccountFilterPart,
  applyDocuments,
  auditEvent,
  DEFAULT_REMOVAL_BUDGET,
  defaultStartUrl,
  DomainError,
  groupFilterFor,
  isAwsScimAddress,
  isOfAnotherStore,
  type Labels,
  type NameFilter,
  type Organization,
  type OrganizationId,
  parseDocuments,
  REVERT_ALL,
  type RolesSyncMode,
  type UserId,
} from '@gatehouse/domain'
import { checkAccountFilter } from './check-account-filter.ts'
import { missingFromDirectory } from './missing-from-directory.ts'
import { pluginFields } from './plugin-fields.ts'
import { type Acting, type Actor, actingAs, demand } from '../governance/actor.ts'
import { decide, type Decision } from '../governance/decide.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'
import { type Reading, readView } from '../governance/read-view.ts'
import { type CallOptions, IdentityCenterError } from '../ports/identity-center.ts'
import type { SamlProtocol } from '../ports/saml.ts'
import type { Secrets } from '../ports/secrets.ts'
import type { Connection } from '../reconcile/engine.ts'
import { sleep } from '../reconcile/visit-gate.ts'

export interface EnrolCommand {
  readonly actor: Actor
  readonly name: string
  readonly region: string
  readonly instanceArn: string
  readonly credentials: Organization['credentials']
  readonly scimUrl: string
  readonly scimToken: string
  /** Names of users who own the lists that are made from groups. */
  readonly defaultOwners: readonly string[]
  readonly hybrid: boolean
  readonly accountFilter: readonly AccountFilterPart[]
  readonly groupFilter: readonly NameFilter[]
  readonly userFilter: readonly Labels[]
  readonly rolesSyncMode: RolesSyncMode
  readonly startUrl?: string
  readonly portalUrl?: string
  /** Takes an address that does not look like one of AWS's. */
  readonly forceScimUrl?: boolean
  /** Makes Identity Center a service provider of ours, with the same commit. */
  readonly serviceProvider?: { readonly name: string; readonly metadata: string }
}

export interface EnrolPorts extends GovernancePorts {
  readonly secrets: Secrets
  readonly saml: Pick<SamlProtocol, 'readServiceProvider'>
  /** SCIM on this machine, for local work with a sandbox. */
  readonly allowsLoopback: boolean
  /** Whether a host is in a private network where a token must not go. */
  readonly isPrivateHost: (host: string) => Promise<boolean>
  /** Reaches an organization that is not enrolled yet, with a token that is not kept yet. */
  readonly probe: (organization: Organization, scimToken: string) => Connection
}

/** SSO Admin API model: instance ARNs end in sixteen characters. */
const INSTANCE_ARN = /^arn:aws(-[a-z]+)*:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}$/
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/

/**
 * Proves that AWS and SCIM answer, then keeps the organization in shadow mode: it is read, adopted and planned, and
 * nothing is written. What is refused leaves nothing behind.
 * @throws DomainError `already-exists`, `conflict`, `invalid-value`, `invalid-document`, `not-found`, `refused`, `upstream`
 */
export async function enrol(ports: EnrolPorts, command: EnrolCommand, signal: AbortSignal): Promise<Organization> {
  checkForms(command)
  const wrong = await problemOfScimAddress(ports, command)
  if (wrong) throw refusal('scimUrl', command.scimUrl, wrong.expected)
  const reading = await readView(ports, signal)
  // What can be refused without AWS is refused before it is asked.
  const draft = draftOf(command, reading)
  startUrlOf(command, draft)
  decideEnrolment(ports, command, draft, reading)
  const probed = await probe(ports, draft, command.scimToken, signal)
  refuseForeignMetadata(ports, command, probed)
  const startUrl = startUrlOf(command, probed)
  const organization = { ...probed, startUrl, portalUrl: command.portalUrl ?? startUrl }
  // Whoever is second finds the name taken, and the token of the first stays.
  return decide(ports, (now) => decideEnrolment(ports, command, organization, now), signal)
}

/** @throws DomainError `invalid-value` */
export function checkForms({ instanceArn, region }: Pick<EnrolCommand, 'instanceArn' | 'region'>): void {
  if (!INSTANCE_ARN.test(instanceArn))
    throw refusal('instanceArn', instanceArn, 'an ARN such as arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6')
  if (!REGION.test(region)) throw refusal('region', region, 'an AWS Region such as eu-west-1')
}

function startUrlOf({ startUrl }: Pick<EnrolCommand, 'startUrl'>, organization: Organization): string {
  const address = startUrl ?? defaultStartUrl(organization)
  if (address === undefined) throw new DomainError(NO_START_URL)
  return address
}

const NO_START_URL = {
  code: 'invalid-document',
  field: 'startUrl',
  message: 'the address of the access portal is not known for this partition of AWS.',
  remedy: 'Give the "AWS access portal URL" that the console of IAM Identity Center shows under "Settings".',
} as const

const refusal = (field: string, text: string, expected: string): DomainError =>
  new DomainError({ code: 'invalid-value', field, text, expected })

const SCIM_ADDRESS = 'the SCIM endpoint of Identity Center, such as https://scim.eu-west-1.amazonaws.com/…/scim/v2'

/**
 * Nobody but AWS is sent the token, unless somebody says so or works on his own machine. Private networks are not for
 * whoever enrols to look into: that takes the configuration.
 */
export async function problemOfScimAddress(
  { allowsLoopback, isPrivateHost }: Pick<EnrolPorts, 'allowsLoopback' | 'isPrivateHost'>,
  { scimUrl, forceScimUrl }: Pick<EnrolCommand, 'scimUrl' | 'forceScimUrl'>,
): Promise<{ readonly message: string; readonly expected: string } | undefined> {
  if (isAwsScimAddress(scimUrl) || (allowsLoopback && isLoopback(scimUrl))) return undefined
  if (forceScimUrl !== true) return { message: `"${scimUrl}" is not an address of AWS.`, expected: SCIM_ADDRESS }
  if (!(await isPrivateHost(URL.parse(scimUrl)?.hostname ?? ''))) return undefined
  const expected = `${SCIM_ADDRESS}; for a proxy in a private network "privateScim: true" in the configuration`
  return { message: `"${scimUrl}" is in a private network.`, expected }
}

const isLoopback = (address: string): boolean =>
  /^(localhost|\[::1\]|127(\.\d+){3})$/.test(URL.parse(address)?.hostname ?? '')

function draftOf(command: EnrolCommand, { view, now }: Reading): Organization {
  return {
    id: command.name as OrganizationId, // the script for the AWS side names it before it is enrolled
    name: command.name,
    instanceArn: command.instanceArn,
    region: command.region,
    identityStoreId: '',
    managementAccount: '',
    mode: 'shadow',
    hybrid: command.hybrid,
    credentials: command.credentials,
    scimUrl: command.scimUrl.replace(/\/+$/, ''),
    startUrl: '',
    portalUrl: '',
    defaultOwners: command.defaultOwners.map((name) => ownerNamed(name, view.users)),
    accountFilter: command.accountFilter,
    groupFilter: groupFilterFor(command.rolesSyncMode, command.groupFilter),
    userFilter: command.userFilter,
    driftPolicy: REVERT_ALL,
    removalBudget: DEFAULT_REMOVAL_BUDGET,
    rolesSyncMode: command.rolesSyncMode,
    createdAt: now,
    revision: 1,
  }
}

function decideEnrolment(
  ports: EnrolPorts,
  command: EnrolCommand,
  organization: Organization,
  reading: Reading,
): Decision<Organization> {
  const acting = actingAs(command.actor, reading)
  demand(acting, 'create', 'plugin')
  demand(acting, 'create', 'integration')
  for (const { name, instanceArn } of reading.records.organizations) {
    if (name === command.name)
      throw new DomainError({ code: 'already-exists', kind: 'organization', name, remedy: 'Choose another name.' })
    if (instanceArn === command.instanceArn)
      throw new DomainError({
        code: 'conflict',
        message: `The organization "${name}" has the instance ${instanceArn} already.`,
        remedy: 'Give the ARN of another instance, or change that organization in its settings.',
      })
  }
  const provided = serviceProviderOf(ports, command, acting, reading)
  const event = auditEvent('plugin.create', {
    time: reading.now,
    user: acting.name,
    subjects: [`organization:${organization.id}`],
    fields: pluginFields(organization),
  })
  return {
    changes: [{ put: 'organization', organization, scimToken: command.scimToken }, ...provided.changes],
    events: [event, ...integrationEvents(organization, acting, reading), ...provided.events],
    result: organization,
  }
}

function integrationEvents({ credentials }: Organization, { name: user }: Acting, { now: time }: Reading) {
  if (credentials.source !== 'oidc') return []
  return [
    auditEvent('integration.create', {
      time,
      user,
      fields: {
        name: credentials.integration,
        sub_kind: 'aws-oidc',
        aws_oidc: { role_arn: credentials.roleArn, issuer_s3_uri: '' },
      },
    }),
  ]
}

/** Written as a document is, with the same rights and the same refusals. */
function serviceProviderOf(
  { saml, ids }: EnrolPorts,
  { serviceProvider }: EnrolCommand,
  by: Acting,
  { view, now }: Reading,
): Pick<Decision<void>, 'changes' | 'events'> {
  if (!serviceProvider) return { changes: [], events: [] }
  const document = {
    kind: 'saml_idp_service_provider',
    version: 'v1',
    metadata: { name: serviceProvider.name },
    spec: { entity_descriptor: serviceProvider.metadata, preset: 'aws-identity-center' },
  }
  return applyDocuments(parseDocuments(JSON.stringify(document)), {
    view,
    now,
    mode: 'create',
    by,
    newUserId: () => ids.uuid() as UserId, // nobody is made here
    readServiceProvider: saml.readServiceProvider,
  })
}

/** Of another organization it would send people there, and belong to nobody here. @throws DomainError `invalid-value` */
function refuseForeignMetadata(
  { saml }: Pick<EnrolPorts, 'saml'>,
  { serviceProvider }: EnrolCommand,
  { identityStoreId }: Organization,
): void {
  if (!serviceProvider) return
  const read = saml.readServiceProvider({ entityDescriptor: serviceProvider.metadata, entityId: '', acsUrl: '' })
  if ('refused' in read || !isOfAnotherStore(read, identityStoreId)) return
  const expected = `the metadata file of this instance, whose entity id ends in ${identityStoreId}`
  throw refusal('serviceProviderMetadata', read.entityId, expected)
}

/** One page of each read that the guide's permissions allow, and SCIM's address and token. */
async function probe(
  ports: EnrolPorts,
  draft: Organization,
  scimToken: string,
  signal: AbortSignal,
): Promise<Organization> {
  const call: CallOptions = { lane: 'just-in-time', signal }
  const first = ports.probe(draft, scimToken)
  const instance = await explaining(
    'AWS',
    'Run the set-up script again and check Region, instance ARN and role ARN.',
    signal,
    () => first.identityCenter.describeInstance(call),
  )
  const organization = {
    ...draft,
    identityStoreId: instance.identityStoreId,
    managementAccount: instance.ownerAccount ?? '',
  }
  const { identityCenter, directory } = ports.probe(organization, scimToken)
  const [accounts, , users, groups] = await explaining(
    'AWS',
    'Run the set-up script again: the role lacks a permission.',
    signal,
    () =>
      Promise.all([
        identityCenter.listAccounts(call),
        identityCenter.listPermissionSets(call),
        identityCenter.listUsers(call),
        identityCenter.listGroups(call),
      ]),
  )
  await explaining('AWS', 'Try again, or filter accounts by id or name.', signal, () =>
    checkAccountFilter(identityCenter, draft.accountFilter, accounts, call),
  )
  const missing = await explaining(
    'SCIM',
    'Check the SCIM address, and make a new token in the console of IAM Identity Center if it has ended.',
    signal,
    async () => {
      await directory.check(call)
      return missingFromDirectory(directory, { groups, users }, call)
    },
  )
  if (missing !== undefined)
    throw refusal('scimUrl', draft.scimUrl, `the SCIM endpoint of this instance: that one does not know its ${missing}`)
  return organization
}

/**
 * IAM tells its own parts of a new provider or role within seconds (IAM User Guide, "Changes that I make are not always
 * immediately visible"), and this is often called right after the script has made them.
 */
const PROPAGATION_MS = 15_000

async function explaining<T>(service: string, remedy: string, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  const end = performance.now() + PROPAGATION_MS
  for (;;) {
    try {
      return await run()
    } catch (cause) {
      if (!(cause instanceof IdentityCenterError)) throw cause
      if (performance.now() > end || cause.failure === 'unavailable')
        throw new DomainError(
          cause.failure === 'access-denied' && service === 'AWS'
            ? { code: 'refused', message: `AWS: ${cause.message}`, remedy }
            : { code: 'upstream', service, message: cause.message, remedy },
          { cause },
        )
      await sleep(1_000, signal)
    }
  }
}

export function ownerNamed(name: string, users: readonly { id: UserId; name: string }[]): UserId {
  const user = users.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
  if (!user) throw new DomainError({ code: 'not-found', kind: 'user', name, field: 'defaultOwners' })
  return user.id
}
