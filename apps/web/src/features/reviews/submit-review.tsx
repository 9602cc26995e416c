import type { AccessListDetailView, ReviewRowView } from '@gatehouse/api'
import { ApiProblem, contract } from '@gatehouse/api'
import { Button, Group, List, Modal, Select, SimpleGrid, Stack, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { useDates } from '../../components/date-format.ts'
import { formatCount } from '../../components/format-count.ts'
import { Problem } from '../../components/problem.tsx'
import { LONGEST_SESSION, SessionsEnd } from '../../components/sessions-end.tsx'
import { showToast } from '../../components/toasts.tsx'
import { longestOf } from '../../components/say-duration.ts'
import { sayName } from '../../components/say-name.ts'
import { useFields } from '../../components/use-fields.ts'
import { nameOf } from './review-columns.tsx'
import type { DraftKeeper } from './keep-draft.ts'
import { isSame, memberOf, type ReviewDraft, rowKey } from './review-draft.ts'

interface SubmitProps {
  readonly list: AccessListDetailView
  readonly draft: ReviewDraft
  readonly keeper: DraftKeeper
  /** Whether it is known what was decided elsewhere. */
  readonly isRead: boolean
  readonly undecided: number
  /** By `rowKey`. */
  readonly removed: readonly string[]
  readonly rows: readonly ReviewRowView[]
}

export function SubmitReview(props: SubmitProps) {
  const { list, keeper, isRead, undecided, removed } = props
  const [isOpen, { open, close }] = useDisclosure()
  const words = removed.length === 0 ? 'Submit review' : `Submit review, remove ${removed.length}`
  const left = isRead && undecided > 0 && (
    <Text size="sm" c="dimmed">
      {formatCount(undecided)} not decided yet
    </Text>
  )
  return (
    <>
      {left}
      <Button
        onClick={() => {
          keeper.look()
          open()
        }}
        disabled={!isRead || undecided > 0}
      >
        {words}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={<span className="wrap clamp">Submit the review of "{sayName(list.title)}"?</span>}
      >
        <Form {...props} words={words} left={left} onClose={close} />
      </Modal>
    </>
  )
}

const FREQUENCIES = [
  { value: '1', label: 'every month' },
  { value: '3', label: 'every three months' },
  { value: '6', label: 'every six months' },
  { value: '12', label: 'every year' },
]
const DAYS = [
  { value: '1', label: 'on the 1st' },
  { value: '15', label: 'on the 15th' },
  { value: '31', label: 'on the last day' },
]
const MONTHS = [1, 3, 6, 12] as const
const DAY_NUMBERS = [1, 15, 31] as const

function Form({
  list,
  draft,
  keeper,
  isRead,
  undecided,
  removed,
  rows,
  words,
  left,
  onClose,
}: SubmitProps & { readonly words: string; readonly left: ReactNode; readonly onClose: () => void }) {
  const [frequency, setFrequency] = useState(String(list.frequencyMonths))
  const [dayOfMonth, setDay] = useState(String(list.dayOfMonth))
  const navigate = getRouteApi('/reviews/$id').useNavigate()
  const dates = useDates()
  const { notes } = draft
  const months = MONTHS.find((known) => String(known) === frequency && known !== list.frequencyMonths)
  const date = DAY_NUMBERS.find((known) => String(known) === dayOfMonth && known !== list.dayOfMonth)
  const body = {
    notes,
    removeMembers: removed.map(memberOf),
    revision: list.revision,
    ...(months === undefined ? {} : { frequencyMonths: months }),
    ...(date === undefined ? {} : { dayOfMonth: date }),
  }
  const fields = useFields({
    values: { notes, frequency, dayOfMonth },
    places: { notes: 'body.notes', frequency: 'body.frequencyMonths', dayOfMonth: 'body.dayOfMonth' },
    sent: [contract.createAccessListReview, body],
  })
  const submit = useMutation({
    mutationFn: async (confirmRemovals: number | undefined) => {
      // Nothing is to come after the review, and nothing is submitted that was not looked at.
      await keeper.settle()
      if (!isSame(draft, keeper.get().draft)) throw changedElsewhere()
      return client.createAccessListReview({
        params: { id: list.id },
        body: { ...body, ...(confirmRemovals === undefined ? {} : { confirmRemovals }) },
      })
    },
    onError: fields.refuse,
    async onSuccess({ review: { nextAuditDate }, waitingFor }) {
      keeper.end()
      const next = nextAuditDate === undefined ? '' : ` The next one is due on ${dates.day(new Date(nextAuditDate))}.`
      showToast(`"${sayName(list.title)}" is reviewed.${next}${waitingFor === undefined ? '' : ` ${waitingFor}`}`)
      void queryClient.invalidateQueries({ queryKey: ['tasks'] })
      void queryClient.invalidateQueries({ queryKey: ['access-list', list.id] })
      await queryClient.invalidateQueries({ queryKey: ['access-lists'] })
      await navigate({ to: '/reviews' })
    },
  })
  const confirm = submit.error instanceof ApiProblem ? submit.error.details.confirm : undefined
  return (
    <form {...fields.form} onSubmit={fields.onSubmit(() => submit.mutate(confirm))}>
      <Stack>
        <Consequence list={list} removed={removed} rows={rows} />
        <Textarea
          label="Notes"
          description="Kept with the review."
          autosize
          minRows={2}
          maxRows={10}
          maxLength={4096}
          data-autofocus
          value={notes}
          readOnly={submit.isPending}
          {...fields.at('notes')}
          onChange={(event) => keeper.change({ verdicts: new Map(), notes: event.currentTarget.value })}
        />
        <SimpleGrid cols={2}>
          <Select
            label="Reviewed"
            data={FREQUENCIES}
            value={frequency}
            {...fields.at('frequency')}
            allowDeselect={false}
            onChange={(chosen) => chosen !== null && setFrequency(chosen)}
          />
          <Select
            label="Day"
            data={DAYS}
            value={dayOfMonth}
            {...fields.at('dayOfMonth')}
            allowDeselect={false}
            onChange={(chosen) => chosen !== null && setDay(chosen)}
          />
        </SimpleGrid>
        {fields.problem !== undefined && <Problem error={fields.problem} />}
        <Group>
          {/* The list may have changed since the question was opened. */}
          <Button
            type="submit"
            loading={submit.isPending}
            disabled={!isRead || undecided > 0}
            {...(removed.length === 0 ? {} : { color: 'red' })}
          >
            {confirm === undefined ? words : `${words}: all ${confirm} removals are meant`}
          </Button>
          <Button variant="default" onClick={onClose}>
            Go back
          </Button>
          {left}
        </Group>
      </Stack>
    </form>
  )
}

const changedElsewhere = (): ApiProblem =>
  new ApiProblem({
    type: 'about:blank',
    title: 'You have changed this review elsewhere in the meantime.',
    status: 409,
    code: 'conflict',
    remedy: 'It is shown here now: look at it, and submit again.',
    requestId: '',
  })

const SHOWN = 10

function Consequence({ list, removed, rows }: Pick<SubmitProps, 'list' | 'removed' | 'rows'>) {
  const kept = (list.memberCount ?? rows.length) - removed.length
  const gone = new Set(removed)
  const shown = rows.filter((row) => gone.has(rowKey(row)))
  if (removed.length === 0)
    return (
      <Text size="sm">
        {kept === 1 ? 'The one member stays' : `All ${formatCount(kept)} stay`}, and nothing changes in AWS.
      </Text>
    )
  return (
    <>
      <Text size="sm">
        {kept === 1 ? 'One stays' : `${formatCount(kept)} stay`}.{' '}
        {removed.length === 1 ? 'One is' : `${formatCount(removed.length)} are`} removed
        {list.type === '' ? ', and loses in AWS within seconds what is held in no other way:' : ' elsewhere.'}
      </Text>
      <List size="sm" className="loss">
        {shown.slice(0, SHOWN).map((row) => (
          <List.Item key={rowKey(row)} className="wrap">
            {sayName(nameOf(row))}
            {row.losesCount > 0 && `: ${sayLosses(row)}`}
          </List.Item>
        ))}
        {removed.length > SHOWN && <List.Item>and {formatCount(removed.length - SHOWN)} more</List.Item>}
      </List>
      <Text size="sm">
        {/* A draft may name people whose rows are not read yet. */}
        <SessionsEnd
          longest={
            shown.length < removed.length
              ? LONGEST_SESSION
              : longestOf(shown.map(({ longestSession }) => longestSession))
          }
        />
      </Text>
    </>
  )
}

const sayLosses = ({ loses, losesCount }: ReviewRowView): string => {
  const [first] = loses
  if (!first) return ''
  const named = `${sayName(first.permissionSet.name)} on ${sayName(first.account.name)}`
  return losesCount === 1 ? named : `${named} and ${formatCount(losesCount - 1)} more`
}
