import { type AccessRequestDetailView, contract } from '@gatehouse/api'
import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { client } from '../../app/client.ts'
import { sessionQuery, useSession } from '../../app/session.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Problem } from '../../components/problem.tsx'
import { parseFormOf } from '../../components/parse-form.ts'
import { useDraft } from '../../components/use-draft.ts'
import { showToast } from '../../components/toasts.tsx'
import { useFields } from '../../components/use-fields.ts'
import { Name } from '../../components/name.tsx'
import { SessionsEnd } from '../../components/sessions-end.tsx'
import { isOver } from './life-of-request.ts'
import { useChange } from './use-change.ts'

/** What whoever has the access may do with it. */
export function OwnActions({ request }: { readonly request: AccessRequestDetailView }) {
  const { may, state } = request
  return (
    <>
      {!isOver(request, Date.now()) && <Assume request={request} />}
      {may.prolong && <Prolong request={request} />}
      {may.return && <Return request={request} />}
      {may.delete && state === 'pending' && <Withdraw request={request} />}
    </>
  )
}

/** Roles that were approved count in this browser once it has assumed them; what they give in AWS is there anyway. */
function Assume({ request: { id } }: { readonly request: AccessRequestDetailView }) {
  const session = useSession()
  const queries = useQueryClient()
  const running = session?.activeRequests.find((one) => one.id === id)
  const isAssumed = session?.assumed.some((one) => one.id === id) ?? false
  const change = useMutation({
    mutationFn: () => client.changeAssumed({ body: isAssumed ? { drop: [id] } : { assume: [id] } }),
    async onSuccess(changed) {
      queries.setQueryData(sessionQuery.queryKey, changed)
      await queries.invalidateQueries()
    },
  })
  if (!running || running.roles.length === 0) return null
  return (
    <>
      <Button variant="default" loading={change.isPending} onClick={() => change.mutate()}>
        {isAssumed ? 'Drop its roles' : 'Assume its roles'}
      </Button>
      {change.isError && <Problem error={change.error} />}
    </>
  )
}

function Return({ request: { id, user, longestSession } }: { readonly request: AccessRequestDetailView }) {
  const [isOpen, { open, close }] = useDisclosure()
  const change = useChange(id, () => client.returnAccess({ params: { id }, body: {} }))
  return (
    <>
      <Button variant="default" onClick={open}>
        End access now
      </Button>
      <Modal opened={isOpen} onClose={close} title="End this access now?">
        <Stack>
          <Text>
            <Name text={user} /> loses in AWS within a few seconds what is held in no other way.{' '}
            <SessionsEnd longest={longestSession} />
          </Text>
          {change.isError && <Problem error={change.error} />}
          <Group>
            <Button
              color="red"
              loading={change.isPending}
              onClick={() => change.mutate(undefined, { onSuccess: close })}
            >
              End the access
            </Button>
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}

function Prolong({ request: { id, duration } }: { readonly request: AccessRequestDetailView }) {
  const [isOpen, { open, close }] = useDisclosure()
  const start = { lasts: duration, reason: '' }
  const draft = useDraft(`prolong.${id}`, start, parseFormOf(start))
  const { lasts, reason } = draft.value
  const navigate = useNavigate()
  const queries = useQueryClient()
  const body = { prolongs: id, reason, ...(lasts.trim() === '' ? {} : { maxDuration: lasts.trim() }) }
  const fields = useFields({
    values: draft.value,
    places: { lasts: 'body.maxDuration', reason: 'body.reason' },
    sent: [contract.createAccessRequest, body],
  })
  const file = useMutation({
    mutationFn: () => client.createAccessRequest({ body }),
    onError: fields.refuse,
    async onSuccess(filed) {
      draft.clear()
      await queries.invalidateQueries({ queryKey: ['requests'] })
      await navigate({ to: '/requests/$id', params: { id: filed.id } })
      close()
    },
  })
  return (
    <>
      <Button variant="default" onClick={open}>
        Prolong access
      </Button>
      <Modal opened={isOpen} onClose={close} title="Ask for the same again?">
        <form {...fields.form} onSubmit={fields.onSubmit(() => file.mutate())}>
          <Stack>
            <Text size="sm">Another request is filed. Approved in time, it goes on without a gap.</Text>
            <TextInput
              label="How much longer"
              description="Such as 90m, 8h or 2d"
              value={lasts}
              {...fields.at('lasts')}
              onChange={(event) => draft.set({ lasts: event.currentTarget.value, reason })}
            />
            <Textarea
              label="Why"
              maxLength={4096}
              value={reason}
              {...fields.at('reason')}
              onChange={(event) => draft.set({ lasts, reason: event.currentTarget.value })}
            />
            {fields.problem !== undefined && <Problem error={fields.problem} />}
            <Button type="submit" loading={file.isPending}>
              Request access
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  )
}

function Withdraw({ request: { id } }: { readonly request: AccessRequestDetailView }) {
  const [isOpen, { open, close }] = useDisclosure()
  const navigate = useNavigate()
  const queries = useQueryClient()
  return (
    <>
      <Button variant="default" onClick={open}>
        Withdraw request
      </Button>
      <Confirm
        opened={isOpen}
        onClose={close}
        title="Withdraw this request?"
        verb="Withdraw request"
        run={() => client.deleteAccessRequest({ params: { id } })}
        onDone={() => {
          showToast('The request is withdrawn.')
          void queries.invalidateQueries({ queryKey: ['requests'] })
          void navigate({ to: '/requests', search: { show: 'mine' } })
        }}
      >
        <Text size="sm">
          Nobody can approve it any more, and it is listed no more, with the reason that you gave. Nothing changes in
          AWS.
        </Text>
      </Confirm>
    </>
  )
}
