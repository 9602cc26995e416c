/** One call as it ended. */
export interface LoggedCall {
  /** Wall clock, epoch milliseconds with a fraction. */
  readonly at: number
  readonly durationMs: number
  readonly service: string
  readonly operation: string
  /** The account the call was about, when it named one. */
  readonly account?: string | undefined
  readonly caller?: string | undefined
  /** `ok`, an error code, or `no-answer` when a fault kept the answer back. */
  readonly outcome: string
}

export interface ActionCount {
  total: number
  outcomes: Record<string, number>
}
export interface CallSummary {
  readonly since: number
  readonly total: number
  /** By `service.operation`. */
  readonly actions: Readonly<Record<string, ActionCount>>
  readonly services: Readonly<Record<string, number>>
  /** The most calls in any second (sliding), by service; calls that were throttled count too. */
  readonly peakCallsPerSecond: Readonly<Record<string, number>>
  /** The same without the calls that were throttled. */
  readonly peakAdmittedPerSecond: Readonly<Record<string, number>>
  /** The most account assignment requests IN_PROGRESS at once. */
  readonly peakInFlight: number
  /** The most calls of all services being answered at once. */
  readonly peakConcurrentCalls: number
}

export interface CallLog {
  started(): void
  ended(call: LoggedCall): void
  inFlight(count: number): void
  summary(): CallSummary
  last(count: number): readonly LoggedCall[]
  reset(inFlightNow: number): void
}

const MOST_KEPT = 50_000

export function createCallLog(): CallLog {
  let calls: LoggedCall[] = []
  let since = Date.now()
  let total = 0
  let actions: Record<string, ActionCount> = {}
  let services: Record<string, number> = {}
  let all = createRates()
  let admitted = createRates()
  let concurrent = 0
  let peakConcurrentCalls = 0
  let peakInFlight = 0

  return {
    started() {
      concurrent += 1
      peakConcurrentCalls = Math.max(peakConcurrentCalls, concurrent)
    },
    ended(call) {
      concurrent -= 1
      total += 1
      calls.push(call)
      if (calls.length > 2 * MOST_KEPT) calls = calls.slice(-MOST_KEPT)
      const action = (actions[`${call.service}.${call.operation}`] ??= { total: 0, outcomes: {} })
      action.total += 1
      action.outcomes[call.outcome] = (action.outcomes[call.outcome] ?? 0) + 1
      services[call.service] = (services[call.service] ?? 0) + 1
      all.note(call.service, call.at)
      if (!isThrottle(call.outcome)) admitted.note(call.service, call.at)
    },
    inFlight(count) {
      peakInFlight = Math.max(peakInFlight, count)
    },
    summary: () => ({
      since,
      total,
      actions,
      services,
      peakCallsPerSecond: all.peaks(),
      peakAdmittedPerSecond: admitted.peaks(),
      peakInFlight,
      peakConcurrentCalls,
    }),
    last: (count) => calls.slice(-count),
    reset(inFlightNow) {
      calls = []
      since = Date.now()
      total = 0
      actions = {}
      services = {}
      all = createRates()
      admitted = createRates()
      peakConcurrentCalls = concurrent
      peakInFlight = inFlightNow
    },
  }
}

function isThrottle(outcome: string): boolean {
  return outcome.startsWith('Throttling') || outcome === 'TooManyRequestsException'
}

function createRates() {
  const windows = new Map<string, number[]>()
  const peaks = new Map<string, number>()
  return {
    /** Calls end out of order, so the window is kept sorted by when they began. */
    note(service: string, at: number) {
      const window = (windows.get(service) ?? []).filter((earlier) => earlier > at - 2_000)
      window.push(at)
      window.sort((a, b) => a - b)
      windows.set(service, window)
      let first = 0
      for (const [last, instant] of window.entries()) {
        while ((window[first] ?? instant) <= instant - 1_000) first += 1
        peaks.set(service, Math.max(peaks.get(service) ?? 0, last - first + 1))
      }
    },
    peaks: () => Object.fromEntries(peaks),
  }
}
