/** `2 h 30 min left`: a minute that has begun counts as one. */
export function sayTimeLeft(ms: number): string {
  const minutes = Math.ceil(Math.max(0, ms) / 60_000)
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)]
  const parts = [
    ...(days > 0 ? [`${days} d`] : []),
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(days === 0 && minutes % 60 > 0 ? [`${minutes % 60} min`] : []),
  ]
  return parts.length === 0 ? 'ended' : `${parts.join(' ')} left`
}
