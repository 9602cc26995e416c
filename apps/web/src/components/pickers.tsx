import { Pill, TagsInput, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQueries, useQuery } from '@tanstack/react-query'
import { type FocusEvent, useState } from 'react'
import { client } from '../app/client.ts'
import { useMay } from '../app/session.ts'
import { Name } from './name.tsx'
import { sayName } from './say-name.ts'

interface PickerProps {
  readonly label: string
  readonly description?: string
  readonly value: readonly string[]
  readonly onChange: (names: readonly string[]) => void
  readonly required?: boolean
  readonly error?: string | undefined
  readonly onBlur?: (event: FocusEvent) => void
}

interface Suggestion {
  readonly value: string
  /** What people know it by, where that is not what is written down. */
  readonly label: string
}

const named = (name: string): Suggestion => ({ value: name, label: name })

const SUGGESTED = 20
const WAIT_MS = 200

/** Names that somebody types, with those suggested that hold what is typed. Whoever may not read them types them whole. */
function Names({
  kind,
  find,
  mayFind,
  description,
  required = false,
  labelOf = (name) => name,
  ...props
}: PickerProps & {
  readonly kind: string
  readonly find: (search: string, signal: AbortSignal) => Promise<readonly Suggestion[]>
  readonly mayFind: boolean
  /** Of a name that is chosen, what people know it by. */
  readonly labelOf?: (name: string) => string
}) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed, WAIT_MS)
  const { data } = useQuery({
    queryKey: ['names', kind, search],
    queryFn: ({ signal }) => find(search, signal),
    enabled: mayFind,
    placeholderData: (before) => before,
  })
  const found = new Map(data?.map(({ value, label }) => [value, label]))
  return (
    <TagsInput
      label={props.label}
      {...(description === undefined ? {} : { description })}
      value={[...props.value]}
      onChange={props.onChange}
      searchValue={typed}
      onSearchChange={setTyped}
      data={[...found.keys()]}
      filter={({ options }) => options}
      renderOption={({ option: { value } }) => <Option value={value} label={found.get(value) ?? value} />}
      renderPill={({ value = '', onRemove }) => (
        <Pill withRemoveButton {...(onRemove && { onRemove })}>
          {sayName(labelOf(value))}
        </Pill>
      )}
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

const Option = ({ value, label }: Suggestion) => (
  <span className="wrap">
    <Name text={label} />
    {label !== value && (
      <Text span size="xs" c="dimmed">
        {' '}
        <Name text={value} />
      </Text>
    )}
  </span>
)

export const RolesInput = (props: PickerProps) => (
  <Names
    {...props}
    kind="role"
    mayFind={useMay('list', 'role')}
    find={async (search, signal) => {
      const query = { limit: SUGGESTED, search, system: true }
      const { items } = await client.listDocuments({ params: { kind: 'role' }, query }, signal)
      return items.map(({ metadata }) => named(metadata.name))
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
      return items.map(({ name }) => named(name))
    }}
  />
)

/** Known by their titles, written down by their ids. */
export const ListsInput = (props: PickerProps) => (
  <Names
    {...props}
    kind="access_list"
    mayFind
    labelOf={useTitles(props.value)}
    find={async (search, signal) => {
      const { items } = await client.listAccessLists({ query: { limit: SUGGESTED, search } }, signal)
      return items.map(({ id, title }) => ({ value: id, label: title }))
    }}
  />
)

/** What lists are called, by id; of what is no list, or one that is not to be seen, as it is written. */
export function useTitles(ids: readonly string[]): (id: string) => string {
  const found = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['access-list', id, 'title'],
      queryFn: async ({ signal }: { readonly signal: AbortSignal }) =>
        (await client.getAccessList({ params: { id } }, signal)).title,
      retry: false,
      staleTime: 60_000,
    })),
  })
  return (id) => found[ids.indexOf(id)]?.data ?? id
}
