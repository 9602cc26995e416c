import { Stack, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { client } from '../../app/client.ts'
import type { Column } from '../../components/data-table.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Empty } from '../../components/page.tsx'
import { formatCount } from '../../components/format-count.ts'
import { PagedTable } from '../../components/paged-table.tsx'
import { groupsQuery, importedListsQuery } from './enrolment-query.ts'

type Group = Awaited<ReturnType<typeof client.previewGroups>>['items'][number]
type Lists = ReadonlyMap<string, { readonly title: string; readonly members: number | undefined }>

/** Side by side: the group as AWS has it, and the list that was made from it. */
export function ImportedLists({ name }: { readonly name: string }) {
  const groups = useInfiniteQuery(groupsQuery(name, { inside: true }))
  const lists = useQuery(importedListsQuery)
  return (
    <Loaded query={lists}>
      {(known) => (
        <Stack gap="xs">
          <PagedTable
            query={{ ...groups, data: groups.data?.pages.flatMap(({ items }) => items) }}
            label="Groups and their lists"
            noun={['group', 'groups']}
            total={groups.data?.pages[0]?.found}
            columns={columnsOf(known)}
            idOf={({ id }) => id}
            empty={<Empty>No group is inside the filters, so no list is made.</Empty>}
          />
          <Text size="sm" c="dimmed">
            Groups are as AWS had them when they were read for the preview.
          </Text>
        </Stack>
      )}
    </Loaded>
  )
}

const columnsOf = (lists: Lists): readonly Column<Group>[] => [
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
]
