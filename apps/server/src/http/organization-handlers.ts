import { awsicCloudFormation, awsicSetupScript, awsicTerraform, type SetupExtras } from '@gatehouse/adapter-aws'
import { tokenSubject } from '@gatehouse/adapter-oidc'
import type { GatehouseContract, OrganizationView } from '@gatehouse/api'
import {
  DomainError,
  formatInstant,
  type Organization,
  type OrganizationId,
  suggest,
  userNameOf,
  type View,
} from '@gatehouse/domain'
import { editOrganization, readView } from '@gatehouse/application'
import type { Config } from '../config.ts'
import { actorOf } from './actor-of.ts'
import type { HandlerPorts } from './create-handlers.ts'
import { demandIssuer } from './check-issuer.ts'
import type { ServerHandlers } from './mount.ts'
import { presentAccountFilter, presentGroupFilter, settingsOf } from './filters.ts'
import { sliceOf } from './paging.ts'

type Names = 'listOrganizations' | 'getOrganization' | 'editOrganization' | 'makeSetupScript'

/** What the tokens are for; the described product's own value, so that its providers in IAM go on working. */
export const OIDC_AUDIENCE = 'discover.teleport'

/** The script is made before anything is enrolled, so an organization's id is the name that it will have. */
export const organizationIdOf = (name: string): OrganizationId => name as OrganizationId

export function organizationHandlers(ports: HandlerPorts, config: Config): Pick<ServerHandlers, Names> {
  return {
    async listOrganizations({ query, signal }) {
      const { records, view } = await readView(ports, signal)
      return sliceOf(records.organizations, query, (organization) => presentOrganization(organization, view))
    },
    async getOrganization({ params: { name }, signal }) {
      const { records, view } = await readView(ports, signal)
      return presentOrganization(getNamed(records.organizations, name), view)
    },
    async editOrganization({ params: { name }, body, signal, ...who }) {
      const { organizations } = await ports.records.read(signal)
      const organizationId = getNamed(organizations, name).id
      const command = { actor: actorOf(who), organization: organizationId, ...settingsOf(body) }
      const organization = await editOrganization(ports, command, signal)
      return presentOrganization(organization, (await readView(ports, signal)).view)
    },
    async makeSetupScript({ body: { organization, integration, role, region, extras, instanceArn } }) {
      demandIssuer(config)
      const organizationId = organizationIdOf(organization)
      const options = {
        issuer: config.publicAddress,
        audience: OIDC_AUDIENCE,
        roleName: role,
        region,
        organizationId,
        integrationName: integration,
        extras: extrasOf(extras),
        partition: partitionOf(region),
        ...(instanceArn === undefined ? {} : { instanceArn }),
      }
      return {
        script: awsicSetupScript(options),
        cloudFormation: awsicCloudFormation(options),
        terraform: awsicTerraform(options),
        subject: tokenSubject(organizationId),
        audience: OIDC_AUDIENCE,
      }
    },
  }
}

/** @throws DomainError `not-found` */
export function getNamed(organizations: readonly Organization[], name: string): Organization {
  const found = organizations.find((organization) => organization.name === name)
  if (found) return found
  const suggestion = suggest(
    name,
    organizations.map((organization) => organization.name),
  )
  throw new DomainError({
    code: 'not-found',
    kind: 'organization',
    name,
    ...(suggestion === undefined ? {} : { suggestion }),
  })
}

/** Who has begun to remove it with what Gatehouse made in AWS. */
export function presentWithdrawal({ withdrawal }: Organization): OrganizationView['removal'] {
  if (!withdrawal) return undefined
  const { by, since, assignments, groups, memberships = 0 } = withdrawal
  return { by, since: formatInstant(since), assignments, groups, memberships }
}

export const presentOrganization = (organization: Organization, view: View): OrganizationView => ({
  id: organization.id,
  name: organization.name,
  mode: organization.mode,
  instanceArn: organization.instanceArn,
  region: organization.region,
  identityStoreId: organization.identityStoreId,
  managementAccount: organization.managementAccount,
  hybrid: organization.hybrid,
  credentials: presentCredentials(organization.credentials),
  scimUrl: organization.scimUrl,
  startUrl: organization.startUrl,
  portalUrl: organization.portalUrl,
  defaultOwners: organization.defaultOwners.map((id) => userNameOf(id, view)),
  accountFilter: presentAccountFilter(organization.accountFilter),
  groupFilter: presentGroupFilter(organization.groupFilter),
  userFilter: organization.userFilter.map((labels) => ({ ...labels })),
  driftPolicy: { ...organization.driftPolicy },
  removalBudget: { ...organization.removalBudget },
  rolesSyncMode: organization.rolesSyncMode,
  createdAt: formatInstant(organization.createdAt),
  ...(organization.withdrawal ? { removal: presentWithdrawal(organization) } : {}),
})

function presentCredentials(credentials: Organization['credentials']): OrganizationView['credentials'] {
  const { source, roleArn } = credentials
  return source === 'oidc' ? { source, integration: credentials.integration, roleArn } : { source, roleArn }
}

type Extra = GatehouseContract['makeSetupScript']['body']['_zod']['output']['extras'][number]
const extrasOf = (extras: readonly Extra[]): SetupExtras => ({
  batchPolling: extras.includes('batch-polling'),
  permissionSetContents: extras.includes('permission-set-contents'),
  organizationDetails: extras.includes('organization-details'),
  managementAccountGrants: extras.includes('management-account-grants'),
  managementAccountRemovals: extras.includes('management-account-removals'),
})

const PARTITIONS = [
  ['us-gov-', 'aws-us-gov'],
  ['cn-', 'aws-cn'],
  ['eusc-', 'aws-eusc'],
] as const

/** A Region's name begins as its partition's Regions do (AWS General Reference, "Regions"). */
function partitionOf(region: string): string {
  const [, partition = 'aws'] = PARTITIONS.find(([prefix]) => region.startsWith(prefix)) ?? []
  return partition
}
