import type { Lane } from '@gatehouse/domain'
import { type AssignmentStatus, type IdentityCenter, IdentityCenterError } from '../ports/identity-center.ts'

/** The first look comes a little before most requests end. */
const FIRST_LOOK_SHARE = 0.8
const SHORTEST_MS = 400
const LONGEST_FIRST_LOOK_MS = 4_000
const LONGEST_MS = 5_000
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
  looks: number
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
          looks: 0,
          nextLookAt: now + firstLookAfter(),
          resolve,
          reject,
        })
        loop ??= run().finally(() => (loop = undefined))
      })
    },
  }

  async function run(): Promise<void> {
    while (waiting.size > 0) {
      if (signal.aborted) return giveUp()
      const next = Math.min(...[...waiting].map(({ nextLookAt }) => nextLookAt))
      await pause(Math.max(20, next - performance.now()), signal)
      if (signal.aborted) return giveUp()
      const due = [...waiting].filter(({ nextLookAt }) => nextLookAt <= performance.now())
      await Promise.all([lookAtAll('creation', due), lookAtAll('deletion', due)])
    }
  }

  async function lookAtAll(kind: Kind, due: readonly Waiting[]): Promise<void> {
    const mine = due.filter((one) => one.kind === kind)
    const [first] = mine
    if (!first) return
    const inProgress = mine.length > 1 ? await askForAll(kind, first.lane) : undefined
    const ended = mine.filter((one) => !inProgress?.has(one.requestId))
    for (const one of mine) if (!ended.includes(one)) later(one)
    await Promise.all(ended.map(lookAt))
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
      if (status.status === 'in-progress') return later(one)
      durations.push(performance.now() - one.sentAt)
      if (durations.length > SAMPLE) durations.shift()
      end(one, () => one.resolve(status))
    } catch (error) {
      const lost =
        !(error instanceof IdentityCenterError) || error.failure === 'not-found' || error.failure === 'invalid'
      if (lost) end(one, () => one.reject(error))
      else later(one)
    }
  }

  function later(one: Waiting): void {
    one.looks++
    one.nextLookAt = performance.now() + Math.min(SHORTEST_MS * 1.4 ** one.looks, LONGEST_MS)
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
