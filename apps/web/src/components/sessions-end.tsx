import { endOf } from './say-duration.ts'
import { ClockTime } from './time.tsx'

/** No session of a permission set is longer (IAM Identity Center User Guide, "Set session duration for AWS accounts"). */
export const LONGEST_SESSION = '12h'

/** What is left of access once it is taken away: AWS takes no credentials back that it has issued. */
export function SessionsEnd({ longest }: { readonly longest: string | undefined }) {
  const end = longest === undefined ? undefined : endOf(longest)
  if (end === undefined) return null
  return (
    <>
      New credentials are refused from then on; those already issued end by <ClockTime at={end} /> at the latest.
    </>
  )
}
