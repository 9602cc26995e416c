import {
  auditEvent,
  DEFAULT_REMOVAL_BUDGET,
  DomainError,
  groupFilterFor,
  type Labels,
  type NameFilter,
  type Organization,
  type OrganizationId,
  REVERT_ALL,
  type RolesSyncMode,
  type UserId,
} from '@gatehouse/domain'
import { pluginFields } from './plugin-fields.ts'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'
import { type CallOptions, IdentityCenterError } from '../ports/identity-center.ts'
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
  readonly accountFilter: readonly NameFilter[]
  readonly groupFilter: readonly NameFilter[]
  readonly userFilter: readonly Labels[]
  readonly rolesSyncMode: RolesSyncMode
  readonly startUrl?: string
  readonly portalUrl?: string
}

export interface EnrolPorts extends GovernancePorts {
  readonly secrets: Secrets
  /** Reaches an organization that is not enrolled yet, with a token that is not kept yet. */
  readonly probe: (organization: Organization, scimToken: string) => Connection
}

/** SSO Admin API model: instance ARNs end in sixteen characters. */
const INSTANCE_ARN = /^arn:aws(-[a-z]+)*:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}$/
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/

/**
 * Proves that AWS and SCIM answer, then keeps the organization in shadow mode: it is read, adopted and planned, and
 * nothing is written. @throws DomainError `already-exists`, `invalid-value`, `not-found`, `upstream`
 */
export async function enrol(ports: EnrolPorts, command: EnrolCommand, signal: AbortSignal): Promise<Organization> {
  const { view, records, now } = await readView(ports, signal)
  const acting = actingAs(command.actor, { view, now })
  demand(acting, 'create', 'plugin')
  demand(acting, 'create', 'integration')
  if (!INSTANCE_ARN.test(command.instanceArn)) {
    throw new DomainError({
      code: 'invalid-value',
      field: 'instanceArn',
      text: command.instanceArn,
      expected: 'an ARN such as arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6',
    })
  }
  if (!REGION.test(command.region)) {
    throw new DomainError({
      code: 'invalid-value',
      field: 'region',
      text: command.region,
      expected: 'an AWS Region such as eu-west-1',
    })
  }
  for (const { name, instanceArn } of records.organizations) {
    if (name === command.name) throw new DomainError({ code: 'already-exists', kind: 'organization', name })
    if (instanceArn === command.instanceArn)
      throw new DomainError({ code: 'already-exists', kind: 'organization with this instance', name: instanceArn })
  }
  const draft: Organization = {
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
  const probed = await probe(ports, draft, command.scimToken, signal)
  const startUrl = command.startUrl ?? defaultStartUrl(probed)
  const organization = { ...probed, startUrl, portalUrl: command.portalUrl ?? startUrl }
  await ports.store.commit(
    {
      expecting: records.version,
      records: [{ put: 'organization', organization }],
      events: [
        auditEvent('plugin.create', {
          time: now,
          user: acting.name,
          subjects: [`organization:${organization.id}`],
          fields: pluginFields(organization),
        }),
        ...(command.credentials.source === 'oidc'
          ? [
              auditEvent('integration.create', {
                time: now,
                user: acting.name,
                fields: {
                  name: command.credentials.integration,
                  sub_kind: 'aws-oidc',
                  aws_oidc: { role_arn: command.credentials.roleArn, issuer_s3_uri: '' },
                },
              }),
            ]
          : []),
      ],
    },
    signal,
  )
  await ports.secrets.setScimToken(organization.id, command.scimToken, signal)
  return organization
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
  await explaining('AWS', 'Run the set-up script again: the role lacks a permission.', signal, () =>
    Promise.all([
      identityCenter.listAccounts(call),
      identityCenter.listPermissionSets(call),
      identityCenter.listUsers(call),
      identityCenter.listGroups(call),
    ]),
  )
  await explaining(
    'SCIM',
    'Check the SCIM address, and make a new token in the console of IAM Identity Center if it has ended.',
    signal,
    () => directory.check(call),
  )
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
        throw new DomainError({ code: 'upstream', service, message: cause.message, remedy }, { cause })
      await sleep(1_000, signal)
    }
  }
}

function ownerNamed(name: string, users: readonly { id: UserId; name: string }[]): UserId {
  const user = users.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
  if (!user) throw new DomainError({ code: 'not-found', kind: 'user', name, field: 'defaultOwners' })
  return user.id
}

/** The address of the access portal that every identity store has (IAM Identity Center User Guide, "Access portal"). */
const defaultStartUrl = ({ identityStoreId, instanceArn }: Organization): string =>
  instanceArn.startsWith('arn:aws-us-gov:')
    ? `https://start.us-gov-home.awsapps.com/directory/${identityStoreId}`
    : `https://${identityStoreId}.awsapps.com/start`
