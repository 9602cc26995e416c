import { Button, List, Modal, SimpleGrid, Stack, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { client } from '../../app/client.ts'
import type { Column } from '../../components/data-table.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Name } from '../../components/name.tsx'
import { Empty } from '../../components/page.tsx'
import { formatCount } from '../../components/format-count.ts'
import { PagedTable } from '../../components/paged-table.tsx'
import { sayName } from '../../components/say-name.ts'
import { comparedQuery, groupsQuery, importedListsQuery } from './enrolment-query.ts'

type Group = Awaited<ReturnType<typeof client.previewGroups>>['items'][number]
type Lists = ReadonlyMap<string, { readonly title: string; readonly members: number | undefined }>

/** Side by side: the group as AWS has it, and the list that was made from it. */
export function ImportedLists({ name }: { readonly name: string }) {
  const groups = useInfiniteQuery(groupsQuery(name, { inside: true }))
  const lists = useQuery(importedListsQuery)
  const [compared, setCompared] = useState<Group>()
  return (
    <Loaded query={lists}>
      {(known) => (
        <Stack gap="xs">
          <PagedTable
            query={{ ...groups, data: groups.data?.pages.flatMap(({ items }) => items) }}
            label="Groups and their lists"
            noun={['group', 'groups']}
            total={groups.data?.pages[0]?.found}
            columns={columnsOf(known, setCompared)}
            idOf={({ id }) => id}
            empty={<Empty>No group is inside the filters, so no list is made.</Empty>}
          />
          <Text size="sm" c="dimmed">
            Groups are as AWS had them when they were read for the preview.
          </Text>
          <Modal
            opened={compared !== undefined}
            onClose={() => setCompared(undefined)}
            size="lg"
            title={`Members of ${sayName(compared?.name ?? '')}`}
          >
            {compared && <Compared name={name} group={compared} />}
          </Modal>
        </Stack>
      )}
    </Loaded>
  )
}

const columnsOf = (lists: Lists, compare: (group: Group) => void): readonly Column<Group>[] => [
  { id: 'group', title: 'Group in AWS', cell: ({ name }) => <span title={name}>{name}</span> },
  { id: 'aws', title: 'Members there', width: 120, align: 'right', cell: ({ members }) => formatCount(members) },
  {
    id: 'list',
    title: 'List here',
    cell({ id }) {
      const list = lists.get(id)
      return list ? (
        <PageLink to="/access-lists/$id" params={{ id }} size="sm" title={list.title}>
          {list.title}
        </PageLink>
      ) : (
        <Text span size="sm" c="dimmed">
          a list of another id, or none
        </Text>
      )
    },
  },
  {
    id: 'here',
    title: 'Members here',
    width: 120,
    align: 'right',
    cell({ id, members: there }) {
      const members = lists.get(id)?.members
      if (members === undefined) return ''
      return <span className={members === there ? undefined : 'warn'}>{formatCount(members)}</span>
    },
  },
  {
    id: 'compare',
    title: 'Compare members',
    isTitleHidden: true,
    width: 130,
    cell: (group) =>
      lists.has(group.id) && (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => compare(group)}
          aria-label={`Compare members of ${sayName(group.name)}`}
        >
          Compare
        </Button>
      ),
  },
]

/** Side by side: who is in the group, and who is in the list. */
function Compared({ name, group }: { readonly name: string; readonly group: Group }) {
  const query = useQuery(comparedQuery(name, group))
  return (
    <Loaded query={query}>
      {({ there, here, isCut }) => (
        <Stack gap="xs">
          {isCut && <Text size="sm">The first 200 of each.</Text>}
          <SimpleGrid cols={2}>
            <Names title="In AWS" names={there} others={here} alone="only in AWS" />
            <Names title="Here" names={here} others={there} alone="only here" />
          </SimpleGrid>
        </Stack>
      )}
    </Loaded>
  )
}

function Names({
  title,
  names,
  others,
  alone,
}: {
  readonly title: string
  readonly names: readonly string[]
  readonly others: readonly string[]
  /** Said of whoever is not among the others. */
  readonly alone: string
}) {
  const known = new Set(others.map((other) => other.toLowerCase()))
  return (
    <section aria-label={title}>
      <Text fw={600} size="sm">
        {title}: {formatCount(names.length)}
      </Text>
      <List size="sm" listStyleType="none">
        {names
          .toSorted((a, b) => a.localeCompare(b))
          .map((one) => (
            <List.Item key={one} className="wrap">
              <Name text={one} />
              {!known.has(one.toLowerCase()) && ` (${alone})`}
            </List.Item>
          ))}
      </List>
    </section>
  )
}
