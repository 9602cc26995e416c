import type { OrganizationView } from '@gatehouse/api'
import { Button, Fieldset, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'

export type Filter = OrganizationView['accountFilter']
type Part = Filter[number]

const MATCHES = [
  { value: 'include', label: 'include' },
  { value: 'exclude', label: 'exclude' },
] as const
const FIELDS = [
  { value: 'name', label: 'name' },
  { value: 'id', label: 'id' },
] as const

/** Parts that let in or keep out, by id or by name; what is excluded stays out, whatever else lets it in. */
export function FilterEditor({
  legend,
  noun,
  filter,
  problem,
  onChange,
  onLeave,
}: {
  readonly legend: string
  /** What is filtered, in the singular. */
  readonly noun: string
  readonly filter: Filter
  readonly problem?: string | undefined
  readonly onChange: (filter: Filter) => void
  /** A field is left, or a part has come or gone. */
  readonly onLeave?: (filter: Filter) => void
}) {
  const replace = (index: number, part: Partial<Part>): Filter =>
    filter.map((one, at) => (at === index ? { ...one, ...part } : one))
  const both = (next: Filter): void => {
    onChange(next)
    onLeave?.(next)
  }
  return (
    <Fieldset legend={legend} variant="unstyled" classNames={{ legend: 'legend' }}>
      <Stack gap="xs" mt={4}>
        <Text size="xs" c="dimmed">
          {filter.length === 0
            ? `Every ${noun}.`
            : 'A name may hold * for any run of characters, or be an expression such as ^prod-\\d+$.'}
        </Text>
        {filter.map((part, index) => (
          // Parts are known by their place: two may say the same while somebody types.
          <Group key={`part ${index}`} gap="xs">
            <NativeSelect
              aria-label={`${legend}, part ${index + 1}: include or exclude`}
              size="xs"
              data={MATCHES}
              value={part.match}
              onChange={(event) =>
                both(replace(index, { match: event.currentTarget.value === 'exclude' ? 'exclude' : 'include' }))
              }
            />
            <NativeSelect
              aria-label={`${legend}, part ${index + 1}: by name or by id`}
              size="xs"
              data={FIELDS}
              value={part.field}
              onChange={(event) => both(replace(index, { field: event.currentTarget.value === 'id' ? 'id' : 'name' }))}
            />
            <TextInput
              aria-label={`${legend}, part ${index + 1}: pattern`}
              size="xs"
              flex={1}
              miw={130}
              classNames={{ input: 'mono' }}
              placeholder={part.field === 'id' ? 'its id' : 'prod-*'}
              maxLength={1024}
              autoComplete="off"
              spellCheck={false}
              value={part.pattern}
              onChange={(event) => onChange(replace(index, { pattern: event.currentTarget.value }))}
              onBlur={() => onLeave?.(filter)}
              onKeyDown={(event) => {
                if (event.key === 'Enter') onLeave?.(filter)
              }}
            />
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              px={6}
              aria-label={`${legend}: leave out part ${index + 1}`}
              onClick={() => both(filter.filter((_, at) => at !== index))}
            >
              <IconTrash size={15} aria-hidden />
            </Button>
          </Group>
        ))}
        {problem !== undefined && (
          <Text size="xs" className="loss" role="alert">
            {problem}
          </Text>
        )}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange([...filter, { match: 'include', field: 'name', pattern: '' }])}
          >
            Add to “{legend}”
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  )
}

/** Parts that say something; one that is still empty is left out. */
export const partsOf = (filter: Filter): Filter => filter.filter(({ pattern }) => pattern.trim() !== '')
