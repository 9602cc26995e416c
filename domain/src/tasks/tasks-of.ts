import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import type { EffectiveRoles } from '../roles/effective-roles.ts'
import type { User } from '../users/user.ts'
import { listTasks } from './list-tasks.ts'
import { requestTasks } from './request-tasks.ts'
import type { Task } from './task.ts'

/** Whom tasks are for, and what his roles are now. */
export interface TaskOwner {
  readonly user: User
  readonly roles: EffectiveRoles
}

/** Everything that waits for one person now, the most urgent first. */
export function tasksOf(person: TaskOwner, view: View, now: Instant): readonly Task[] {
  if (view.isLocked({ kind: 'user', user: person.user.id }, now)) return []
  return [...listTasks(person, view, now), ...requestTasks(person, view, now)].toSorted(byUrgency)
}

/** What has no date comes last; of several at one time, the older one first. */
function byUrgency(a: Task, b: Task): number {
  const due = (task: Task): number => task.due ?? Number.POSITIVE_INFINITY
  if (due(a) !== due(b)) return due(a) < due(b) ? -1 : 1
  return a.since - b.since || (a.id < b.id ? -1 : 1)
}
