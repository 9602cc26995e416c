import { suspensionOf } from '../access-lists/review-status.ts'
import type { Subject } from '../audit/audit-event.ts'
import type { OrganizationView } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, UserId } from '../kernel/names.ts'
import type { GroupKey } from '../organizations/link.ts'
import type { Remembered } from './memory.ts'
import type { PlanInput } from './planner.ts'
import type { RemovalCause } from './removal-cause.ts'

/** Looked at one after the other, and seldom to the last: somebody who is in many lists has many. */
export type Subjects = () => Iterable<Subject>

/** An end that has come, a review that did not, or a recorded decision; without any of them nobody decided it. */
export function causeOfRemoval(
  { memory, now, view }: Pick<PlanInput, 'memory' | 'now' | 'view'>,
  remembered: Remembered | undefined,
  subjects: Subjects,
): RemovalCause {
  if (!remembered) return { kind: 'foreign' }
  const { ending, until } = remembered
  // What only disappeared was decided by nobody; its end still is a decision, whenever it comes.
  if (ending && !(ending.kind === 'disappeared' && until !== undefined)) return ending
  if (until !== undefined && until <= now) return { kind: 'expired', at: until }
  const suspension = suspensionBehind(remembered, view, now)
  if (suspension) return suspension
  const event = memory.decidedSince.size === 0 ? undefined : decisionOn()
  return event === undefined ? { kind: 'disappeared' } : { kind: 'decided', event }

  function decisionOn(): string | undefined {
    for (const some of [remembered?.subjects ?? [], subjects(), [`organization:${view.organization.id}` as const]])
      for (const subject of some) {
        const uid = memory.decidedSince.get(subject)
        if (uid !== undefined) return uid
      }
    return undefined
  }
}

/** A list on which it rested gives nothing now. */
function suspensionBehind({ subjects }: Remembered, view: OrganizationView, now: Instant): RemovalCause | undefined {
  for (const subject of subjects) {
    const list = subject.startsWith('list:') ? view.listById.get(subject.slice(5) as AccessListId) : undefined // what follows is its id
    const since = list && suspensionOf(list)
    if (list && since !== undefined && since <= now) return { kind: 'suspended', list: list.id, since }
  }
  return undefined
}

/** Records whose change can change what a user holds directly or which groups he is in. */
export function* subjectsOfUser(
  { view, desired }: Pick<PlanInput, 'view' | 'desired'>,
  id: UserId | undefined,
): Generator<Subject> {
  if (id === undefined) return
  yield `user:${id}`
  for (const { name } of view.userById.get(id)?.roles ?? []) yield `role:${name}`
  for (const request of view.requestsByUser.get(id) ?? []) yield `request:${request.id}`
  for (const { path } of desired.users.get(id)?.groups.values() ?? []) for (const list of path) yield `list:${list}`
  for (const { list } of view.entriesOfUser.get(id) ?? []) yield `list:${list.id}`
}

/** Records whose change can change what a list's group holds. */
export function subjectsOfList({ view }: Pick<PlanInput, 'view'>, group: GroupKey): readonly Subject[] {
  const link = view.groupLinkByKey.get(group)
  const list = link && view.listById.get(link.list)
  const references = list ? [...list.grants.roles, ...list.ownerGrants.roles] : []
  return [...(link ? [`list:${link.list}` as const] : []), ...references.map(({ name }): Subject => `role:${name}`)]
}
