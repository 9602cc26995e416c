import { Alert, Button, Group, Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../../app/session.ts'
import { PageLink } from '../../components/link.tsx'
import { Name } from '../../components/name.tsx'
import { Time } from '../../components/time.tsx'
import { hasEnded, lockOf, locksQuery, type LockView } from '../locks/locks-query.ts'
import { RemoveLock } from '../locks/remove-lock.tsx'

/** What keeps somebody out, by whom and until when, and the way to take it away. */
export function Locked({ user }: { readonly user: string }) {
  const mayList = useMay('list', 'lock')
  return (
    <Alert color="red" icon={<IconLock aria-hidden />} title="A lock keeps this user out, here and in AWS.">
      {mayList ? <Locks user={user} /> : <Text size="sm">Whoever may read locks sees who made it and why.</Text>}
    </Alert>
  )
}

function Locks({ user }: { readonly user: string }) {
  const query = useInfiniteQuery(locksQuery)
  const mayDelete = useMay('delete', 'lock')
  const [removed, setRemoved] = useState<LockView>()
  const locks = (query.data ?? [])
    .map(lockOf)
    .filter((lock) => lock.kind === 'user' && lock.target === user && !hasEnded(lock))
  return (
    <>
      {locks.map((lock) => (
        <Group key={lock.id} gap="sm">
          <Text size="sm" className="wrap">
            <Said lock={lock} />{' '}
            <PageLink to="/locks/$id" params={{ id: lock.id }} size="sm" underline="always">
              Show the lock
            </PageLink>
          </Text>
          {mayDelete && (
            <Button size="compact-sm" variant="default" onClick={() => setRemoved(lock)}>
              Unlock user
            </Button>
          )}
        </Group>
      ))}
      {/* There may be many locks, and this one among those that were not read. */}
      {locks.length === 0 && query.isSuccess && (
        <PageLink to="/locks" size="sm" underline="always">
          Show the locks
        </PageLink>
      )}
      <RemoveLock lock={removed} onClose={() => setRemoved(undefined)} />
    </>
  )
}

const Said = ({ lock: { message, createdBy, createdAt, expires } }: { readonly lock: LockView }) => (
  <>
    Made by <Name text={createdBy} /> <Time at={createdAt} />
    {message !== '' && (
      <>
        : <Name text={message} most={300} />
      </>
    )}
    {expires === undefined ? (
      '. It ends when somebody removes it.'
    ) : (
      <>
        . It ends <Time at={expires} />.
      </>
    )}
  </>
)
