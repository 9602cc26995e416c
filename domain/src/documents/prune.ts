import type { AuditEvent } from '../audit/audit-event.ts'
import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import { DomainError } from '../kernel/problems.ts'
import { eventsOfChanges } from './events-of-changes.ts'
import { type GovernanceChange, viewAfter } from './governance-change.ts'
import type { OwnedRecord } from './ownership.ts'
import { type Removal, removeList, removeRole, removeUser } from './remove-record.ts'

export interface Pruned {
  readonly changes: readonly GovernanceChange[]
  readonly events: readonly AuditEvent[]
  readonly after: View
}

/**
 * Removes several records together: what names another goes before it, so that they may name one another.
 * @throws DomainError `in-use` for one that something else still names
 */
export function prune(records: readonly OwnedRecord[], view: View, now: Instant, by: string): Pruned {
  let pruned: Pruned = { changes: [], events: [], after: view }
  let left = records
  while (left.length > 0) {
    const stuck: OwnedRecord[] = []
    let problem: unknown
    for (const record of left) {
      try {
        const { changes, events } = removalOf(record, pruned.after, now, by)
        pruned = {
          changes: [...pruned.changes, ...changes],
          events: [...pruned.events, ...events],
          after: viewAfter(pruned.after, changes),
        }
      } catch (error) {
        if (!(error instanceof DomainError) || error.problem.code !== 'in-use') throw error
        problem ??= error
        stuck.push(record)
      }
    }
    if (stuck.length === left.length) throw problem
    left = stuck
  }
  return pruned
}

function removalOf({ kind, name }: OwnedRecord, view: View, now: Instant, by: string): Removal {
  switch (kind) {
    case 'role':
      return removeRole(known(view.roles.find((role) => role.name === name)), view, now, by)
    case 'user':
      return removeUser(known(view.users.find((user) => user.name === name)), view, now, by)
    case 'access_list':
      return removeList(known(view.lists.find(({ id }) => id === name)), { withGroup: false }, view, now, by)
    case 'bundle': {
      const bundle = known(view.bundles.find((one) => one.name === name))
      const changes: GovernanceChange[] = [{ delete: 'bundle', name: bundle.name }]
      return { changes, events: eventsOfChanges(changes, view, viewAfter(view, changes), now, by) }
    }
    case 'approval_rule': {
      const rule = known(view.approvalRules.find((one) => one.name === name))
      const changes: GovernanceChange[] = [{ delete: 'approval-rule', name: rule.name }]
      return { changes, events: eventsOfChanges(changes, view, viewAfter(view, changes), now, by) }
    }
    case 'saml_idp_service_provider': {
      const provider = known(view.serviceProviders.find((one) => one.name === name))
      const changes: GovernanceChange[] = [{ delete: 'service-provider', name: provider.name }]
      return { changes, events: eventsOfChanges(changes, view, viewAfter(view, changes), now, by) }
    }
  }
}

/** The records were read from this very view. */
function known<T>(record: T | undefined): T {
  if (record === undefined) throw new Error('a record to prune is not there')
  return record
}
