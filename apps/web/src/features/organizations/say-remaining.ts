import type { OrganizationStatusView } from '@gatehouse/api'

export type Phase = NonNullable<OrganizationStatusView['sweep']['progress']>

/** How much of the phase is done, in percent; nothing where nobody knows how much there is. */
export const shareOf = (progress: Phase | undefined): number | undefined =>
  progress?.total === undefined || progress.total === 0 ? undefined : (100 * progress.done) / progress.total

/** Only what has been seen allows a guess: a tenth of the phase, and five seconds of it. */
const [LEAST_SHARE, LEAST_MS] = [10, 5_000]

/** How long the rest of the phase takes at its pace so far; empty while that is no more than a guess. */
export function sayRemaining(progress: Phase | undefined, now: number): string {
  const share = shareOf(progress)
  if (!progress || share === undefined || share < LEAST_SHARE) return ''
  const spent = now - Date.parse(progress.since)
  if (spent < LEAST_MS) return ''
  const seconds = Math.ceil((spent * (100 - share)) / share / 1000)
  return seconds < 60
    ? 'Less than a minute is left of this part.'
    : `About ${Math.ceil(seconds / 60)} min are left of this part.`
}
