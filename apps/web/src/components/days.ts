/** The last moment of a day that a date field gives, in the viewer's zone, as RFC 3339. */
export const endOfDay = (day: string): string => new Date(`${day}T23:59:59`).toISOString()

/** What a field for a time that is still to come says of one that has gone by. */
export const hasPassed = (at: string | undefined, now = Date.now()): string | undefined =>
  at !== undefined && Date.parse(at) <= now ? 'It has gone by. Choose a later time.' : undefined

/** A minute in the viewer's zone, as a field for date and time has it. */
export function minuteOf(at: string): string {
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** What such a field gives, as RFC 3339; nothing where it is empty. */
export const ofMinute = (minute: string): string | undefined =>
  minute === '' ? undefined : new Date(minute).toISOString()
