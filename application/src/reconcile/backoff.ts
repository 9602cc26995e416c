import { type Duration, milliseconds, minutes, seconds } from '@gatehouse/domain'

const FIRST = seconds(5)
const LONGEST = minutes(30)

/** How long to wait after so many failed attempts: doubling, with jitter so that many do not come back at once. */
export function backoff(attempts: number, random: () => number = Math.random): Duration {
  const full = Math.min(FIRST * 2 ** Math.max(0, attempts - 1), LONGEST)
  return milliseconds(Math.round(full * (0.75 + random() / 2)))
}
