import { Button, Group, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { AuditFilter } from './audit-query.ts'

const FIELDS = [
  ['event', 'Event', 'access_request.create'],
  ['user', 'Who', 'somebody@example.com'],
  ['subject', 'About', 'role:on-call'],
  ['text', 'Text', 'anywhere in it'],
  ['from', 'From', '2026-11-20T08:00:00Z'],
  ['to', 'Before', '2026-11-21T08:00:00Z'],
] as const satisfies readonly (readonly [keyof AuditFilter, string, string])[]

/** What the address says is what is filtered; typing changes it when it is sent. */
export function AuditFilters({
  filter,
  onChange,
}: {
  readonly filter: AuditFilter
  readonly onChange: (filter: AuditFilter) => void
}) {
  // Another address is another form.
  return <Form key={JSON.stringify(filter)} filter={filter} onChange={onChange} />
}

function Form({
  filter,
  onChange,
}: {
  readonly filter: AuditFilter
  readonly onChange: (filter: AuditFilter) => void
}) {
  const [typed, setTyped] = useState<AuditFilter>(filter)
  const send = (event: FormEvent): void => {
    event.preventDefault()
    const said = Object.entries(typed).filter(([, value]) => value !== undefined && value.trim() !== '')
    onChange(Object.fromEntries(said))
  }
  return (
    <form onSubmit={send}>
      <Group align="flex-end" gap="xs">
        {FIELDS.map(([field, label, placeholder]) => (
          <TextInput
            key={field}
            label={label}
            placeholder={placeholder}
            value={typed[field] ?? ''}
            onChange={({ currentTarget: { value } }) => setTyped((before) => ({ ...before, [field]: value }))}
            w={165}
          />
        ))}
        <Button type="submit" variant="default">
          Filter
        </Button>
        {Object.values(filter).some((value) => value !== undefined) && (
          <Button variant="subtle" onClick={() => onChange({})}>
            Show all
          </Button>
        )}
      </Group>
    </form>
  )
}
