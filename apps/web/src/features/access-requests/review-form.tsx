import { type AccessRequestDetailView, contract } from '@gatehouse/api'
import { Alert, Button, Card, Checkbox, Group, Stack, Text, Textarea, Title } from '@mantine/core'
import { useState } from 'react'
import { client } from '../../app/client.ts'
import { Problem } from '../../components/problem.tsx'
import { parseFormOf } from '../../components/parse-form.ts'
import { useDraft } from '../../components/use-draft.ts'
import { useFields } from '../../components/use-fields.ts'
import { Name } from '../../components/name.tsx'
import { Promote } from './promote.tsx'
import { sayRow } from './say-row.ts'
import { useChange } from './use-change.ts'

/** What is typed, and the rows that are not to be approved. */
interface Review {
  readonly reason: string
  readonly left: readonly string[]
}
const START: Review = { reason: '', left: [] }

/** Approve all or part of what is shown, deny it, or answer with membership. */
export function ReviewForm({ request }: { readonly request: AccessRequestDetailView }) {
  const { id, rows, shown } = request
  const draft = useDraft(`request-review.${id}`, START, parseFormOf(START))
  const { reason } = draft.value
  const left = new Set(draft.value.left)
  const [seen, setSeen] = useState(shown?.hash)
  if (seen === undefined && shown?.hash !== undefined) setSeen(shown.hash)
  const hasChanged = shown?.hash !== undefined && seen !== undefined && shown.hash !== seen
  const chosen = rows.filter(({ id: row }) => !left.has(row))
  const fields = useFields({
    values: { reason },
    places: { reason: 'body.reason' },
    sent: [contract.reviewAccessRequest, { verdict: 'deny', reason }],
  })
  const review = useChange(id, (verdict: 'approve' | 'deny') => {
    const part = verdict === 'approve' && chosen.length < rows.length ? { rows: chosen.map(({ id: row }) => row) } : {}
    const body = { verdict, reason, ...part, ...(verdict === 'approve' ? { shown: shown?.hash } : {}) }
    return client.reviewAccessRequest({ params: { id }, body })
  })
  const answer = (verdict: 'approve' | 'deny'): void =>
    review.mutate(verdict, { onSuccess: draft.clear, onError: fields.refuse })
  const toggle = (row: string): void => draft.set({ reason, left: [...left.symmetricDifference(new Set([row]))] })
  const isUnknown = shown?.hash === undefined
  return (
    <section aria-labelledby="review">
      <Title order={2} id="review" mb="xs">
        Your review
      </Title>
      <Card withBorder>
        <Stack gap="sm">
          {rows.length > 1 && (
            <Checkbox.Group
              label="Approve"
              description="What you leave out is denied."
              value={chosen.map((row) => row.id)}
            >
              <Stack gap={6} mt="xs">
                {rows.map((row) => (
                  <Checkbox
                    key={row.id}
                    value={row.id}
                    label={<Name text={sayRow(row, request)} most={300} />}
                    onChange={() => toggle(row.id)}
                  />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
          <Textarea
            label="Why"
            description="Shown to whoever asked, and kept in the audit log."
            autosize
            minRows={2}
            maxLength={4096}
            value={reason}
            {...fields.at('reason')}
            onChange={(event) => draft.set({ ...draft.value, reason: event.currentTarget.value })}
          />
          {fields.problem !== undefined && <Problem error={fields.problem} />}
          <Group>
            <Button
              onClick={fields.onSubmit(() => answer('approve'))}
              loading={review.isPending && review.variables === 'approve'}
              disabled={isUnknown || hasChanged || chosen.length === 0 || request.longTerm !== undefined}
            >
              {chosen.length === rows.length ? 'Approve request' : `Approve ${chosen.length} of ${rows.length}`}
            </Button>
            <Button
              variant="default"
              onClick={fields.onSubmit(() => answer('deny'))}
              loading={review.isPending && review.variables === 'deny'}
            >
              Deny request
            </Button>
            <Promote request={request} />
          </Group>
          {hasChanged && (
            <Alert color="yellow" title="What this would give has changed since you opened the page" role="alert">
              <Text size="sm" mb="xs">
                Read above what it allows now. An approval is for exactly that.
              </Text>
              <Button size="xs" variant="default" onClick={() => setSeen(shown.hash)}>
                I have read it
              </Button>
            </Alert>
          )}
          {request.longTerm !== undefined && (
            <Text size="sm">
              It asks for access for good, which is answered with membership of a list that gives it, or denied.
            </Text>
          )}
          {isUnknown && (
            <Text size="sm">Nobody can approve while the permission sets can not be read from AWS. Denying works.</Text>
          )}
        </Stack>
      </Card>
    </section>
  )
}
