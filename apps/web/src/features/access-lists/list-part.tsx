import type { Document } from '@gatehouse/api'
import type { ReactNode } from 'react'
import { bindFields } from '../../components/bind-fields.ts'
import { FormPart } from '../../components/form-part.tsx'
import { TraitsInput } from '../../components/traits-input.tsx'
import type { useFields } from '../../components/use-fields.ts'
import { canWriteTraits, EMPTY_LIST, type Field, formOf, isSaid, type ListForm, type TraitField } from './list-form.ts'

export interface ListFieldsProps {
  readonly document: Document
  readonly form: ListForm
  readonly at: ReturnType<typeof useFields<Field>>['at']
  readonly onChange: (form: ListForm) => void
}

export const bindListFields = ({ form, at, onChange }: ListFieldsProps) =>
  bindFields<Omit<ListForm, 'revision'>>(form, at, (part) => onChange({ ...form, ...part }))

const NOTHING = formOf(EMPTY_LIST)

/** Fields that few lists need; open where one of them is filled in or marked. */
export function ListPart({
  title,
  holds,
  document,
  form,
  at,
  children,
}: ListFieldsProps & { readonly title: string; readonly holds: readonly Field[]; readonly children: ReactNode }) {
  const isSet = (field: Field): boolean =>
    isSaid(document, field) || JSON.stringify(form[field]) !== JSON.stringify(NOTHING[field])
  return (
    <FormPart title={title} isSet={holds.some(isSet)} isWrong={holds.some((field) => at(field).error !== undefined)}>
      {children}
    </FormPart>
  )
}

export const Traits = ({
  field,
  label,
  ...props
}: ListFieldsProps & { readonly field: TraitField; readonly label: string }) => (
  <TraitsInput
    label={label}
    isWritable={canWriteTraits(props.document, field)}
    {...bindListFields(props).text(field)}
  />
)
