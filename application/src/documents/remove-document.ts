import {
  checkMayAdminister,
  confirmRemovals,
  DomainError,
  type GovernanceChange,
  looksLikeSystemRole,
  refuseOwned,
  type Removal,
  removeList,
  removeRole,
  removeUser,
  eventsOfChanges,
  type View,
  viewAfter,
} from '@gatehouse/domain'
import { removalOfMembers } from '../access-lists/removal-of-members.ts'
import { type Acting, type Actor, actingAs, demand } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import type { Reading } from '../governance/read-view.ts'
import { removalOfRequest } from '../access-requests/remove-request.ts'
import { recordingRefusedWrites, type RefusedWrite } from './record-refused-writes.ts'
import { findRecord, getRecord, RECORD_KINDS, type RecordKind, type Records } from './record-kinds.ts'
import type { DocumentKind } from './read-documents.ts'

export interface RemoveDocumentCommand {
  readonly actor: Actor
  readonly kind: Exclude<DocumentKind, 'plugin' | 'integration' | 'aws_ic_account' | 'aws_ic_permission_set'>
  /** A member is `<list>/<name>`. */
  readonly name: string
  /** Removes the AWS group of an imported list too; one that we made goes in any case. */
  readonly withGroup?: boolean
  readonly confirmRemovals?: number
}

/** Removes one record. @throws DomainError `not-found`, `in-use`, `system-role`, `refused`, `too-many-removals` */
export async function removeDocument(
  ports: ReadPorts,
  command: RemoveDocumentCommand,
  signal: AbortSignal,
): Promise<void> {
  await recordingRefusedWrites(
    ports,
    { actor: command.actor, refused: (_, __, error) => refusedRemoval(command, error.message) },
    () =>
      decide(
        ports,
        (reading) => {
          const acting = actingAs(command.actor, reading)
          const { changes, events } = removalOf(command, acting, reading)
          if (command.kind !== 'lock' && command.kind !== 'access_request')
            confirmRemovals(reading.view, viewAfter(reading.view, changes), reading.now, command.confirmRemovals)
          return { changes, events, result: undefined }
        },
        signal,
      ),
    signal,
  )
}

function refusedRemoval({ kind, name }: RemoveDocumentCommand, error: string): readonly RefusedWrite[] {
  if (kind === 'access_list_member') return [{ kind, name: name.split('/', 1).join(''), verb: 'delete', error }]
  if (kind !== 'access_list' && kind !== 'role' && kind !== 'saml_idp_service_provider') return []
  return [{ kind, name, verb: 'delete', error }]
}

function removalOf(command: RemoveDocumentCommand, acting: Acting, reading: Reading): Removal {
  const { kind, name } = command
  const { view, now } = reading
  if (kind === 'access_request') return removalOfRequest(name, acting, reading)
  if (kind === 'access_list_member') return removalOfMember(name, acting, reading)
  demand(acting, 'delete', kind)
  const found = <Kind extends RecordKind>(one: Kind): Records[Kind] => getRemovable(one, name, acting, view)
  switch (kind) {
    case 'role':
      if (looksLikeSystemRole(name) && !findRecord('role', name, view))
        throw new DomainError({ code: 'system-role', name })
      return removeRole(found('role'), view, now, acting.name)
    case 'user':
      return removeUser(found('user'), view, now, acting.name)
    case 'access_list':
      return removeList(found('access_list'), { withGroup: command.withGroup ?? false }, view, now, acting.name)
    case 'lock':
      return withEvents([{ delete: 'lock', id: found('lock').id }], acting, reading)
    case 'bundle':
      return withEvents([{ delete: 'bundle', name: found('bundle').name }], acting, reading)
    case 'approval_rule':
      return withEvents([{ delete: 'approval-rule', name: found('approval_rule').name }], acting, reading)
    case 'saml_idp_service_provider': {
      const provider = found('saml_idp_service_provider')
      checkMayAdminister([provider], 'delete', acting.roles)
      return withEvents([{ delete: 'service-provider', name: provider.name }], acting, reading)
    }
  }
}

/** The record, where the caller may remove it and no files own it. @throws DomainError */
function getRemovable<Kind extends RecordKind>(kind: Kind, name: string, acting: Acting, view: View): Records[Kind] {
  const record = getRecord(kind, name, view)
  const resource = RECORD_KINDS[kind].resource(record)
  demand(acting, 'delete', kind, resource)
  refuseOwned(resource.labels, kind, resource.name)
  return record
}

/** `<list>/<name>` */
function removalOfMember(name: string, acting: Acting, reading: Reading): Removal {
  const [list = '', ...rest] = name.split('/')
  return removalOfMembers({ list, members: [rest.join('/')] }, acting, reading)
}

function withEvents(changes: readonly GovernanceChange[], acting: Acting, { view, now }: Reading): Removal {
  return { changes, events: eventsOfChanges(changes, view, viewAfter(view, changes), now, acting.name) }
}
