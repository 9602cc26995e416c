import { Textarea, TextInput } from '@mantine/core'
import { endOfDay, hasPassed } from '../../components/days.ts'
import type { useFields } from '../../components/use-fields.ts'

/** Until when and why somebody is in a list, as it is typed. */
interface MembershipTerms {
  readonly until: string
  readonly reason: string
}

export const NO_TERMS = { until: '', reason: '' }

/** As the contract has them. */
export const termsOf = ({ until, reason }: MembershipTerms) => ({
  reason,
  ...(until === '' ? {} : { expires: endOfDay(until) }),
})

export const TERMS_PLACES = { until: 'body.expires', reason: 'body.reason' }
export const wrongTerms = ({ until }: MembershipTerms) => ({
  until: until === '' ? undefined : hasPassed(endOfDay(until)),
})

/** As long as a reason may be. */
const LONGEST = 1000

export function TermsFields({
  terms,
  at,
  onChange,
}: {
  readonly terms: MembershipTerms
  readonly at: ReturnType<typeof useFields<keyof MembershipTerms>>['at']
  readonly onChange: (terms: MembershipTerms) => void
}) {
  return (
    <>
      <TextInput
        type="date"
        label="Until the end of"
        description="Left empty, for as long as the owners leave it so."
        value={terms.until}
        {...at('until')}
        onChange={(event) => onChange({ ...terms, until: event.currentTarget.value })}
      />
      <Textarea
        label="Why"
        autosize
        minRows={2}
        maxLength={LONGEST}
        value={terms.reason}
        {...at('reason')}
        onChange={(event) => onChange({ ...terms, reason: event.currentTarget.value })}
      />
    </>
  )
}
