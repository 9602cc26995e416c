import { auditEvent, DomainError, type Organization, type OrganizationId, type RolesSyncMode } from '@gatehouse/domain'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { pluginFields } from './plugin-fields.ts'

export interface EditOrganizationCommand {
  readonly actor: Actor
  readonly organization: OrganizationId
  readonly rolesSyncMode: RolesSyncMode
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
      const before = reading.records.organizations.find(({ id }) => id === command.organization)
      if (!before) throw new DomainError({ code: 'not-found', kind: 'organization', name: command.organization })
      if (before.rolesSyncMode === command.rolesSyncMode) return { changes: [], events: [], result: before }
      if (command.rolesSyncMode === 'NONE')
        throw new DomainError({
          code: 'conflict',
          message: 'Roles sync mode can not go from ALL to NONE: lists made from groups grant derived roles.',
          remedy: 'Remove the plugin and enrol the organization with NONE.',
        })
      const organization = { ...before, rolesSyncMode: command.rolesSyncMode, revision: before.revision + 1 }
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
