/** Time as the sandbox's lifetimes and durations run on it: the wall clock plus an offset that tests may move. */
export interface Clock {
  /** Epoch milliseconds on the moved clock. */
  readonly now: () => number
  /** Epoch milliseconds on the wall: only for SigV4 dates and for measuring how fast callers call. */
  readonly wallNow: () => number
  /** Runs `action` once when the moved clock reaches `instant`; returns a function that calls it off. */
  readonly at: (instant: number, action: () => void) => () => void
  /** Moves the clock; every timer is looked at again. */
  readonly setOffset: (milliseconds: number) => void
  readonly stop: () => void
}

/** Node's timers overflow past 2^31 - 1 ms. */
const LONGEST_TIMER_MS = 2_000_000_000

export function createClock(): Clock {
  let offset = 0
  let timer: NodeJS.Timeout | undefined
  const waiting = new Set<{ readonly instant: number; readonly action: () => void }>()
  const now = () => Date.now() + offset

  function runDue() {
    const due = [...waiting].filter((entry) => entry.instant <= now()).toSorted((a, b) => a.instant - b.instant)
    for (const entry of due) waiting.delete(entry)
    for (const entry of due) entry.action()
    arm()
  }

  function arm() {
    clearTimeout(timer)
    if (waiting.size === 0) return
    const next = Math.min(...[...waiting].map((entry) => entry.instant))
    timer = setTimeout(runDue, Math.min(Math.max(next - now(), 0), LONGEST_TIMER_MS))
    timer.unref()
  }

  return {
    now,
    wallNow: () => Date.now(),
    at(instant, action) {
      const entry = { instant, action }
      waiting.add(entry)
      arm()
      return () => {
        waiting.delete(entry)
      }
    },
    setOffset(milliseconds) {
      if (milliseconds === offset) return
      offset = milliseconds
      runDue()
    },
    stop() {
      clearTimeout(timer)
      waiting.clear()
    },
  }
}
