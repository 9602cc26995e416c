import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useDates } from '../../components/date-format.ts'
import { minuteOf, ofMinute } from '../../components/days.ts'
import { FilterChips } from '../../components/filter-chips.tsx'
import { useFields } from '../../components/use-fields.ts'
import type { AuditFilter } from './audit-query.ts'

const FIELDS = [
  ['event', 'Event', 'role.created'],
  ['user', 'Who', 'a user name'],
  ['subject', 'About', 'role:on-call'],
  ['text', 'Text', 'anywhere in it'],
] as const satisfies readonly (readonly [keyof AuditFilter, string, string])[]
const TIMES = [
  ['from', 'From'],
  ['to', 'Before'],
] as const satisfies readonly (readonly [keyof AuditFilter, string])[]
/** As a sentence says them. */
const SAID = {
  event: 'event is',
  user: 'who is',
  subject: 'it is about',
  text: 'its text holds',
  from: 'it was at or after',
  to: 'it was before',
} as const satisfies Record<keyof AuditFilter, string>
const PLACES = {
  event: 'query.event',
  user: 'query.user',
  subject: 'query.subject',
  text: 'query.text',
  from: 'query.from',
  to: 'query.to',
}
type Typed = Readonly<Record<keyof typeof PLACES, string>>

const millisOf = (text: string | undefined): number => Date.parse(text ?? '')

const minuteAt = (text = ''): string => (Number.isNaN(millisOf(text)) ? '' : minuteOf(text))

/** The address says times as the contract has them, and the fields in the viewer's zone. */
const typedOf = (filter: AuditFilter): Typed => ({
  event: filter.event ?? '',
  user: filter.user ?? '',
  subject: filter.subject ?? '',
  text: filter.text ?? '',
  from: minuteAt(filter.from),
  to: minuteAt(filter.to),
})

/** A time that nobody has changed stays as exact as it was. */
function filterOf(typed: Typed, before: AuditFilter): AuditFilter {
  const was = typedOf(before)
  const timeOf = (field: 'from' | 'to') => (typed[field] === was[field] ? before[field] : ofMinute(typed[field]))
  const said = Object.entries({ ...typed, from: timeOf('from'), to: timeOf('to') })
  return Object.fromEntries(said.filter(([, value]) => value !== undefined && value.trim() !== ''))
}

function wrongIn(filter: AuditFilter) {
  const { from, to } = filter
  const unread = (text: string | undefined) =>
    text === undefined || !Number.isNaN(millisOf(text))
      ? undefined
      : `The address says "${text.slice(0, 40)}", which is no time.`
  const isUpsideDown = millisOf(to) <= millisOf(from)
  return { from: unread(from), to: unread(to) ?? (isUpsideDown ? 'Choose a time after “From”.' : undefined) }
}

/** What the address says is what is filtered; typing changes it when it is sent. */
export function AuditFilters({
  filter,
  onChange,
}: {
  readonly filter: AuditFilter
  readonly onChange: (filter: AuditFilter) => void
}) {
  const dates = useDates()
  const said = (field: keyof AuditFilter) => {
    const value = filter[field]
    const isTime = (field === 'from' || field === 'to') && !Number.isNaN(millisOf(value))
    return isTime ? { value: dates.moment(new Date(millisOf(value))), lang: dates.lang } : { value }
  }
  return (
    <Stack gap="xs">
      {/* Another address is another form. */}
      <Form key={JSON.stringify(filter)} filter={filter} onChange={onChange} />
      <FilterChips
        lead="Events where"
        filters={(['event', 'user', 'subject', 'text', 'from', 'to'] as const).map((field) => ({
          what: SAID[field],
          ...said(field),
          remove: () => onChange({ ...filter, [field]: undefined }),
        }))}
        onClear={() => onChange({})}
      />
    </Stack>
  )
}

function Form({
  filter,
  onChange,
}: {
  readonly filter: AuditFilter
  readonly onChange: (filter: AuditFilter) => void
}) {
  const [typed, setTyped] = useState(() => typedOf(filter))
  const asked = filterOf(typed, filter)
  const wrong = wrongIn(asked)
  const fields = useFields({ values: typed, places: PLACES, wrong })
  const set = (field: keyof Typed, value: string): void => setTyped((before) => ({ ...before, [field]: value }))
  return (
    <form {...fields.form} onSubmit={fields.onSubmit(() => onChange(asked))}>
      <Group align="flex-start" gap="xs">
        {FIELDS.map(([field, label, placeholder]) => (
          <TextInput
            key={field}
            label={label}
            placeholder={placeholder}
            value={typed[field]}
            {...fields.at(field)}
            onChange={({ currentTarget: { value } }) => set(field, value)}
            w={165}
          />
        ))}
        {TIMES.map(([field, label]) => (
          <TextInput
            key={field}
            type="datetime-local"
            label={label}
            value={typed[field]}
            {...fields.at(field)}
            // What the address says is wrong at once.
            error={asked[field] === filter[field] ? wrong[field] : fields.at(field).error}
            onChange={({ currentTarget: { value } }) => set(field, value)}
            w={205}
          />
        ))}
        <Button type="submit" variant="default" mt={21}>
          Filter
        </Button>
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        Times are those of {Intl.DateTimeFormat().resolvedOptions().timeZone}.
      </Text>
    </form>
  )
}
