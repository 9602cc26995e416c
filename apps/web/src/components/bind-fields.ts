import type { ChangeEvent } from 'react'
import type { useFields } from './use-fields.ts'

type FieldOf<Form, Value> = { [F in keyof Form]: Form[F] extends Value ? F : never }[keyof Form] & string

/** What the input of each field of a form takes: its value, what is wrong with it, and what changes it. */
export function bindFields<Form>(
  form: Form,
  at: ReturnType<typeof useFields<keyof Form & string>>['at'],
  change: (part: Partial<Form>) => void,
) {
  // One field of the form, and what belongs into it.
  const set = (field: keyof Form, value: unknown): void => change({ [field]: value } as Partial<Form>)
  return {
    text: <F extends FieldOf<Form, string>>(field: F) => ({
      value: form[field],
      ...at(field),
      onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => set(field, event.currentTarget.value),
    }),
    /** One of several, always. */
    choice: <F extends FieldOf<Form, string>>(field: F) => ({
      value: form[field],
      ...at(field),
      allowDeselect: false,
      onChange: (value: string | null) => value !== null && set(field, value),
    }),
    names: <F extends FieldOf<Form, readonly string[]>>(field: F) => ({
      value: form[field],
      ...at(field),
      onChange: (names: readonly string[]) => set(field, names),
    }),
  }
}
