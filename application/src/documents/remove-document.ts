import {
  checkMayAdminister,
  confirmRemovals,
  DomainError,
  type GovernanceChange,
  looksLikeSystemRole,
  memberKey,
  memberName,
  refuseOwned,
  type Removal,
  removeList,
  removeRole,
  removeUser,
  eventsOfChanges,
  viewAfter,
  withoutMember,
} from '@gatehouse/domain'
import { type Acting, type Actor, actingAs, demand } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import type { Reading } from '../governance/read-view.ts'
import { getManagedList } from '../governance/visibility.ts'
import { removalOfRequest } from '../access-requests/remove-request.ts'
import { notFound } from './not-found.ts'
import { recordingRefusedWrites, type RefusedWrite } from './record-refused-writes.ts'
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
  switch (kind) {
    case 'role': {
      const role = view.roles.find((candidate) => candidate.name === name)
      if (!role && looksLikeSystemRole(name)) throw new DomainError({ code: 'system-role', name })
      if (!role)
        throw notFound(
          'role',
          name,
          view.roles.map((candidate) => candidate.name),
        )
      demand(acting, 'delete', kind, role)
      refuseOwned(role.labels, kind, role.name)
      return removeRole(role, view, now, acting.name)
    }
    case 'user': {
      const user = view.users.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
      if (!user)
        throw notFound(
          'user',
          name,
          view.users.map((candidate) => candidate.name),
        )
      demand(acting, 'delete', kind, user)
      refuseOwned(user.labels, kind, user.name)
      return removeUser(user, view, now, acting.name)
    }
    case 'access_list': {
      const list = view.lists.find(({ id }) => id === name)
      if (!list)
        throw notFound(
          'access list',
          name,
          view.lists.map(({ id }) => id),
        )
      demand(acting, 'delete', kind, { name: list.id, labels: list.labels })
      refuseOwned(list.labels, kind, list.id)
      return removeList(list, { withGroup: command.withGroup ?? false }, view, now, acting.name)
    }
    case 'lock': {
      const lock = view.locks.find(({ id }) => id === name)
      if (!lock)
        throw notFound(
          'lock',
          name,
          view.locks.map(({ id }) => id),
        )
      demand(acting, 'delete', kind, { name: lock.id, labels: {} })
      return withEvents([{ delete: 'lock', id: lock.id }], acting, reading)
    }
    case 'bundle': {
      const bundle = view.bundles.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
      if (!bundle)
        throw notFound(
          'bundle',
          name,
          view.bundles.map((candidate) => candidate.name),
        )
      demand(acting, 'delete', kind, bundle)
      refuseOwned(bundle.labels, kind, bundle.name)
      return withEvents([{ delete: 'bundle', name: bundle.name }], acting, reading)
    }
    case 'approval_rule': {
      const rule = view.approvalRules.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
      if (!rule)
        throw notFound(
          'approval rule',
          name,
          view.approvalRules.map((candidate) => candidate.name),
        )
      demand(acting, 'delete', kind, rule)
      refuseOwned(rule.labels, kind, rule.name)
      return withEvents([{ delete: 'approval-rule', name: rule.name }], acting, reading)
    }
    case 'saml_idp_service_provider': {
      const provider = view.serviceProviders.find((candidate) => candidate.name === name)
      if (!provider)
        throw notFound(
          'service provider',
          name,
          view.serviceProviders.map((candidate) => candidate.name),
        )
      demand(acting, 'delete', kind, provider)
      refuseOwned(provider.labels, kind, provider.name)
      checkMayAdminister([provider], 'delete', acting.roles)
      return withEvents([{ delete: 'service-provider', name: provider.name }], acting, reading)
    }
  }
}

/** Also what the command of its own uses: `<list>/<member>`. */
export function removalOfMember(name: string, acting: Acting, reading: Reading): Removal {
  const slash = name.indexOf('/')
  const list = getManagedList(slash < 0 ? name : name.slice(0, slash), acting, reading)
  const wanted = slash < 0 ? '' : name.slice(slash + 1).toLowerCase()
  const member = list.members.find((candidate) => memberName(candidate, reading.view).toLowerCase() === wanted)
  if (!member)
    throw notFound(
      `member of "${list.title}"`,
      wanted,
      list.members.map((candidate) => memberName(candidate, reading.view)),
    )
  const next = { ...withoutMember(list, memberKey(member)), revision: list.revision + 1 }
  return withEvents([{ put: 'list', list: next }], acting, reading)
}

function withEvents(changes: readonly GovernanceChange[], acting: Acting, { view, now }: Reading): Removal {
  return { changes, events: eventsOfChanges(changes, view, viewAfter(view, changes), now, acting.name) }
}
