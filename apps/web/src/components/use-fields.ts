import type { Endpoint } from '@gatehouse/api'
import { type FocusEvent, type SyntheticEvent, useEffect, useRef, useState } from 'react'
import { type Complaints, complaintsOf, type Places, refusalOf } from './complaints.ts'

interface FieldsOptions<Field extends string> {
  /** What stands in each field. */
  readonly values: Readonly<Record<NoInfer<Field>, unknown>>
  readonly places: Places<Field>
  /** What is sent, and where to: what the contract refuses of it is said before. */
  readonly sent?: readonly [Endpoint, unknown]
  /** What else is known to be wrong; it is said in place of what the contract says. */
  readonly wrong?: { readonly [F in NoInfer<Field>]?: string | undefined }
}

interface Refused {
  readonly error: unknown
  /** As they were sent. */
  readonly values: Readonly<Record<string, unknown>>
}

/** Later than a dialog that comes back takes to give the focus to its first field. */
const FOCUS_MS = 60

/** A field, or the way to one that stands on another page. */
const FIRST_WRONG = '[aria-invalid="true"], a[data-lacking="true"]'

/** The fields of a form: looked at when they are left and when it is sent, each with what is wrong with it. */
export function useFields<Field extends string>({ values, places, sent, wrong }: FieldsOptions<Field>) {
  const ref = useRef<HTMLFormElement>(null)
  const [left, setLeft] = useState<ReadonlySet<Field>>(new Set())
  const [refused, setRefused] = useState<Refused>()
  const [tries, setTries] = useState(0)
  const asSent = useRef(values)
  useEffect(() => {
    if (tries === 0) return undefined
    const timer = setTimeout(() => ref.current?.querySelector<HTMLElement>(FIRST_WRONG)?.focus(), FOCUS_MS)
    return () => clearTimeout(timer)
  }, [tries])
  const known: Complaints<Field> = { ...(sent ? complaintsOf(...sent, places) : {}), ...ofThose(wrong ?? {}) }
  const refusal: Complaints<Field> = refused ? refusalOf(refused.error, places) : {}
  const isAnswered = Object.keys(refusal).length > 0
  const all = Object.keys(places) as Field[] // the keys of an object written by a form
  const isWrong = all.some((field) => known[field] !== undefined)
  return {
    /** Something is known to be wrong, whether or not it is said already. */
    isWrong,
    /** Ours are the words for what is wrong, and not the browser's. */
    form: { ref, noValidate: true },
    at: (field: Field) => {
      const isAsSent = JSON.stringify(refused?.values[field]) === JSON.stringify(values[field])
      const error = (left.has(field) ? known[field] : undefined) ?? (isAsSent ? refusal[field] : undefined)
      return {
        error,
        // A field for a password does not say it by itself.
        'aria-invalid': error === undefined ? undefined : true,
        onBlur: (event: FocusEvent): void =>
          whenReleased(event, () => setLeft((before) => new Set([...before, field]))),
      }
    },
    /** Does it where nothing is known to be wrong; otherwise leads to the first field that is. */
    onSubmit: (run: () => void) => (event: Pick<SyntheticEvent, 'preventDefault'>) => {
      event.preventDefault()
      setLeft(new Set(all))
      setRefused(undefined)
      if (isWrong) return setTries((before) => before + 1)
      // Somebody may type on until the answer is there.
      asSent.current = values
      run()
    },
    /** Takes what the server has against what was sent; says whether a field shows it. */
    refuse: (error: unknown): boolean => {
      const isOurs = Object.keys(refusalOf(error, places)).length > 0
      setRefused({ error, values: asSent.current })
      if (isOurs) setTries((before) => before + 1)
      return isOurs
    },
    /** What was refused and no field shows. */
    problem: isAnswered ? undefined : refused?.error,
    /** Forgets all that was said; the form begins anew. */
    reset: (): void => {
      setLeft(new Set())
      setRefused(undefined)
    },
  }
}

const ofThose = <Field extends string>(wrong: { readonly [F in Field]?: string | undefined }): Complaints<Field> =>
  Object.fromEntries(Object.entries(wrong).filter(([, says]) => says !== undefined)) as Complaints<Field> // those of it

/** A button that is just being pressed would move away under the pointer if a line came above it. */
function whenReleased({ relatedTarget }: FocusEvent, run: () => void): void {
  if (!(relatedTarget instanceof Element) || !relatedTarget.matches(':active')) run()
  else window.addEventListener('pointerup', () => setTimeout(run), { once: true, capture: true })
}
