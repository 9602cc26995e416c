import { Affix, Alert, Button, Card, Drawer, Group, List, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconInfoCircle } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { client } from '../../app/client.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Name } from '../../components/name.tsx'
import { Problem } from '../../components/problem.tsx'
import { sayName } from '../../components/say-name.ts'
import { Needs } from '../access-requests/needs.tsx'
import type { CartRow, RequestText } from './cart-draft.ts'

interface CartProps {
  readonly cart: ReadonlyMap<string, CartRow>
  readonly onToggle: (row: CartRow) => void
  readonly text: RequestText
  readonly onType: (text: RequestText) => void
  readonly onDone: () => void
}

/** What was ticked, and the request that it becomes. */
export function Cart(props: CartProps) {
  const { cart } = props
  const [isOpen, { open, close }] = useDisclosure()
  if (cart.size === 0) return null
  return (
    <>
      <Affix position={{ bottom: 20, right: 20 }} hidden={isOpen}>
        <Button size="md" onClick={open}>
          Request access to {cart.size}
        </Button>
      </Affix>
      <Drawer
        opened={isOpen}
        onClose={close}
        position="right"
        title="Request access"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <RequestForm {...props} />
      </Drawer>
    </>
  )
}

function RequestForm({ cart, onToggle, onDone, text, onType }: CartProps) {
  const rows = [...cart.values()]
  const { reason, lasts, begins, reviewers } = text
  const navigate = useNavigate()
  const queries = useQueryClient()
  const body = {
    resources: rows.map(({ resourceId }) => resourceId),
    reason,
    suggestedReviewers: reviewers.split(/[\s,]+/).filter(Boolean),
    ...(lasts.trim() === '' ? {} : { maxDuration: lasts.trim() }),
    ...(begins === '' ? {} : { assumeStartTime: new Date(begins).toISOString() }),
  }
  const file = useMutation({
    mutationFn: () => client.createAccessRequest({ body }),
    async onSuccess(request) {
      await queries.invalidateQueries({ queryKey: ['requests'] })
      await navigate({ to: '/requests/$id', params: { id: request.id } })
      onDone()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        file.mutate()
      }}
    >
      <Stack>
        <Card withBorder padding="sm">
          <List size="sm" spacing={4} listStyleType="none">
            {rows.map((row) => (
              <List.Item key={row.resourceId}>
                <Group justify="space-between" wrap="nowrap">
                  <span className="wrap">
                    <Name text={row.title} />
                  </span>
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    onClick={() => onToggle(row)}
                    aria-label={`Leave out ${sayName(row.title)}`}
                  >
                    Leave out
                  </Button>
                </Group>
              </List.Item>
            ))}
          </List>
        </Card>
        <Textarea
          label="Why do you need it?"
          autosize
          minRows={2}
          maxLength={4096}
          value={reason}
          onChange={(event) => onType({ ...text, reason: event.currentTarget.value })}
        />
        <TextInput
          label="For how long"
          description="Such as 2h or 1d. Left empty: as long as your roles allow."
          value={lasts}
          onChange={(event) => onType({ ...text, lasts: event.currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label="Begins"
          description={`In your time zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}. Left empty: once it is approved.`}
          value={begins}
          onChange={(event) => onType({ ...text, begins: event.currentTarget.value })}
        />
        <TextInput
          label="Suggested reviewers"
          description="User names, divided by commas. Left empty: those your roles name."
          value={reviewers}
          onChange={(event) => onType({ ...text, reviewers: event.currentTarget.value })}
        />
        <DryRun rows={rows} reason={reason} />
        {file.isError && <Problem error={file.error} />}
        <Button type="submit" loading={file.isPending}>
          Ask for it
        </Button>
      </Stack>
    </form>
  )
}

/** Who would have to agree, before anything is saved. */
function DryRun({ rows, reason }: { readonly rows: readonly CartRow[]; readonly reason: string }) {
  const resources = rows.map(({ resourceId }) => resourceId)
  const dryRun = useQuery({
    queryKey: ['dry-run', resources, reason === ''],
    // A reason that is asked for is not what this is about.
    queryFn: ({ signal }) =>
      client.createAccessRequest({ body: { resources, reason: reason || 'dry run', dryRun: true } }, signal),
    staleTime: 60_000,
  })
  return (
    <Loaded query={dryRun}>
      {({ duration, needs, warnings }) => (
        <Stack gap="xs">
          <Text size="sm">
            Your roles allow {duration}. Once approved, AWS has it within seconds, and it ends by itself.
          </Text>
          {warnings.map((warning) => (
            <Alert key={warning} color="yellow" icon={<IconInfoCircle aria-hidden />}>
              {warning}
            </Alert>
          ))}
          <Needs needs={needs} />
        </Stack>
      )}
    </Loaded>
  )
}
