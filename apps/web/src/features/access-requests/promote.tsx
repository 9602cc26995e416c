import type { AccessRequestDetailView } from '@gatehouse/api'
import { Button, Group, Menu, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { client } from '../../app/client.ts'
import { endOfDay } from '../../components/days.ts'
import { PageLink } from '../../components/link.tsx'
import { Problem } from '../../components/problem.tsx'
import { useChange } from './use-change.ts'

type Candidate = AccessRequestDetailView['promotionCandidates'][number]

/** Lasting access instead of access that ends: the requester becomes a member of a list that gives it. */
export function Promote({ request }: { readonly request: AccessRequestDetailView }) {
  const { user, promotionCandidates } = request
  const left = request.promotionCandidatesTotal - promotionCandidates.length
  const [chosen, setChosen] = useState<Candidate>()
  if (promotionCandidates.length === 0) return null
  return (
    <>
      <Menu withinPortal>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
            Make a member
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{user} becomes a member of</Menu.Label>
          {promotionCandidates.map((list) => (
            <Menu.Item key={list.id} onClick={() => setChosen(list)}>
              {list.title}
            </Menu.Item>
          ))}
          {left > 0 && <Menu.Label>and {left} more, which fit less well</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title={
          <span className="wrap clamp">
            Make {user} a member of "{chosen?.title}"?
          </span>
        }
      >
        {chosen && <Form request={request} list={chosen} onClose={() => setChosen(undefined)} />}
      </Modal>
    </>
  )
}

function Form({
  request: { id, user },
  list,
  onClose,
}: {
  readonly request: AccessRequestDetailView
  readonly list: Candidate
  readonly onClose: () => void
}) {
  const [until, setUntil] = useState('')
  const [reason, setReason] = useState('')
  const promote = useChange(id, () =>
    client.promoteAccessRequest({
      params: { id },
      body: { list: list.id, reason, ...(until === '' ? {} : { expires: endOfDay(until) }) },
    }),
  )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        promote.mutate(undefined, { onSuccess: onClose })
      }}
    >
      <Stack>
        <Text size="sm">
          {user} gets everything that{' '}
          <PageLink to="/access-lists/$id" params={{ id: list.id }} size="sm" underline="always" target="_blank">
            the list
          </PageLink>{' '}
          gives, which may be more than was asked for, until somebody takes it back. The request ends with that.
        </Text>
        <TextInput
          type="date"
          label="Until the end of"
          description="Left empty, for as long as the owners leave it so."
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <Textarea
          label="Why"
          autosize
          minRows={2}
          maxLength={4096}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {promote.isError && <Problem error={promote.error} />}
        <Group>
          <Button type="submit" loading={promote.isPending}>
            Make a member
          </Button>
          <Button variant="default" onClick={onClose}>
            Go back
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
