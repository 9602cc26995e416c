import { Button, Group, Modal, SegmentedControl, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { queryClient } from '../../app/client.ts'
import { ApplyChange, textOf } from '../../components/apply-change.tsx'
import { showToast } from '../../components/toasts.tsx'
import type { LockView } from './locks-query.ts'

const KINDS = [
  { value: 'user', label: 'A user' },
  { value: 'role', label: 'A role' },
  { value: 'access_request', label: 'A request' },
] as const
const LABELS = { user: 'User name', role: 'Role', access_request: 'Id of the request' } as const
const LENGTHS = [
  { value: '1', label: 'for an hour' },
  { value: '8', label: 'for 8 hours' },
  { value: '24', label: 'for a day' },
  { value: '168', label: 'for a week' },
  { value: '', label: 'until somebody removes it' },
]
const HOUR_MS = 3_600_000

/** Opened with a user from the user's own page. */
export function CreateLock({ user, onClose }: { readonly user: string | undefined; readonly onClose: () => void }) {
  const [isOpen, { open, close }] = useDisclosure(user !== undefined)
  const leave = (): void => {
    close()
    onClose()
  }
  return (
    <>
      <Button onClick={open}>Create lock</Button>
      {isOpen && <LockForm user={user ?? ''} onClose={leave} />}
    </>
  )
}

function LockForm({ user, onClose }: { readonly user: string; readonly onClose: () => void }) {
  const [kind, setKind] = useState<LockView['kind']>('user')
  const [target, setTarget] = useState(user)
  const [message, setMessage] = useState('')
  const [hours, setHours] = useState('')
  const [checked, setChecked] = useState<string>()
  const name = target.trim()
  return (
    <>
      <Modal opened={checked === undefined} onClose={onClose} title="What is to be locked?">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            setChecked(lockText({ kind, target: name, message, hours }))
          }}
        >
          <Stack>
            <SegmentedControl
              aria-label="What is locked"
              data={[...KINDS]}
              value={kind}
              onChange={(value) => setKind(KINDS.find((known) => known.value === value)?.value ?? 'user')}
            />
            <TextInput
              label={LABELS[kind]}
              required
              data-autofocus
              value={target}
              onChange={(event) => setTarget(event.currentTarget.value)}
            />
            <Select
              label="How long"
              data={LENGTHS}
              value={hours}
              allowDeselect={false}
              onChange={(value) => setHours(value ?? '')}
            />
            <Textarea
              label="Why"
              description="Shown to whoever is locked."
              autosize
              minRows={2}
              maxRows={8}
              maxLength={1000}
              value={message}
              onChange={(event) => setMessage(event.currentTarget.value)}
            />
            <Group>
              <Button type="submit">Create lock</Button>
              <Button variant="default" onClick={onClose}>
                Leave it
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
      <ApplyChange
        change={checked === undefined ? undefined : { text: checked, mode: 'create' }}
        title={`Lock ${name}?`}
        verb="Create lock"
        onClose={() => setChecked(undefined)}
        onDone={() => {
          showToast(`${name} is locked.`)
          void queryClient.invalidateQueries({ queryKey: ['locks'] })
          void queryClient.invalidateQueries({ queryKey: ['user'] })
          onClose()
        }}
      />
    </>
  )
}

const lockText = ({
  kind,
  target,
  message,
  hours,
}: Pick<LockView, 'kind' | 'target' | 'message'> & { readonly hours: string }): string =>
  textOf({
    kind: 'lock',
    version: 'v2',
    // Nobody reads it: what is locked stands in the target.
    metadata: { name: `lock-${crypto.getRandomValues(new Uint32Array(3)).join('-')}` },
    spec: {
      target: { [kind]: target },
      message,
      ...(hours === '' ? {} : { expires: new Date(Date.now() + Number(hours) * HOUR_MS).toISOString() }),
    },
  })
