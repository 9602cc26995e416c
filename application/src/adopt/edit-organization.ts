import {
  type AccountFilterPart,
  auditEvent,
  demandReadable,
  DomainError,
  type DriftPolicy,
  groupFilterFor,
  type Labels,
  type NameFilter,
  type Organization,
  type OrganizationId,
  readableOf,
  type RemovalBudget,
  type RolesSyncMode,
  type View,
} from '@gatehouse/domain'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import type { Reading } from '../governance/read-view.ts'
import { ownerNamed } from './enrol.ts'
import { pluginFields } from './plugin-fields.ts'
import { viewOfOrganization } from '../governance/read-view.ts'

/** What is left out stays as it is. */
export interface OrganizationSettings {
  readonly rolesSyncMode?: RolesSyncMode | undefined
  readonly accountFilter?: readonly AccountFilterPart[] | undefined
  readonly groupFilter?: readonly NameFilter[] | undefined
  readonly userFilter?: readonly Labels[] | undefined
  readonly hybrid?: boolean | undefined
  readonly driftPolicy?: Partial<DriftPolicy> | undefined
  readonly removalBudget?: RemovalBudget | undefined
  /** Names of users; of lists that are made from now on. */
  readonly defaultOwners?: readonly string[] | undefined
  readonly startUrl?: string | undefined
  readonly portalUrl?: string | undefined
}

export interface EditOrganizationCommand extends OrganizationSettings {
  readonly actor: Actor
  readonly organization: OrganizationId
}

/** Changes settings of an enrolled organization. @throws DomainError `refused`, `not-found`, `conflict` */
export async function editOrganization(
  ports: ReadPorts,
  command: EditOrganizationCommand,
  signal: AbortSignal,
): Promise<Organization> {
  return decide(
    ports,
    (reading) => {
      const acting = actingAs(command.actor, reading)
      demand(acting, 'update', 'plugin')
      const { organization: before, catalogue } = viewOfOrganization(reading, { id: command.organization })
      const { accounts } = catalogue
      const changed = withSettings(before, command, reading.view)
      demandNotLeaving(before, changed)
      demandReadable(changed.accountFilter, readableOf([...accounts.values()]), before.accountFilter)
      if (JSON.stringify(changed) === JSON.stringify(before)) return { changes: [], events: [], result: before }
      const organization = { ...changed, revision: before.revision + 1 }
      const event = auditEvent('plugin.update', {
        time: reading.now,
        user: acting.name,
        subjects: [`organization:${before.id}`],
        fields: pluginFields(organization),
      })
      return { changes: [{ put: 'organization', organization }], events: [event], result: organization }
    },
    signal,
  )
}

/** What is being taken away in AWS is what the filters let in when that began. @throws DomainError `conflict` */
function demandNotLeaving(before: Organization, after: Organization): void {
  const filters = ({ accountFilter, groupFilter }: Organization): string => JSON.stringify([accountFilter, groupFilter])
  if (before.withdrawal && filters(before) !== filters(after))
    throw new DomainError({
      code: 'conflict',
      message: `"${before.name}" is being removed, and what Gatehouse made there is being taken away in AWS.`,
      remedy: 'Wait until that is done, or stop the removal (tctl plugins delete --stop). Then change the filters.',
    })
}

/**
 * The organization as it is and as it would be, for whoever may read plans: they name accounts, groups and users.
 * @throws DomainError `refused`, `not-found`, `conflict`
 */
export function trySettings(
  reading: Reading,
  { actor, organization: id, ...settings }: EditOrganizationCommand,
): { readonly before: Organization; readonly after: Organization } {
  const acting = actingAs(actor, reading)
  demand(acting, 'update', 'plugin')
  demand(acting, 'read', 'aws_identity_center')
  const { organization: before } = viewOfOrganization(reading, { id })
  return { before, after: withSettings(before, settings, reading.view) }
}

/** The organization as it would be. @throws DomainError `conflict`, `not-found` for an owner */
function withSettings(before: Organization, settings: OrganizationSettings, view: Pick<View, 'users'>): Organization {
  const { rolesSyncMode = before.rolesSyncMode, defaultOwners, driftPolicy, groupFilter } = settings
  if (rolesSyncMode === 'NONE' && before.rolesSyncMode === 'ALL')
    throw new DomainError({
      code: 'conflict',
      message: 'Roles sync mode can not go from ALL to NONE: lists made from groups grant derived roles.',
      remedy: 'Remove the plugin and enrol the organization with NONE.',
    })
  return {
    ...before,
    rolesSyncMode,
    accountFilter: settings.accountFilter ?? before.accountFilter,
    groupFilter: groupFilter ? groupFilterFor(rolesSyncMode, groupFilter) : before.groupFilter,
    userFilter: settings.userFilter ?? before.userFilter,
    hybrid: settings.hybrid ?? before.hybrid,
    driftPolicy: driftPolicy ? { ...before.driftPolicy, ...driftPolicy } : before.driftPolicy,
    removalBudget: settings.removalBudget ?? before.removalBudget,
    defaultOwners: defaultOwners?.map((name) => ownerNamed(name, view.users)) ?? before.defaultOwners,
    startUrl: settings.startUrl ?? before.startUrl,
    portalUrl: settings.portalUrl ?? before.portalUrl,
  }
}
