import type { AccessRequestDetailView } from '@gatehouse/api'
import { Alert, Button, Card, Group, List, Modal, Stack, Text, Textarea, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { queryOptions, useMutation, useQueries, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../app/client.ts'
import { Facts } from '../../components/facts.tsx'
import { fewAtOnce } from '../../components/few-at-once.ts'
import { formatCount } from '../../components/format-count.ts'
import { LinesSkeleton, Skeleton } from '../../components/skeleton.tsx'
import { describe, Problem } from '../../components/problem.tsx'
import { sayDuration } from '../../components/say-duration.ts'
import { sayName } from '../../components/say-name.ts'
import { showToast } from '../../components/toasts.tsx'
import { useIsGone } from '../../components/use-is-gone.ts'
import { requestQuery } from './requests-query.ts'
import { sayRow } from './say-row.ts'
import { Shown } from './shown.tsx'
import { whatIsAsked } from './what-is-asked.ts'
import { useDraft } from '../../components/use-draft.ts'

export type Verdict = 'approve' | 'deny'

/** What each would give is asked of AWS. */
const inTurn = fewAtOnce(4)

/** It stays as it was when the question was asked: an approval is for what was shown. */
const askedQuery = (id: string) =>
  queryOptions({
    queryKey: ['review', id],
    queryFn: ({ signal }) => inTurn(() => client.getAccessRequest({ params: { id } }, signal)),
    staleTime: Infinity,
    gcTime: 0,
  })

const requests = (count: number): string => (count === 1 ? 'request' : `${count} requests`)
const VERBS = { approve: 'Approve', deny: 'Deny' } as const
const DONE = { approve: 'approved', deny: 'denied' } as const

/** One question about one or several requests, with all that each would give. */
export function ReviewSeveral({
  verdict,
  ids,
  onClose,
  onDone,
}: {
  readonly verdict: Verdict
  readonly ids: readonly string[]
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const { read, unread, isPending } = useQueries({
    queries: ids.map(askedQuery),
    combine: (results) => ({
      read: results.flatMap(({ data }) => (data ? [data] : [])),
      unread: results.flatMap(({ isError, error }) => (isError ? [error] : [])),
      isPending: results.some((one) => one.isPending),
    }),
  })
  return (
    <Modal opened onClose={onClose} size="xl" title={`${VERBS[verdict]} ${requests(ids.length)}?`}>
      {isPending ? (
        <Skeleton>
          <LinesSkeleton />
        </Skeleton>
      ) : (
        <Stack>
          {unread.length > 0 && <NotRead errors={unread} total={ids.length} />}
          {read.length > 0 && <Question verdict={verdict} asked={read} onClose={onClose} onDone={onDone} />}
        </Stack>
      )}
    </Modal>
  )
}

/** Those that could be read are asked about all the same. */
function NotRead({
  errors: [first, ...others],
  total,
}: {
  readonly errors: readonly unknown[]
  readonly total: number
}) {
  return (
    <>
      <Problem error={first} />
      {total > 1 && (
        <Text size="sm">
          {formatCount(others.length + 1)} of {formatCount(total)} requests can’t be read, and{' '}
          {others.length === 0 ? 'is' : 'are'} left out.
        </Text>
      )}
    </>
  )
}

interface Refused {
  readonly request: AccessRequestDetailView
  readonly error: unknown
}

function Question({
  verdict,
  asked,
  onClose,
  onDone,
}: {
  readonly verdict: Verdict
  readonly asked: readonly AccessRequestDetailView[]
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const draft = useDraft(`review-several.${verdict}`, '', (kept) => (typeof kept === 'string' ? kept : undefined))
  const reason = draft.value
  const [left, setLeft] = useState(asked)
  const queries = useQueryClient()
  const isGone = useIsGone()
  const leave = (): void => {
    draft.clear()
    onClose()
  }
  const possible = left.filter((request) => whyNot(verdict, request) === undefined)
  const review = useMutation({
    mutationFn: () => reviewEach(possible, verdict, reason),
    onSuccess({ reviewed, refused }) {
      for (const request of reviewed) queries.setQueryData(requestQuery(request.id).queryKey, request)
      for (const key of ['requests', 'tasks']) void queries.invalidateQueries({ queryKey: [key] })
      for (const { request } of refused) void queries.invalidateQueries({ queryKey: ['request', request.id] })
      const done = new Set(reviewed.map(({ id }) => id))
      setLeft(left.filter(({ id }) => !done.has(id)))
      if (reviewed.length > 0) showToast(sayDone(verdict, reviewed))
      if (isGone.current) return sayRefused(verdict, refused)
      if (done.size < left.length) return
      draft.clear()
      onClose()
      onDone()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        review.mutate()
      }}
    >
      <Stack>
        {left.map((request) => (
          <Asked key={request.id} request={request} verdict={verdict} />
        ))}
        <Textarea
          label="Why"
          description="Shown to whoever asked, and kept in the audit log."
          autosize
          minRows={2}
          maxLength={4096}
          value={reason}
          onChange={(event) => draft.set(event.currentTarget.value)}
        />
        {review.isError && <Problem error={review.error} />}
        {review.data && review.data.refused.length > 0 && <NotReviewed refused={review.data.refused} />}
        <Group>
          <Button
            type="submit"
            color={verdict === 'deny' ? 'red' : 'indigo'}
            loading={review.isPending}
            disabled={possible.length === 0}
          >
            {VERBS[verdict]} {requests(possible.length)}
          </Button>
          <Button variant="default" onClick={leave}>
            Leave {left.length === 1 ? 'it' : 'them'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** What keeps somebody from it; the server would refuse it as well. */
function whyNot(verdict: Verdict, { may, longTerm, shown }: AccessRequestDetailView): string | undefined {
  if (!may.review) return 'You may not review it any more.'
  if (verdict === 'deny') return undefined
  if (longTerm) return 'It asks for membership, which is given on its own page.'
  return shown?.hash === undefined
    ? 'Nobody can approve it while its permission sets can not be read from AWS.'
    : undefined
}

/** One after the other: each is a decision of its own, and one that is refused does not keep the others. */
async function reviewEach(asked: readonly AccessRequestDetailView[], verdict: Verdict, reason: string) {
  const reviewed: AccessRequestDetailView[] = []
  const refused: Refused[] = []
  for (const request of asked) {
    const { id, shown } = request
    const body = { verdict, reason, ...(verdict === 'approve' ? { shown: shown?.hash } : {}) }
    try {
      reviewed.push(await client.reviewAccessRequest({ params: { id }, body }))
    } catch (error) {
      refused.push({ request, error })
    }
  }
  return { reviewed, refused }
}

function sayDone(verdict: Verdict, reviewed: readonly AccessRequestDetailView[]): string {
  const [first] = reviewed
  if (reviewed.length > 1 || !first) return `${reviewed.length} requests are ${DONE[verdict]} by you.`
  // One approval of several that it takes is not the end of it.
  return `${whatIsAsked(first)} for ${sayName(first.user)} is ${DONE[verdict]} by you${first.state === 'pending' ? ', and waits for others' : ''}.`
}

/** To whoever has closed the question before the answer came. */
function sayRefused(verdict: Verdict, [first, ...others]: readonly Refused[]): void {
  if (!first) return
  const { title, remedy } = describe(first.error)
  const what = `${whatIsAsked(first.request)} for ${sayName(first.request.user)}`
  const who = others.length === 0 ? `${what} is` : `${what} and ${others.length} more are`
  showToast(`${who} not ${DONE[verdict]}: ${title} ${remedy}`)
}

function Asked({ request, verdict }: { readonly request: AccessRequestDetailView; readonly verdict: Verdict }) {
  const { user, reason, duration, rows, shown, warnings } = request
  const not = whyNot(verdict, request)
  const title = whatIsAsked(request)
  return (
    <Card withBorder padding="sm" component="article" aria-label={`${title} for ${sayName(user)}`}>
      <Stack gap="sm">
        <Title order={3} className="wrap">
          {title}
        </Title>
        {not !== undefined && (
          <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />}>
            {not}
          </Alert>
        )}
        {warnings.map((warning) => (
          <Alert key={warning} color="yellow" icon={<IconAlertTriangle aria-hidden />}>
            {warning}
          </Alert>
        ))}
        <Facts
          facts={[
            ['Asked by', user],
            ['Why', reason],
            ['Lasts', sayDuration(duration)],
            ['Gives', rows.map((row) => sayRow(row, request)).join(', ')],
          ]}
        />
        {verdict === 'approve' && shown && <Shown shown={shown} isOfSeveral />}
      </Stack>
    </Card>
  )
}

function NotReviewed({ refused }: { readonly refused: readonly Refused[] }) {
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title="Not all of them">
      <List size="sm">
        {refused.map(({ request, error }) => {
          const { title, remedy } = describe(error)
          return (
            <List.Item key={request.id} className="wrap">
              {whatIsAsked(request)} for {sayName(request.user)}: {title} {remedy}
            </List.Item>
          )
        })}
      </List>
    </Alert>
  )
}
