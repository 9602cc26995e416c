import { Button, Group, Text } from '@mantine/core'
import { useConnection } from '../app/changes.ts'
import { Time, useNow } from './time.tsx'

export interface Refreshed {
  readonly isError: boolean
  /** When it was read last, in milliseconds. */
  readonly dataUpdatedAt?: number | undefined
  readonly isFetching?: boolean
  readonly refetch?: () => unknown
}

const OLD_MS = 60_000

/** Says how old something is that could not be read again for a while; what is fresh says nothing. */
export function AsOf({ query }: { readonly query: Refreshed }) {
  const isLost = useConnection() === 'lost'
  const { dataUpdatedAt = 0 } = query
  if ((!isLost && !query.isError) || dataUpdatedAt === 0) return null
  return <WhenOld query={query} at={dataUpdatedAt} />
}

function WhenOld({ query: { refetch, isFetching = false }, at }: { readonly query: Refreshed; readonly at: number }) {
  useNow()
  if (Date.now() - at < OLD_MS) return null
  return (
    <Group gap="xs" className="as-of">
      <Text size="sm" c="dimmed" role="status">
        As of <Time at={new Date(at).toISOString()} />. It could not be read again since.
      </Text>
      {refetch && (
        <Button size="compact-xs" variant="default" loading={isFetching} onClick={() => void refetch()}>
          Try again
        </Button>
      )}
    </Group>
  )
}
