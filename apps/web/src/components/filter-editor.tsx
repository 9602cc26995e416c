import type { OrganizationView } from '@gatehouse/api'
import { Button, Fieldset, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'

export type Filter = OrganizationView['accountFilter']
type Part = Filter[number]
type Field = Part['field']

const MATCHES = [
  { value: 'include', label: 'include' },
  { value: 'exclude', label: 'exclude' },
] as const
const BY_NAME = [
  { value: 'name', label: 'name' },
  { value: 'id', label: 'id' },
] as const
const BY_PLACE = [
  { value: 'ou', label: 'organizational unit' },
  { value: 'tag', label: 'tag' },
] as const

/** What may be read of accounts; `undefined` while nobody knows. */
export interface Readable {
  readonly units: boolean
  readonly tags: boolean
}

/** Parts that let in or keep out, by name or id, and accounts by unit or tag as well; what is excluded stays out, whatever else lets it in. */
export function FilterEditor({
  legend,
  noun,
  filter,
  accounts,
  problem,
  onChange,
  onLeave,
}: {
  readonly legend: string
  /** What is filtered, in the singular. */
  readonly noun: string
  readonly filter: Filter
  /** Accounts are filtered, of which so much may be read. */
  readonly accounts?: { readonly readable: Readable | undefined }
  readonly problem?: string | undefined
  readonly onChange: (filter: Filter) => void
  /** A field is left, or a part has come or gone. */
  readonly onLeave?: (filter: Filter) => void
}) {
  const replace = (index: number, part: Part): Filter => filter.map((one, at) => (at === index ? part : one))
  const isTagged = filter.some(({ field }) => field === 'tag')
  const fields = accounts
    ? [
        ...BY_NAME,
        ...BY_PLACE.map((one) => ({ ...one, disabled: one.value === 'tag' && accounts.readable?.tags === false })),
      ]
    : BY_NAME
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
          {filter.some(({ field }) => field === 'ou') &&
            ' A unit is an id or a path from the root such as Root/Workloads; what lies below it is meant too.'}
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
                both(
                  replace(index, { ...part, match: event.currentTarget.value === 'exclude' ? 'exclude' : 'include' }),
                )
              }
            />
            <NativeSelect
              aria-label={`${legend}, part ${index + 1}: ${accounts ? 'by name, id, unit or tag' : 'by name or by id'}`}
              size="xs"
              data={fields}
              value={part.field}
              onChange={(event) => {
                const chosen = fields.find(({ value }) => value === event.currentTarget.value)?.value ?? 'name'
                both(replace(index, partOf(part.match, chosen, textOf(part))))
              }}
            />
            {part.field === 'tag' && (
              <TextInput
                aria-label={`${legend}, part ${index + 1}: key of the tag`}
                size="xs"
                w={110}
                classNames={{ input: 'mono' }}
                placeholder="env"
                maxLength={128}
                autoComplete="off"
                spellCheck={false}
                value={part.key}
                onChange={(event) => onChange(replace(index, { ...part, key: event.currentTarget.value }))}
                onBlur={() => onLeave?.(filter)}
              />
            )}
            <TextInput
              aria-label={`${legend}, part ${index + 1}: ${part.field === 'tag' ? 'value of the tag' : 'pattern'}`}
              size="xs"
              flex={1}
              miw={130}
              classNames={{ input: 'mono' }}
              placeholder={PLACEHOLDERS[part.field]}
              maxLength={1024}
              autoComplete="off"
              spellCheck={false}
              value={textOf(part)}
              onChange={(event) => onChange(replace(index, withText(part, event.currentTarget.value)))}
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
        {accounts?.readable && <Unreadable readable={accounts.readable} isTagged={isTagged} />}
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

/** Why accounts can't be filtered by everything. */
function Unreadable({ readable, isTagged }: { readonly readable: Readable; readonly isTagged: boolean }) {
  if (readable.tags && readable.units) return null
  return (
    <Text size="xs" c="dimmed">
      {!readable.tags &&
        `The role may not read tags, so ${isTagged ? 'what they decide stays as it was' : 'there is no filter by them'}. `}
      {!readable.units && 'It may not read the names of organizational units, so write their ids. '}
      The box “Names of organizational units and tags of accounts” of the set-up script gives that.
    </Text>
  )
}

const PLACEHOLDERS: Readonly<Record<Field, string>> = {
  id: 'its id',
  name: 'prod-*',
  ou: 'Root/Workloads',
  tag: 'its value, or *',
}

const textOf = (part: Part): string => (part.field === 'ou' ? part.unit : part.pattern)

const withText = (part: Part, text: string): Part =>
  part.field === 'ou' ? { ...part, unit: text } : { ...part, pattern: text }

function partOf(match: Part['match'], field: Field, text: string): Part {
  switch (field) {
    case 'ou':
      return { match, field, unit: text }
    case 'tag':
      return { match, field, key: '', pattern: text }
    case 'id':
    case 'name':
      return { match, field, pattern: text }
  }
}

/** Parts that say something; one that is still empty is left out. */
export const partsOf = (filter: Filter): Filter =>
  filter.filter((part) => textOf(part).trim() !== '' && (part.field !== 'tag' || part.key.trim() !== ''))

/** Those by name and id, which is all that groups have. */
export const namesOf = (filter: Filter): OrganizationView['groupFilter'] =>
  filter.flatMap((part) => (part.field === 'id' || part.field === 'name' ? part : []))

/** `include tag env=prod` */
export function sayPart(part: Part): string {
  switch (part.field) {
    case 'ou':
      return `${part.match} organizational unit ${part.unit}`
    case 'tag':
      return `${part.match} tag ${part.key}=${part.pattern}`
    case 'id':
    case 'name':
      return `${part.match} ${part.field} ${part.pattern}`
  }
}
