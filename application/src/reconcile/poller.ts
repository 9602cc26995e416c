import type { Lane } from '@gatehouse/domain'
import { type AssignmentStatus, type IdentityCenter, IdentityCenterError } from '../ports/identity-center.ts'

/** The first look comes a little before most requests end. */
const FIRST_LOOK_SHARE = 0.8
const SHORTEST_MS = 400
const LONGEST_FIRST_LOOK_MS = 4_000
const LONGEST_MS = 5_000
/** A request is looked at again after this share of the time it has taken; sooner where one look covers all. */
const SHARE_FOR_ONE = 0.25
const SHARE_FOR_ALL = 0.1
/** One look covers all requests, so looks need not follow each other more closely. */
const BETWEEN_LOOKS_MS = 400
/** Durations of this many requests say how long the next ones take. */
const SAMPLE = 20

type Final = Exclude<AssignmentStatus, { status: 'in-progress' }>
type Kind = 'creation' | 'deletion'

/** Waits for asynchronous requests. One call asks for all in progress where that is allowed; otherwise each is asked for. */
export interface Poller {
  /** @throws IdentityCenterError `not-found` when AWS does not know the request. */
  wait(kind: Kind, requestId: string, lane: Lane): Promise<Final>
}

interface Waiting {
  readonly kind: Kind
  readonly requestId: string
  readonly lane: Lane
  readonly sentAt: number
  nextLookAt: number
  readonly resolve: (status: Final) => void
  readonly reject: (error: unknown) => void
}

export function createPoller(identityCenter: IdentityCenter, signal: AbortSignal): Poller {
  const waiting = new Set<Waiting>()
  const durations: number[] = []
  let loop: Promise<void> | undefined

  return {
    wait(kind, requestId, lane) {
      return new Promise((resolve, reject) => {
        const now = performance.now()
        waiting.add({
          kind,
          requestId,
          lane,
          sentAt: now,
          nextLookAt: now + firstLookAfter(),
          resolve,
          reject,
        })
        loop ??= run().finally(() => (loop = undefined))
      })
    },
  }

  async function run(): Promise<void> {
    let lookedAt = Number.NEGATIVE_INFINITY
    while (waiting.size > 0) {
      if (signal.aborted) return giveUp()
      const next = Math.min(...[...waiting].map(({ nextLookAt }) => nextLookAt))
      await pause(Math.max(next, lookedAt + BETWEEN_LOOKS_MS) - performance.now(), signal)
      if (signal.aborted) return giveUp()
      lookedAt = performance.now()
      await Promise.all([lookAtAll('creation', lookedAt), lookAtAll('deletion', lookedAt)])
    }
  }

  /** When one is due, all are asked for together; which of them are over is then asked one by one. */
  async function lookAtAll(kind: Kind, now: number): Promise<void> {
    const mine = [...waiting].filter((one) => one.kind === kind)
    const due = mine.filter(({ nextLookAt }) => nextLookAt <= now)
    const [first] = due
    if (!first) return
    const inProgress = mine.length > 1 ? await askForAll(kind, first.lane) : undefined
    const isOver = (one: Waiting): boolean => (inProgress ? !inProgress.has(one.requestId) : due.includes(one))
    for (const one of due) if (!isOver(one)) later(one, SHARE_FOR_ALL)
    await Promise.all(mine.filter(isOver).map(lookAt))
  }

  /** A failed question is no answer: the requests are then asked for one by one. */
  async function askForAll(kind: Kind, lane: Lane): Promise<ReadonlySet<string> | undefined> {
    try {
      return await identityCenter.listRequestsInProgress(kind, { lane, signal })
    } catch (error) {
      if (error instanceof IdentityCenterError) return undefined
      throw error
    }
  }

  async function lookAt(one: Waiting): Promise<void> {
    try {
      const status = await identityCenter.describeAssignmentRequest(one.kind, one.requestId, { lane: one.lane, signal })
      if (status.status === 'in-progress') return later(one, SHARE_FOR_ONE)
      durations.push(performance.now() - one.sentAt)
      if (durations.length > SAMPLE) durations.shift()
      end(one, () => one.resolve(status))
    } catch (error) {
      const lost =
        !(error instanceof IdentityCenterError) || error.failure === 'not-found' || error.failure === 'invalid'
      if (lost) end(one, () => one.reject(error))
      else later(one, SHARE_FOR_ONE)
    }
  }

  function later(one: Waiting, share: number): void {
    const now = performance.now()
    one.nextLookAt = now + Math.min(Math.max((now - one.sentAt) * share, SHORTEST_MS), LONGEST_MS)
  }

  function end(one: Waiting, tell: () => void): void {
    waiting.delete(one)
    tell()
  }

  function giveUp(): void {
    for (const one of waiting) end(one, () => one.reject(signal.reason))
  }

  function firstLookAfter(): number {
    const sorted = durations.toSorted((a, b) => a - b)
    const quick = sorted[Math.floor(sorted.length / 4)] ?? 1_500
    return Math.min(Math.max(quick * FIRST_LOOK_SHARE, SHORTEST_MS), LONGEST_FIRST_LOOK_MS)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
