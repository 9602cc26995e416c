import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, AccessRequestId } from '../kernel/names.ts'

/** Something that waits for one person. Derived, never stored: it is gone as soon as somebody has done it. */
export interface Task {
  /** The same as long as nothing about it changes, so that whoever has seen it knows it again. */
  readonly id: string
  readonly kind: TaskKind
  readonly subject: TaskSubject
  /** When it came, or came to its present stage. */
  readonly since: Instant
  /** Absent where nothing happens by itself. */
  readonly due?: Instant
  /** When the list stops giving anything, or stopped. */
  readonly suspendsAt?: Instant
  readonly text: string
  /** What to do, as a command. */
  readonly todo: string
}

/**
 * `list-review`: a list is up for review. `second-review`: somebody has reviewed it, and another one has to.
 * `escalated-review`: its owners have let the date pass for too long. `removal-elsewhere`: somebody has to go out of a
 * list that another system keeps. `request-review`: somebody asks for access. `approved-changed`: a permission set that
 * he approved has become something else while the access runs.
 */
export const TASK_KINDS = [
  'list-review',
  'second-review',
  'escalated-review',
  'removal-elsewhere',
  'request-review',
  'approved-changed',
] as const
export type TaskKind = (typeof TASK_KINDS)[number]

export type TaskSubject =
  | { readonly kind: 'access_list'; readonly id: AccessListId; readonly title: string }
  | { readonly kind: 'access_request'; readonly id: AccessRequestId; readonly title: string }
