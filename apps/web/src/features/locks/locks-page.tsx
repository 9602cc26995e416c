import { Badge, Button, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import { textOf } from '../../components/apply-change.tsx'
import { Confirm } from '../../components/confirm.tsx'
import type { Column } from '../../components/data-table.tsx'
import { PageLink } from '../../components/link.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { describe } from '../../components/problem.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { showToast } from '../../components/toasts.tsx'
import { sayName } from '../../components/say-name.ts'
import { LockForm } from './create-lock.tsx'
import { KIND_WORDS, lockOf, locksQuery, type LockView } from './locks-query.ts'

const route = getRouteApi('/locks')

export function LocksPage() {
  const { user, add = user !== undefined } = route.useSearch()
  const navigate = route.useNavigate()
  const [mayCreate, mayDelete] = [useMay('create', 'lock'), useMay('delete', 'lock')]
  const query = useInfiniteQuery(locksQuery)
  const [removed, setRemoved] = useState<LockView>()
  return (
    <Page
      wide
      title="Locks"
      actions={mayCreate && <Button onClick={() => void navigate({ search: { add: true } })}>Create lock</Button>}
    >
      <PagedTable
        query={{ ...query, data: query.data?.map(lockOf) }}
        label="Locks"
        noun={['lock', 'locks']}
        columns={columns(mayDelete, setRemoved)}
        idOf={({ id }) => id}
        empty={
          <Empty>
            Nothing is locked. A lock takes a user, a role or a request out of force at once, here and in AWS, until it
            ends or is removed.
          </Empty>
        }
      />
      {mayCreate && add && <LockForm user={user ?? ''} onClose={() => void navigate({ replace: true, search: {} })} />}
      <RemoveLock lock={removed} onClose={() => setRemoved(undefined)} />
    </Page>
  )
}

const columns = (mayDelete: boolean, onRemove: (lock: LockView) => void): readonly Column<LockView>[] => [
  {
    id: 'target',
    title: 'Locked',
    cell: (lock) => (
      <>
        <Target lock={lock} /> <Badge color="gray">{KIND_WORDS[lock.kind]}</Badge>
      </>
    ),
  },
  { id: 'message', title: 'Why', cell: ({ message }) => <span title={message}>{message}</span> },
  { id: 'expires', title: 'Ends', width: 130, cell: ({ expires }) => expires !== undefined && <Time at={expires} /> },
  {
    id: 'state',
    title: 'State',
    width: 120,
    cell: ({ expires }) =>
      expires !== undefined && Date.parse(expires) <= Date.now() ? (
        <State state="ended" />
      ) : (
        <State state="failed" label="in force" />
      ),
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

function Target({ lock: { kind, target } }: { readonly lock: LockView }) {
  switch (kind) {
    case 'user':
      return (
        <PageLink to="/users/$name" params={{ name: target }} size="sm">
          {target}
        </PageLink>
      )
    case 'role':
      return (
        <PageLink to="/roles/$name" params={{ name: target }} size="sm">
          {target}
        </PageLink>
      )
    case 'access_request':
      return (
        <PageLink to="/requests/$id" params={{ id: target }} size="sm">
          {target}
        </PageLink>
      )
  }
}

const readAgain = (): void => {
  void queryClient.invalidateQueries({ queryKey: ['locks'] })
  void queryClient.invalidateQueries({ queryKey: ['user'] })
}

/** The same lock once more, until the same end. */
async function lockAgain({ id, kind, target, message, expires }: LockView, words: string): Promise<void> {
  const spec = { target: { [kind]: target }, message, ...(expires === undefined ? {} : { expires }) }
  const text = textOf({ kind: 'lock', version: 'v2', metadata: { name: id }, spec })
  try {
    await client.applyDocuments({ body: { text, mode: 'create' } })
    showToast(`The ${words} is locked again.`)
  } catch (error) {
    const { title, remedy } = describe(error)
    showToast(`The ${words} is not locked again: ${title} ${remedy}`)
  }
  readAgain()
}

function RemoveLock({ lock, onClose }: { readonly lock: LockView | undefined; readonly onClose: () => void }) {
  if (!lock) return null
  const words = `${KIND_WORDS[lock.kind]} ${sayName(lock.target)}`
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`Remove the lock on the ${words}?`}
      verb="Remove lock"
      run={() => client.deleteDocument({ params: { kind: 'lock', name: lock.id } })}
      onDone={() => {
        const hasEnded = lock.expires !== undefined && Date.parse(lock.expires) <= Date.now()
        showToast(
          `The ${words} is not locked any more.`,
          hasEnded ? undefined : { verb: 'Lock again', run: () => void lockAgain(lock, words) },
        )
        readAgain()
      }}
    >
      <Text size="sm" className="wrap">
        The {words} counts again at once: what roles, lists and requests give goes back to AWS within seconds.
      </Text>
    </Confirm>
  )
}
