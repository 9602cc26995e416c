import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { formatCount } from '../../components/format-count.ts'
import { Problem } from '../../components/problem.tsx'
import { save } from '../../components/save.ts'
import { type AuditFilter, exportEvents } from './audit-query.ts'

const FILE = 'audit-events.jsonl'

/** Saves what the filter lets through when all of it is read; it can be stopped, and leaving the page stops it. */
export function useExport(filter: AuditFilter) {
  const [read, setRead] = useState(0)
  const all = useMutation({
    mutationFn: ({ signal }: AbortController) => exportEvents(filter, { signal, onRead: setRead }),
    onSuccess: (lines) => save(lines, FILE),
  })
  const { variables: running } = all
  useEffect(() => () => running?.abort(), [running])
  const isStopped = all.isError && running?.signal.aborted === true
  const begin = (): void => {
    setRead(0)
    all.mutate(new AbortController())
  }
  return {
    buttons: (
      <Group gap="xs" role="group" aria-label="Export">
        {all.isPending && <Text size="sm">{sayEvents(read)} read</Text>}
        {(all.isSuccess || isStopped) && (
          <Text size="sm" role="status">
            {isStopped ? 'Stopped: nothing is saved' : `${sayEvents(read)} saved as ${FILE}`}
          </Text>
        )}
        <Button variant="default" loading={all.isPending} onClick={begin}>
          Export as JSON lines
        </Button>
        {all.isPending && (
          <Button variant="default" onClick={() => running?.abort()}>
            Stop
          </Button>
        )}
      </Group>
    ),
    failure: all.isError && !isStopped && (
      <Stack gap="xs">
        <Problem error={all.error} />
        <Text size="sm">
          The export ended after {sayEvents(read)}, and nothing is saved. Export again; a filter by time makes it
          shorter.
        </Text>
      </Stack>
    ),
  }
}

const sayEvents = (count: number): string => (count === 1 ? '1 event' : `${formatCount(count)} events`)
