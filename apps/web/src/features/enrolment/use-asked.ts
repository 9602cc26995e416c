import { type FormEvent, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

/** A form of fields that save themselves: what it asks for is done when none of them says that something is wrong. */
export function useAsked(run: () => void) {
  const ref = useRef<HTMLFormElement>(null)
  const [isAsked, setAsked] = useState(false)
  return {
    isAsked,
    form: {
      ref,
      noValidate: true,
      onSubmit: (event: FormEvent): void => {
        event.preventDefault()
        // What is missing says so first.
        flushSync(() => setAsked(true))
        const wrong = ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
        if (wrong) wrong.focus()
        else run()
      },
    },
  }
}
