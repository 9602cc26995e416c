import { Badge, Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../app/session.ts'
import type { Column } from '../../components/data-table.tsx'
import { PageLink } from '../../components/link.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { LockForm } from './create-lock.tsx'
import { hasEnded, KIND_WORDS, lockOf, locksQuery, type LockView } from './locks-query.ts'
import { RemoveLock } from './remove-lock.tsx'

const route = getRouteApi('/locks')

export function LocksPage() {
  const { user, sort, add = user !== undefined } = route.useSearch()
  const navigate = route.useNavigate()
  const [mayCreate, mayDelete] = [useMay('create', 'lock'), useMay('delete', 'lock')]
  const query = useInfiniteQuery(locksQuery)
  const [removed, setRemoved] = useState<LockView>()
  return (
    <Page
      wide
      title="Locks"
      actions={mayCreate && <Button onClick={() => void navigate({ search: { sort, add: true } })}>Create lock</Button>}
    >
      <PagedTable
        query={{ ...query, data: query.data?.map(lockOf) }}
        label="Locks"
        noun={['lock', 'locks']}
        columns={columns(mayDelete, setRemoved)}
        idOf={({ id }) => id}
        sort={{ value: sort, first: '', onChange: (next) => void navigate({ search: { sort: next } }) }}
        keys={{ opens: 'the lock' }}
        empty={
          <Empty
            action={
              mayCreate && (
                <PageLink to="/locks" search={{ add: true }} size="sm">
                  Create a lock
                </PageLink>
              )
            }
          >
            Nothing is locked. A lock takes a user, a role or a request out of force at once, here and in AWS, until it
            ends or is removed.
          </Empty>
        }
      />
      {mayCreate && add && (
        <LockForm user={user ?? ''} onClose={() => void navigate({ replace: true, search: { sort } })} />
      )}
      <RemoveLock lock={removed} onClose={() => setRemoved(undefined)} />
    </Page>
  )
}

const columns = (mayDelete: boolean, onRemove: (lock: LockView) => void): readonly Column<LockView>[] => [
  {
    id: 'target',
    title: 'Locked',
    sortBy: ({ target }) => target,
    cell: (lock) => (
      <>
        <PageLink to="/locks/$id" params={{ id: lock.id }} size="sm">
          {lock.target}
        </PageLink>{' '}
        <Badge color="gray">{KIND_WORDS[lock.kind]}</Badge>
      </>
    ),
  },
  { id: 'message', title: 'Why', cell: ({ message }) => <span title={message}>{message}</span> },
  {
    id: 'expires',
    title: 'Ends',
    width: 130,
    sortBy: ({ expires }) => expires,
    cell: ({ expires }) => expires !== undefined && <Time at={expires} />,
  },
  {
    id: 'state',
    title: 'State',
    width: 120,
    cell: (lock) => (hasEnded(lock) ? <State state="ended" /> : <State state="failed" label="in force" />),
  },
  ...(mayDelete
    ? [
        {
          id: 'remove',
          title: 'Remove',
          isTitleHidden: true,
          width: 100,
          cell: (lock: LockView) => (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={`Remove the lock on ${lock.target}`}
              onClick={() => onRemove(lock)}
            >
              Remove
            </Button>
          ),
        },
      ]
    : []),
]
