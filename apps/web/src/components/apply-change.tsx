import { ApiProblem, type Document } from '@gatehouse/api'
import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { client } from '../app/client.ts'
import { Consequences } from './consequences.tsx'
import { Loaded } from './loaded.tsx'
import { Problem } from './problem.tsx'
import type { Replaced } from './put-back.ts'

interface Change {
  /** YAML, which JSON is as well. */
  readonly text: string
  readonly mode: 'create' | 'update'
}

interface ApplyChangeProps {
  readonly change: Change | undefined
  readonly title: string
  readonly verb: string
  readonly onClose: () => void
  /** What the server has against it, for a form that can show it at a field. */
  readonly onRefused?: (error: unknown) => void
  /** With what the first document has replaced. */
  readonly onDone: (
    results: readonly { readonly kind: string; readonly name: string }[],
    replaced: Replaced | undefined,
  ) => void
}

export const textOf = (document: Document): string => JSON.stringify(document)

/** Before something is saved: what is wrong with it, what is worth knowing, and who gains and loses what in AWS. */
export function ApplyChange({ change, title, ...props }: ApplyChangeProps) {
  return (
    <Modal
      opened={change !== undefined}
      onClose={props.onClose}
      title={<span className="wrap clamp">{title}</span>}
      size="lg"
    >
      {change && <Plan key={change.text} change={change} {...props} />}
    </Modal>
  )
}

function Plan({
  change,
  verb,
  onClose,
  onRefused,
  onDone,
}: Omit<ApplyChangeProps, 'title'> & { readonly change: Change }) {
  // A replacement shows the same warnings, and the mistakes of a document do not depend on what is there.
  const queries = useQueryClient()
  const dryRun = useQuery({
    queryKey: ['dry-run-documents', change.text],
    queryFn: ({ signal }) =>
      client.applyDocuments({ body: { text: change.text, mode: 'replace', dryRun: true } }, signal),
    staleTime: 0,
  })
  useEffect(() => {
    if (dryRun.error !== null) onRefused?.(dryRun.error)
    // What the form does about it is its own; it is told of each refusal once.
  }, [dryRun.error])
  const save = useMutation({
    mutationFn: ({ mode, confirm }: { readonly mode: Change['mode'] | 'replace'; readonly confirm?: number }) =>
      client.applyDocuments({
        body: { text: change.text, mode, ...(confirm === undefined ? {} : { confirmRemovals: confirm }) },
      }),
    onSuccess({ results }, { mode }) {
      // What was saved in the place of something else may have been another thing again.
      const before = mode === 'replace' ? undefined : dryRun.data?.results[0]?.before
      onDone(results, before && { before, revision: results[0]?.revision })
    },
    onError(error) {
      onRefused?.(error)
      // What it would do is worked out anew, from what there is by now.
      if (!(error instanceof ApiProblem) || error.code !== 'stale') return
      void queries.invalidateQueries({ queryKey: ['dry-run-documents'] })
      void queries.invalidateQueries({ queryKey: ['what-if'] })
    },
  })
  const problem = save.error instanceof ApiProblem ? save.error : undefined
  const isStale = problem?.code === 'stale'
  const confirm = problem?.details.confirm
  return (
    <Stack>
      <Loaded query={dryRun}>
        {({ warnings, results }) => (
          <>
            {results.every(({ outcome }) => outcome === 'unchanged') && <Text size="sm">Nothing is different.</Text>}
            {warnings.length > 0 && (
              <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Worth knowing">
                <List size="sm">
                  {warnings.map(({ field, line, message }) => (
                    <List.Item key={`${field} ${line} ${message}`} className="wrap">
                      {field}: {message}
                    </List.Item>
                  ))}
                </List>
              </Alert>
            )}
            <Consequences text={change.text} />
          </>
        )}
      </Loaded>
      {isStale ? (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle aria-hidden />}
          title="Somebody changed it meanwhile"
          role="alert"
        >
          <Text size="sm">
            Nothing has been saved, and what you typed is still here. Open the page in another window to see what there
            is now, and then go back to it, or save yours in its place.
          </Text>
        </Alert>
      ) : (
        save.isError && <Problem error={save.error} />
      )}
      <Group>
        <Button
          disabled={!dryRun.isSuccess || dryRun.isFetching}
          loading={save.isPending}
          {...(isStale || confirm !== undefined ? { color: 'red' } : {})}
          onClick={() =>
            save.mutate({
              mode: isStale ? 'replace' : change.mode,
              ...(confirm === undefined ? {} : { confirm }),
            })
          }
        >
          {confirm === undefined
            ? isStale
              ? 'Save mine in its place'
              : verb
            : `${verb}: all ${confirm} removals are meant`}
        </Button>
        <Button variant="default" onClick={onClose}>
          Go back
        </Button>
      </Group>
    </Stack>
  )
}
