import { Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { client } from '../../app/client.ts'
import { DataTable } from '../../components/data-table.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Problem } from '../../components/problem.tsx'
import { OPERATION_COLUMNS, removalsOf } from './plan.tsx'
import type { Settings } from './settings-form.ts'

interface PreviewProps {
  readonly organization: string
  readonly settings: Settings | undefined
  readonly onClose: () => void
  /** What the server has against them, for the form that can show it at a field. */
  readonly onRefused: (error: unknown) => void
  readonly onSaved: () => void
}

/** Who and what leaves or comes, and what would be done in AWS, before anything is saved. */
export function SettingsPreview({ settings, onClose, ...props }: PreviewProps) {
  return (
    <Modal opened={settings !== undefined} onClose={onClose} title="Save these settings?" size="xl">
      {settings && <Effect settings={settings} onClose={onClose} {...props} />}
    </Modal>
  )
}

const SHOWN = 200

function Effect({
  organization: name,
  settings,
  onClose,
  onRefused,
  onSaved,
}: PreviewProps & { readonly settings: Settings }) {
  const effect = useQuery({
    queryKey: ['settings-preview', name, settings],
    queryFn: ({ signal }) =>
      client.previewSettings({ params: { name }, query: { limit: SHOWN }, body: settings }, signal),
    staleTime: 0,
  })
  useEffect(() => {
    if (effect.error !== null) onRefused(effect.error)
    // The form is told of each refusal once.
  }, [effect.error])
  const save = useMutation({
    mutationFn: () => client.editOrganization({ params: { name }, body: settings }),
    onSuccess: onSaved,
    onError: onRefused,
  })
  return (
    <Stack>
      <Loaded query={effect}>
        {({ effects, plan }) => {
          const removals = removalsOf(plan)
          const { operations } = plan.totals
          return (
            <>
              <List size="sm">
                {effects.map((line) => (
                  <List.Item key={line} className="wrap">
                    {line}
                  </List.Item>
                ))}
              </List>
              <Text size="sm">
                {operations === 0
                  ? 'Nothing would change in AWS.'
                  : `The plan would be: ${formatCount(operations - removals)} added or changed, ${formatCount(removals)} removed.`}
                {plan.totals.held > 0 && ` ${formatCount(plan.totals.held)} removals would be held back.`}
              </Text>
              {operations > 0 && (
                <DataTable
                  label="The plan with these settings"
                  rows={plan.operations}
                  columns={OPERATION_COLUMNS}
                  idOf={({ key }) => key}
                  total={operations}
                />
              )}
              {plan.operations.length < operations && (
                <Text size="sm" c="dimmed">
                  The first {formatCount(plan.operations.length)} of {formatCount(operations)}.
                </Text>
              )}
            </>
          )
        }}
      </Loaded>
      {save.isError && <Problem error={save.error} />}
      <Group>
        <Button disabled={!effect.isSuccess} loading={save.isPending} onClick={() => save.mutate()}>
          Save settings
        </Button>
        <Button variant="default" onClick={onClose}>
          Go back
        </Button>
      </Group>
    </Stack>
  )
}
