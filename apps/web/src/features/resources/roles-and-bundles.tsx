import { Button, Checkbox, Group, SimpleGrid, Text } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../app/client.ts'
import { everyPage } from '../../components/every-page.ts'
import { formatCount } from '../../components/format-count.ts'
import { Name } from '../../components/name.tsx'
import { Problem } from '../../components/problem.tsx'
import { Section } from '../../components/section.tsx'
import { type CartRow, rowOfBundle, rowOfRole } from './cart-draft.ts'

const AT_FIRST = 6

const bundlesQuery = queryOptions({
  queryKey: ['resources', 'bundles'],
  queryFn: ({ signal }) => everyPage((page) => client.listBundles({ query: page }, signal)),
  staleTime: 30_000,
})
const rolesQuery = queryOptions({
  queryKey: ['resources', 'roles'],
  queryFn: ({ signal }) => everyPage((page) => client.getRequestCapabilities({ query: page }, signal)),
  staleTime: 30_000,
})

interface Row {
  readonly row: CartRow
  readonly text: string
  readonly disabled?: boolean
}

/** What may be asked for under a name of its own: roles, and sets of account assignments. */
export function RolesAndBundles({
  words,
  cart,
  onToggle,
}: {
  readonly words: string
  readonly cart: ReadonlyMap<string, CartRow>
  readonly onToggle: (row: CartRow) => void
}) {
  const [roles, bundles] = [useQuery(rolesQuery), useQuery(bundlesQuery)]
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = ({ row: { title, resourceId }, text }: Row): boolean => {
    const all = [title, resourceId, text].join('\n').toLowerCase()
    return wanted.every((word) => all.includes(word))
  }
  const rows = [
    ...(bundles.data ?? []).map(bundleRow),
    ...(roles.data ?? []).map((name): Row => ({ row: rowOfRole(name), text: 'Role' })),
  ].filter(fits)
  const [isOpen, setOpen] = useState(false)
  const shown = isOpen || rows.length <= AT_FIRST + 1 ? rows : rows.slice(0, AT_FIRST)
  const problem = roles.error ?? bundles.error
  if (rows.length === 0) return problem ? <Problem error={problem} /> : null
  return (
    <Section title="Roles and bundles">
      {problem && <Problem error={problem} />}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
        {shown.map(({ row, text, disabled = false }) => (
          <Checkbox
            key={row.resourceId}
            size="xs"
            disabled={disabled}
            checked={cart.has(row.resourceId)}
            onChange={() => onToggle(row)}
            label={
              <Text span size="sm" className="wrap">
                <Name text={row.title} />
              </Text>
            }
            description={text}
            classNames={{ description: 'wrap' }}
          />
        ))}
      </SimpleGrid>
      {shown.length < rows.length && (
        <Group mt="xs">
          <Button size="compact-xs" variant="subtle" onClick={() => setOpen(true)}>
            Show all {formatCount(rows.length)} roles and bundles
          </Button>
        </Group>
      )}
    </Section>
  )
}

function bundleRow({
  name,
  title,
  description,
  rows,
  requestable,
}: Awaited<ReturnType<typeof client.listBundles>>['items'][number]): Row {
  const size = rows === 1 ? '1 permission set on an account' : `${formatCount(rows)} permission sets on accounts`
  const share = requestable === rows ? '' : `; you may ask for ${requestable === 0 ? 'none' : formatCount(requestable)}`
  return {
    row: rowOfBundle(name, title || name),
    text: [`Bundle of ${size}${share}`, ...(description === '' ? [] : [description])].join('. '),
    disabled: requestable === 0,
  }
}
