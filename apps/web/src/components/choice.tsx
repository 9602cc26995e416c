import { Autocomplete } from '@mantine/core'
import { useState } from 'react'

export interface Named {
  /** What is written down. */
  readonly value: string
  /** What people know it by. */
  readonly label: string
}

const SHOWN = 20

/** Chosen by name, written down by its id or ARN; what is not among the names is taken as it is typed. */
export function Choice({
  label,
  names,
  value,
  error,
  wrong,
  onChange,
}: {
  readonly label: string
  readonly names: readonly Named[]
  readonly value: string
  readonly error?: string | undefined
  /** Said once the field is left. */
  readonly wrong?: string | undefined
  readonly onChange: (value: string) => void
}) {
  const [isLeft, setLeft] = useState(false)
  const valueOf = new Map(names.map((one) => [one.label, one.value]))
  return (
    <Autocomplete
      label={label}
      size="xs"
      flex={1}
      miw={0}
      error={error ?? (isLeft ? wrong : undefined)}
      onBlur={() => setLeft(true)}
      limit={SHOWN}
      data={[...valueOf.keys()]}
      value={names.find((one) => one.value === value)?.label ?? value}
      onChange={(typed) => onChange(valueOf.get(typed) ?? typed)}
    />
  )
}
