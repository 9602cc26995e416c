import { Badge, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { DashedCircle } from './dashed-circle.ts'
import type { client } from '../app/client.ts'
import { Copy } from './copy.tsx'
import type { Column } from './data-table.tsx'
import { sayName } from './say-name.ts'

type Account = Awaited<ReturnType<typeof client.listOrganizationAccounts>>['items'][number]

/** Whether something is inside the filter, and why it is not or why nobody can say. */
export function Side({ inside, reason }: { readonly inside: boolean; readonly reason?: string | undefined }) {
  const Icon = inside ? IconCircleCheck : DashedCircle
  return (
    <Text span size="sm" className={inside ? 'gain' : 'dim'} title={reason}>
      <Icon size={15} aria-hidden className="inline-icon" /> {inside ? 'inside' : 'outside'}
      {reason === undefined ? '' : `: ${reason}`}
    </Text>
  )
}

/** An account, and how it stands to the filter. */
export const STANDING_COLUMNS: readonly Column<Account>[] = [
  {
    id: 'name',
    title: 'Account',
    width: 200,
    cell: ({ name, management }) => (
      <span title={name}>
        {name} {management && <Badge color="gray">management</Badge>}
      </span>
    ),
  },
  {
    id: 'id',
    title: 'Id',
    width: 160,
    cell: ({ id, name }) => <Copy text={id} what={`the id of ${sayName(name)}`} />,
  },
  {
    id: 'inside',
    title: 'Filters',
    width: 230,
    cell: ({ inside, reason }) => <Side inside={inside} reason={reason} />,
  },
]

/** What else filters go by. */
export const PLACE_COLUMNS: readonly Column<Account>[] = [
  {
    id: 'unit',
    title: 'Unit',
    width: 170,
    cell: ({ path, unit }) => <span title={path === undefined ? unit : `${path} (${unit})`}>{path ?? unit}</span>,
  },
  {
    id: 'tags',
    title: 'Tags',
    width: 150,
    cell({ tags = {} }) {
      const said = Object.entries(tags)
        .map(([key, value]) => `${key}=${value}`)
        .join(', ')
      return <span title={said}>{said}</span>
    },
  },
]
