import { endOf } from './say-duration.ts'
import { ClockTime, useNow } from './time.tsx'

/** No session of a permission set is longer (IAM Identity Center User Guide, "Set session duration for AWS accounts"). */
export const LONGEST_SESSION = '12h'

/** AWS takes some seconds, and a clock shows the minute that has begun. */
const MORE_MS = 60_000

/** What is left of access once it is taken away: AWS takes no credentials back that it has issued. Counted from when it is read. */
export function SessionsEnd({ longest }: { readonly longest: string | undefined }) {
  useNow()
  const end = longest === undefined ? undefined : endOf(longest, Date.now() + MORE_MS)
  if (end === undefined) return null
  return (
    <>
      New credentials for what is lost are refused from then on; those already issued end by <ClockTime at={end} /> at
      the latest.
    </>
  )
}
