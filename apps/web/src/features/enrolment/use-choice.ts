import type { EnrolmentView } from '@gatehouse/api'
import { useState } from 'react'
import { type Changes, useSave } from './save-draft.ts'

type Given = EnrolmentView['given']

/** What is chosen rather than typed: it shows at once, and goes back when the server does not take it. */
export function useChoice<Field extends keyof Given & keyof Changes>(enrolment: EnrolmentView, field: Field) {
  const save = useSave(enrolment.name)
  const [chosen, setChosen] = useState<{ readonly value: NonNullable<Given[Field]> | null }>()
  const saved: Given[Field] | undefined = enrolment.given[field]
  const value = chosen ? (chosen.value ?? undefined) : saved
  return {
    value,
    problem: save.error,
    set(next: NonNullable<Given[Field]> | null, besides: Changes = {}): void {
      setChosen({ value: next })
      save.mutate(
        { changes: { ...besides, [field]: next }, from: { [field]: saved }, own: { [field]: value } },
        { onSettled: () => setChosen(undefined) },
      )
    },
  }
}
