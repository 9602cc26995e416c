/** The last moment of a day that a date field gives, in the viewer's zone, as RFC 3339. */
export const endOfDay = (day: string): string => new Date(`${day}T23:59:59`).toISOString()
