import { formatDuration, minutes } from '@gatehouse/domain'

const MINUTE_MS = 60_000

/** A time as tables show it, by RFC 822: `01 Mar 27 09:00 UTC`. Programs read the time itself in JSON. */
export const utcTime = (time: string): string => timeIn('UTC', time)

/** The same on this machine's clock. */
export const localTime = (time: string): string => timeIn(undefined, time)

/** How long it is from now on, rounded to minutes; what is past is nothing. */
export function timeLeft(until: string, now: number): string {
  const left = Math.round((Date.parse(until) - now) / MINUTE_MS)
  return formatDuration(minutes(Math.max(0, left)))
}

function timeIn(timeZone: string | undefined, time: string): string {
  const format = new Intl.DateTimeFormat('en-US', {
    day: '2-digit',
    month: 'short',
    year: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    timeZone,
  })
  const parts = new Map(format.formatToParts(new Date(time)).map(({ type, value }) => [type, value]))
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? ''
  return `${part('day')} ${part('month')} ${part('year')} ${part('hour')}:${part('minute')} ${part('timeZoneName')}`
}
