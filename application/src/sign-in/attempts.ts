import { type Duration, type Instant, milliseconds, minutes, plus, seconds } from '@gatehouse/domain'

export interface AttemptState {
  readonly failures: number
  readonly lockedUntil?: Instant
}

/** So many wrong passwords in a row are slips. */
const FREE_FAILURES = 5
const FIRST_DELAY = seconds(15)
/** Long enough that guessing gets nowhere, short enough that nobody is kept out for long by somebody else's guesses. */
const LONGEST_DELAY = minutes(15)

/** The state after one more failure: from the fifth on each one doubles the wait. */
export function afterFailure(state: AttemptState | undefined, now: Instant): AttemptState {
  const failures = (state?.failures ?? 0) + 1
  return failures < FREE_FAILURES ? { failures } : { failures, lockedUntil: plus(now, delayAfter(failures)) }
}

const delayAfter = (failures: number): Duration =>
  milliseconds(Math.min(FIRST_DELAY * 2 ** Math.min(failures - FREE_FAILURES, 30), LONGEST_DELAY))

/** What sign-in remembers outside the database. */
export interface Attempts {
  /** One attempt per name at a time, so that guesses sent together count one by one. */
  inTurn<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Names without a password behave as if they had one; otherwise the lock-out would tell who is a user. */
  ofNobody(name: string): AttemptState | undefined
  setOfNobody(name: string, state: AttemptState): void
}

const MAX_REMEMBERED = 10_000

export function createAttempts(): Attempts {
  const last = new Map<string, Promise<unknown>>()
  const nobodies = new Map<string, AttemptState>()
  return {
    async inTurn(name, work) {
      const mine = (last.get(name) ?? Promise.resolve()).then(work, work)
      last.set(name, mine)
      try {
        return await mine
      } finally {
        if (last.get(name) === mine) last.delete(name)
      }
    },
    ofNobody: (name) => nobodies.get(name),
    setOfNobody(name, state) {
      nobodies.delete(name)
      nobodies.set(name, state)
      const [oldest] = nobodies.keys()
      if (nobodies.size > MAX_REMEMBERED && oldest !== undefined) nobodies.delete(oldest)
    },
  }
}
