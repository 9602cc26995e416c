import type { ExplanationView } from '@gatehouse/api'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMay } from '../../app/session.ts'
import type { Column } from '../../components/data-table.tsx'
import { formatCount } from '../../components/format-count.ts'
import { PageLink } from '../../components/link.tsx'
import { Empty } from '../../components/page.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { sayName } from '../../components/say-name.ts'
import type { SortInAddress } from '../../components/use-sorted.ts'
import { type Asked, whoCanQuery } from './explain-query.ts'

/** Everybody who gets into an account. */
export function WhoCan({ asked, sort }: { readonly asked: Asked; readonly sort: SortInAddress }) {
  const may = useMay('read', 'aws_identity_center')
  if (!may) return <Empty>Looking up who has access takes the right to read the organization.</Empty>
  if (asked.account === undefined)
    return <Empty>Name an account, by its name or its 12 digits: whoever gets into it is listed here.</Empty>
  return <Answered asked={asked} sort={sort} />
}

function Answered({ asked, sort }: { readonly asked: Asked; readonly sort: SortInAddress }) {
  const query = useInfiniteQuery(whoCanQuery(asked))
  return (
    <PagedTable
      query={query}
      label="People"
      noun={['person', 'people']}
      columns={columnsFor(asked)}
      idOf={({ user }) => user}
      sort={sort}
      keys={{ opens: 'why the person has it' }}
      empty={<Empty>Nobody has it.</Empty>}
    />
  )
}

const setsOf = ({ paths }: ExplanationView): string =>
  [...new Set(paths.map(({ permissionSetName }) => sayName(permissionSetName)))].join(', ')

const columnsFor = ({ account }: Asked): readonly Column<ExplanationView>[] => [
  {
    id: 'person',
    title: 'Person',
    sortBy: ({ user }) => user,
    cell: ({ user }) => (
      <PageLink to="/explorer" search={{ user, account }} size="sm" title={user}>
        {user}
      </PageLink>
    ),
  },
  {
    id: 'sets',
    title: 'Permission sets',
    cell: (found) => <span title={setsOf(found)}>{setsOf(found)}</span>,
  },
  {
    id: 'ways',
    title: 'Ways',
    width: 100,
    align: 'right',
    sortBy: ({ totals }) => totals.paths,
    cell: ({ totals }) => formatCount(totals.paths),
  },
]
