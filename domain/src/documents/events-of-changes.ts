import { type AccessList, type Member, memberKey } from '../access-lists/access-list.ts'
import { auditEvent, type AuditEvent, type AuditEventName, type Subject } from '../audit/audit-event.ts'
import type { EventFields } from '../audit/event-fields.ts'
import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import type { LockTarget } from '../locks/lock.ts'
import {
  approvalRuleFields,
  bundleFields,
  listFields,
  lockTargetFields,
  memberFields,
  serviceProviderFields,
  userFields,
} from './audit-fields.ts'
import type { GovernanceChange } from './governance-change.ts'

/**
 * The audit events of changes to users, roles, lists and locks. Their subjects tell a later removal in AWS which
 * decision was behind it. Requests have events of their own, since what was decided is not to be read off the record.
 */
export function eventsOfChanges(
  changes: readonly GovernanceChange[],
  before: View,
  after: View,
  time: Instant,
  by: string,
): readonly AuditEvent[] {
  const event = <Name extends AuditEventName>(
    name: Name,
    subjects: readonly Subject[],
    fields: EventFields[Name],
  ): AuditEvent => auditEvent(name, { time, user: by, subjects, fields })

  return changes.flatMap((change): readonly AuditEvent[] => {
    if ('put' in change) {
      switch (change.put) {
        case 'role': {
          const { name } = change.role
          const isNew = !before.roles.some((role) => role.name === name)
          return [event(isNew ? 'role.created' : 'role.updated', [`role:${name}`], { name })]
        }
        case 'user':
          return [
            event(
              before.userById.has(change.user.id) ? 'user.update' : 'user.create',
              [`user:${change.user.id}`],
              userFields(change.user, after),
            ),
          ]
        case 'list':
          return listEvents(change.list)
        case 'lock': {
          const { id, target } = change.lock
          const fields = { name: id, target: lockTargetFields(target, after), updated_by: by }
          return [event('lock.created', [`lock:${id}`, ...subjectOfTarget(target)], fields)]
        }
        case 'service-provider': {
          const { name } = change.provider
          const isNew = before.serviceProviders.every((provider) => provider.name !== name)
          const action = isNew ? 'create' : 'update'
          const fields = serviceProviderFields(change.provider, by)
          return [event(`saml.idp.service.provider.${action}`, [`service-provider:${name}`], fields)]
        }
        case 'bundle': {
          const isNew = !before.bundleByName.has(change.bundle.name)
          return [event(isNew ? 'bundle.create' : 'bundle.update', [], bundleFields(change.bundle, by))]
        }
        case 'approval-rule': {
          const isNew = !before.approvalRules.some(({ name }) => name === change.rule.name)
          return [
            event(isNew ? 'approval_rule.create' : 'approval_rule.update', [], approvalRuleFields(change.rule, by)),
          ]
        }
        case 'list-review':
        case 'request':
        case 'group-link':
          return []
      }
    }
    switch (change.delete) {
      case 'role':
        return [event('role.deleted', [`role:${change.name}`], { name: change.name })]
      case 'user': {
        const user = before.userById.get(change.id)
        return user ? [event('user.delete', [`user:${change.id}`], userFields(user, before))] : []
      }
      case 'list': {
        const list = before.listById.get(change.id)
        return list ? deletionEvents(list) : []
      }
      case 'lock': {
        const lock = before.locks.find(({ id }) => id === change.id)
        const fields = { name: change.id, target: lock ? lockTargetFields(lock.target, before) : {}, updated_by: by }
        return [event('lock.deleted', [`lock:${change.id}`, ...(lock ? subjectOfTarget(lock.target) : [])], fields)]
      }
      case 'service-provider':
        return [
          event('saml.idp.service.provider.delete', [`service-provider:${change.name}`], {
            name: change.name,
            updated_by: by,
          }),
        ]
      case 'bundle': {
        const bundle = before.bundleByName.get(change.name)
        return bundle ? [event('bundle.delete', [], bundleFields(bundle, by))] : []
      }
      case 'approval-rule': {
        const rule = before.approvalRules.find(({ name }) => name === change.name)
        return rule ? [event('approval_rule.delete', [], approvalRuleFields(rule, by))] : []
      }
      case 'request':
      case 'adopted':
        return []
    }
  })

  /** A list takes its members with it. */
  function deletionEvents(list: AccessList): readonly AuditEvent[] {
    const { members: _, ...fields } = memberFields(list, [], before, by)
    const subjects: readonly Subject[] = [`list:${list.id}`, ...list.members.flatMap(subjectOfMember)]
    const emptied =
      list.members.length === 0 ? [] : [event('access_list.member.delete_all_for_access_list', subjects, fields)]
    return [...emptied, event('access_list.delete', [`list:${list.id}`], listFields(list, by))]
  }

  function listEvents(list: AccessList): readonly AuditEvent[] {
    const old = before.listById.get(list.id)
    if (!old) return [event('access_list.create', [`list:${list.id}`], listFields(list, by)), ...memberEvents(list, [])]
    const settings = settingsOf(list)
    const oldSettings = settingsOf(old)
    const oldMembers = old.members
    const updated =
      JSON.stringify(settings) === JSON.stringify(oldSettings)
        ? []
        : [event('access_list.update', [`list:${list.id}`], listFields(list, by))]
    return [...updated, ...memberEvents(list, oldMembers)]
  }

  function memberEvents(list: AccessList, oldMembers: readonly Member[]): readonly AuditEvent[] {
    const was = new Map(oldMembers.map((member) => [memberKey(member), member]))
    const is = new Map(list.members.map((member) => [memberKey(member), member]))
    const added = list.members.filter((member) => !was.has(memberKey(member)))
    const removed = oldMembers.filter((member) => !is.has(memberKey(member)))
    const changed = list.members.filter((member) => {
      const old = was.get(memberKey(member))
      return old !== undefined && (old.expires !== member.expires || old.reason !== member.reason)
    })
    const groups = [
      ['access_list.member.create', added, after],
      ['access_list.member.update', changed, after],
      ['access_list.member.delete', removed, before, time],
    ] as const
    return groups.flatMap(([name, members, view, removedAt]) =>
      members.length === 0
        ? []
        : [
            event(
              name,
              [`list:${list.id}`, ...members.flatMap(subjectOfMember)],
              memberFields(list, members, view, by, removedAt),
            ),
          ],
    )
  }
}

/** Who has signed off and what was asked for is told by the events of reviews, reminders by their own. */
function settingsOf(list: AccessList): Omit<AccessList, 'reminded' | 'askedRemovals'> {
  const { reminded: _, askedRemovals: __, ...settings } = list
  return { ...settings, members: [], signOffs: [], revision: 0 }
}

export function subjectOfMember(member: Member): readonly Subject[] {
  switch (member.kind) {
    case 'user':
      return [`user:${member.user}`]
    case 'list':
      return [`list:${member.list}`]
    case 'aws-only':
      return []
  }
}

function subjectOfTarget(target: LockTarget): readonly Subject[] {
  switch (target.kind) {
    case 'user':
      return [`user:${target.user}`]
    case 'role':
      return [`role:${target.role}`]
    case 'access-request':
      return [`request:${target.request}`]
  }
}
