import { TagsInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type FocusEvent, useState } from 'react'
import { client } from '../app/client.ts'
import { useMay } from '../app/session.ts'

interface PickerProps {
  readonly label: string
  readonly description?: string
  readonly value: readonly string[]
  readonly onChange: (names: readonly string[]) => void
  readonly required?: boolean
  readonly error?: string | undefined
  readonly onBlur?: (event: FocusEvent) => void
}

const SUGGESTED = 20
const WAIT_MS = 200

/** Names that somebody types, with those suggested that hold what is typed. Whoever may not read them types them whole. */
function Names({
  kind,
  find,
  mayFind,
  description,
  required = false,
  ...props
}: PickerProps & {
  readonly kind: string
  readonly find: (search: string, signal: AbortSignal) => Promise<readonly string[]>
  readonly mayFind: boolean
}) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed, WAIT_MS)
  const { data } = useQuery({
    queryKey: ['names', kind, search],
    queryFn: ({ signal }) => find(search, signal),
    enabled: mayFind,
    placeholderData: (before) => before,
  })
  return (
    <TagsInput
      label={props.label}
      {...(description === undefined ? {} : { description })}
      value={[...props.value]}
      onChange={props.onChange}
      searchValue={typed}
      onSearchChange={setTyped}
      data={[...new Set(data ?? [])]}
      filter={({ options }) => options}
      // Names may hold commas; only Enter ends one.
      splitChars={[]}
      acceptValueOnBlur
      error={props.error}
      {...(props.onBlur ? { onBlur: props.onBlur } : {})}
      required={required && props.value.length === 0}
      withAsterisk={required}
    />
  )
}

export const RolesInput = (props: PickerProps) => (
  <Names
    {...props}
    kind="role"
    mayFind={useMay('list', 'role')}
    find={async (search, signal) => {
      const query = { limit: SUGGESTED, search, system: true }
      const { items } = await client.listDocuments({ params: { kind: 'role' }, query }, signal)
      return items.map(({ metadata }) => metadata.name)
    }}
  />
)

export const UsersInput = (props: PickerProps) => (
  <Names
    {...props}
    kind="user"
    mayFind={useMay('list', 'user')}
    find={async (search, signal) => {
      const { items } = await client.listUsers({ query: { limit: SUGGESTED, search } }, signal)
      return items.map(({ name }) => name)
    }}
  />
)
