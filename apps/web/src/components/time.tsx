import { useSyncExternalStore } from 'react'
import { useDates } from './date-format.ts'
import { sayTimeLeft } from './say-time-left.ts'

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** How long ago or ahead, with the time itself, in the viewer's zone, in the tooltip. */
export function Time({ at }: { readonly at: string }) {
  const now = useNow()
  const dates = useDates()
  return (
    <time dateTime={at} tabIndex={0} data-tip={dates.moment(new Date(at))} data-tip-lang={dates.lang}>
      {sayRelative(sinceOrUntil(Date.parse(at), now))}
    </time>
  )
}

/** What has happened since the clock of the page has last moved on is not ahead. */
const sinceOrUntil = (at: number, now: number): number => at - (at > now ? Date.now() : now)

export function sayRelative(ms: number): string {
  const seconds = Math.round(ms / 1000)
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit)
  }
  return ms <= 0 ? 'just now' : 'in a moment'
}

/** `17:40`, with the day where that is another one; the whole with the zone is in the tooltip. */
export function ClockTime({ at }: { readonly at: string }) {
  const dates = useDates()
  const date = new Date(at)
  const isToday = date.toDateString() === new Date().toDateString()
  return (
    <time dateTime={at} title={dates.moment(date)} lang={dates.lang}>
      {isToday ? dates.clock(date) : `${dates.shortDay(date)}, ${dates.clock(date)}`}
    </time>
  )
}

/** `2 h 30 min left` */
export function TimeLeft({ until }: { readonly until: string }) {
  useNow()
  return <>{sayTimeLeft(Date.parse(until) - Date.now())}</>
}

const EVERY_MS = 15_000
let now = Date.now()

/** The clock of the page, which moves on now and then. */
export function useNow(): number {
  return useSyncExternalStore(
    (changed) => {
      const timer = setInterval(() => {
        now = Date.now()
        changed()
      }, EVERY_MS)
      return () => clearInterval(timer)
    },
    () => now,
  )
}
