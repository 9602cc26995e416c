import type { Document } from '@gatehouse/api'
import { Badge, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../app/session.ts'
import { Copy } from '../../components/copy.tsx'
import { type Fact, Facts } from '../../components/facts.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { Prose } from '../../components/prose.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { EditLock } from './edit-lock.tsx'
import { hasEnded, KIND_WORDS, lockOf, lockQuery, type LockView } from './locks-query.ts'
import { RemoveLock } from './remove-lock.tsx'
import { Target } from './target.tsx'

const route = getRouteApi('/locks/$id')

export function LockPage() {
  const { id } = route.useParams()
  const query = useQuery(lockQuery(id))
  return (
    <Loaded query={query} page="lock">
      {(document) => <Lock document={document} />}
    </Loaded>
  )
}

function Lock({ document }: { readonly document: Document }) {
  const lock = lockOf(document)
  const mayListEvents = useMay('list', 'event')
  return (
    <Page
      title={`Lock on ${lock.target}`}
      state={hasEnded(lock) ? <State state="ended" /> : <State state="failed" label="in force" />}
      actions={<Actions document={document} lock={lock} />}
    >
      <Facts facts={factsOf(lock)} />
      {mayListEvents && (
        <PageLink to="/audit" search={{ subject: `lock:${lock.id}` }} size="sm">
          What happened with this lock
        </PageLink>
      )}
    </Page>
  )
}

const factsOf = (lock: LockView): readonly Fact[] => [
  [
    'Locked',
    <>
      <Target lock={lock} /> <Badge color="gray">{KIND_WORDS[lock.kind]}</Badge>
    </>,
  ],
  ['Why', lock.message !== '' && <Prose text={lock.message} />],
  ['By', lock.createdBy],
  ['Since', lock.createdAt !== '' && <Time at={lock.createdAt} />],
  [
    hasEnded(lock) ? 'Ended' : 'Ends',
    lock.expires === undefined ? 'when somebody removes it' : <Time at={lock.expires} />,
  ],
  ['Id', <Copy text={lock.id} what="the id" />],
]

function Actions({ document, lock }: { readonly document: Document; readonly lock: LockView }) {
  const [mayUpdate, mayDelete] = [useMay('update', 'lock'), useMay('delete', 'lock')]
  const [shown, show] = useState<'edit' | 'remove'>()
  const navigate = route.useNavigate()
  const close = (): void => show(undefined)
  return (
    <>
      {mayUpdate && <Button onClick={() => show('edit')}>Edit lock</Button>}
      {mayDelete && (
        <Button variant="default" onClick={() => show('remove')}>
          Remove lock
        </Button>
      )}
      {shown === 'edit' && <EditLock document={document} onClose={close} />}
      <RemoveLock
        lock={shown === 'remove' ? lock : undefined}
        onClose={close}
        onDone={() => void navigate({ to: '/locks' })}
      />
    </>
  )
}
