/** A bucket that fills at a steady rate; a call takes one token or is turned away. */
export interface TokenBucket {
  take(now: number): boolean
}

export interface BucketSize {
  readonly perSecond: number
  readonly burst: number
}

/** The size is asked for at every call, because knobs change while the sandbox runs. */
export function createTokenBucket(size: () => BucketSize): TokenBucket {
  let tokens = size().burst
  let filledAt: number | undefined
  return {
    take(now) {
      const { perSecond, burst } = size()
      // A clock that was moved back fills nothing.
      const elapsed = Math.max(0, now - (filledAt ?? now))
      filledAt = now
      tokens = Math.min(burst, tokens + (elapsed * perSecond) / 1_000)
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
