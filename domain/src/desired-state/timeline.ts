import { suspensionOf } from '../access-lists/review-status.ts'
import type { AccessList } from '../access-lists/access-list.ts'
import type { AccessRequest } from '../access-requests/access-request.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, UserId } from '../kernel/names.ts'
import type { Lock, LockTarget } from '../locks/lock.ts'

/** What time alone changes at some instant. */
export type Moment =
  | { readonly kind: 'user'; readonly user: UserId }
  /** A list inside another begins or ends to count there. */
  | { readonly kind: 'nested'; readonly list: AccessListId; readonly inner: AccessListId }
  | { readonly kind: 'aws-only'; readonly list: AccessListId }
  | { readonly kind: 'suspension'; readonly list: AccessListId }
  | { readonly kind: 'lock'; readonly target: LockTarget }

type Timed = readonly [Instant, Moment]

export function momentsOfRequest(request: AccessRequest): readonly Timed[] {
  if (request.state !== 'approved') return []
  const moment: Moment = { kind: 'user', user: request.user }
  return [
    [request.startsAt, moment],
    [request.expiresAt, moment],
  ]
}

export function momentsOfMember(list: AccessListId, member: AccessList['members'][number]): readonly Timed[] {
  if (member.expires === undefined) return []
  switch (member.kind) {
    case 'user':
      return [[member.expires, { kind: 'user', user: member.user }]]
    case 'list':
      return [[member.expires, { kind: 'nested', list, inner: member.list }]]
    case 'aws-only':
      return [[member.expires, { kind: 'aws-only', list }]]
  }
}

export function momentsOfReview(list: AccessList): readonly Timed[] {
  const suspendsAt = suspensionOf(list)
  return suspendsAt === undefined ? [] : [[suspendsAt, { kind: 'suspension', list: list.id }]]
}

export const momentsOfLock = (lock: Lock): readonly Timed[] =>
  lock.expires === undefined ? [] : [[lock.expires, { kind: 'lock', target: lock.target }]]

/** Everything that happens without anybody, in its order: starts and ends of requests, of entries, of locks; suspensions. */
export class Timeline {
  /** How often each moment is meant, by instant and by the moment as text. */
  readonly #at = new Map<Instant, Map<string, { readonly moment: Moment; count: number }>>()
  /** A heap: the earliest first, some of them empty by now. */
  readonly #instants: Instant[] = []

  add(timed: readonly Timed[]): void {
    for (const [instant, moment] of timed) {
      let moments = this.#at.get(instant)
      if (!moments) {
        moments = new Map()
        this.#at.set(instant, moments)
        this.#push(instant)
      }
      const key = JSON.stringify(moment)
      const known = moments.get(key)
      if (known) known.count++
      else moments.set(key, { moment, count: 1 })
    }
  }

  remove(timed: readonly Timed[]): void {
    for (const [instant, moment] of timed) {
      const moments = this.#at.get(instant)
      const key = JSON.stringify(moment)
      const known = moments?.get(key)
      if (!known || !moments) continue
      if (--known.count === 0) moments.delete(key)
    }
  }

  /** Takes out everything that has come by now. */
  takeUntil(now: Instant): readonly Moment[] {
    const taken: Moment[] = []
    for (let first = this.next(); first !== undefined && first <= now; first = this.next()) {
      for (const { moment } of this.#at.get(first)?.values() ?? []) taken.push(moment)
      this.#drop(first)
    }
    return taken
  }

  /** The earliest instant at which something happens. */
  next(): Instant | undefined {
    for (let first = this.#instants[0]; first !== undefined; first = this.#instants[0]) {
      if ((this.#at.get(first)?.size ?? 0) > 0) return first
      this.#drop(first)
    }
    return undefined
  }

  #push(instant: Instant): void {
    const heap = this.#instants
    let at = heap.push(instant) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || parent <= instant) break
      heap[at] = parent
      at = above
    }
    heap[at] = instant
  }

  #drop(first: Instant): void {
    this.#at.delete(first)
    const heap = this.#instants
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
      if (left === undefined) break
      const isRight = right !== undefined && right < left
      const child = isRight ? right : left
      if (child >= last) break
      heap[at] = child
      at = 2 * at + (isRight ? 2 : 1)
    }
    heap[at] = last
  }
}
