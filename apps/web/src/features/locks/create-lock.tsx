import { SegmentedControl, Select, TextInput } from '@mantine/core'
import { client, queryClient } from '../../app/client.ts'
import { textOf } from '../../components/apply-change.tsx'
import { ChangeForm } from '../../components/change-form.tsx'
import { sayOutcome } from '../../components/say-outcome.ts'
import { showToast } from '../../components/toasts.tsx'
import { parseFormOf } from '../../components/parse-form.ts'
import { useDraft } from '../../components/use-draft.ts'
import { required } from '../../components/complaints.ts'
import { sayName } from '../../components/say-name.ts'
import { useFields } from '../../components/use-fields.ts'
import { LockReason } from './lock-reason.tsx'
import { type LockView, readLocksAgain } from './locks-query.ts'

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

/** With a user when it is opened from the user's own page. */
export function LockForm({ user, onClose }: { readonly user: string; readonly onClose: () => void }) {
  const start = { kind: 'user', target: user, message: '', hours: '' }
  const draft = useDraft(`lock.${user}`, start, parseFormOf(start))
  const { target, message, hours } = draft.value
  const kind = kindOf(draft.value.kind)
  const name = target.trim()
  const set = (part: Partial<typeof start>): void => draft.set({ ...draft.value, ...part })
  const fields = useFields({
    values: draft.value,
    places: { target: 'spec.target', hours: 'spec.expires', message: 'spec.message' },
    wrong: { target: required(target) },
  })
  return (
    <ChangeForm
      title="What is to be locked?"
      question={`Lock ${sayName(name)}?`}
      verb="Create lock"
      mode="create"
      draft={draft}
      fields={fields}
      write={() => lockText({ kind, target: name, message, hours })}
      onClose={onClose}
      onDone={([created]) => {
        showToast(
          `${sayName(name)} is locked.`,
          created && { verb: 'Unlock again', run: () => void unlock(created.name, sayName(name)) },
        )
        void queryClient.invalidateQueries({ queryKey: ['locks'] })
        void queryClient.invalidateQueries({ queryKey: ['user'] })
        onClose()
      }}
    >
      <SegmentedControl
        aria-label="What is locked"
        data={[...KINDS]}
        value={kind}
        onChange={(value) => set({ kind: value })}
      />
      <TextInput
        label={LABELS[kind]}
        required
        data-autofocus
        value={target}
        {...fields.at('target')}
        onChange={(event) => set({ target: event.currentTarget.value })}
      />
      <Select
        label="How long"
        data={LENGTHS}
        value={hours}
        {...fields.at('hours')}
        allowDeselect={false}
        onChange={(value) => set({ hours: value ?? '' })}
      />
      <LockReason message={message} at={fields.at} onChange={(typed) => set({ message: typed })} />
    </ChangeForm>
  )
}

async function unlock(id: string, words: string): Promise<void> {
  await sayOutcome(() => client.deleteDocument({ params: { kind: 'lock', name: id } }), {
    done: `${words} is not locked any more.`,
    refused: `${words} is locked still`,
  })
  readLocksAgain()
}

const kindOf = (text: string): LockView['kind'] => KINDS.find(({ value }) => value === text)?.value ?? 'user'

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
