const HOUR_SECONDS = 3_600

/** Seconds in a permission set's ISO 8601 duration; between one and twelve hours whatever it says. */
export function parseSessionDuration(text: string): number {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text) ?? []
  const total = Number(days) * 86_400 + Number(hours) * HOUR_SECONDS + Number(minutes) * 60 + Number(seconds)
  return Math.min(Math.max(total, HOUR_SECONDS), 12 * HOUR_SECONDS)
}
