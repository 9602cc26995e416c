import type { Document } from '@gatehouse/api'
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { textOf } from '../../components/apply-change.tsx'
import { ChangeForm } from '../../components/change-form.tsx'
import { hasPassed, minuteOf, ofMinute } from '../../components/days.ts'
import { puttingBack } from '../../components/put-back.ts'
import { showToast } from '../../components/toasts.tsx'
import { parseFormOf } from '../../components/parse-form.ts'
import { useDraft } from '../../components/use-draft.ts'
import { useFields } from '../../components/use-fields.ts'
import { LockReason } from './lock-reason.tsx'
import { lockOf, readLocksAgain, sayLocked } from './locks-query.ts'

interface EditProps {
  readonly document: Document
  readonly onClose: () => void
}

/** Another end and another reason; what is locked stays, and another target is another lock. */
export function EditLock({ document: present, onClose }: EditProps) {
  // What it was when the form opened: what others change meanwhile is not written over.
  const [{ spec = {}, status: _, ...rest }] = useState(present)
  const [lock] = useState(() => lockOf(present))
  const start = {
    revision: typeof rest.metadata.revision === 'string' ? rest.metadata.revision : '',
    message: lock.message,
    end: lock.expires === undefined ? '' : minuteOf(lock.expires),
  }
  const draft = useDraft(`lock.edit.${lock.id}`, start, parseFormOf(start))
  const { revision, message, end } = draft.value
  const set = (part: Partial<typeof start>): void => draft.set({ ...draft.value, ...part })
  const expires = end === start.end ? lock.expires : ofMinute(end)
  const fields = useFields({
    values: draft.value,
    places: { end: 'spec.expires', message: 'spec.message' },
    // An end that was there may have passed meanwhile, and stays what it was.
    wrong: { end: end === start.end ? undefined : hasPassed(expires) },
  })
  return (
    <ChangeForm
      title={`Edit the lock on the ${sayLocked(lock)}`}
      question={`Save the lock on the ${sayLocked(lock)}?`}
      verb="Save lock"
      mode="update"
      draft={draft}
      fields={fields}
      write={() => textOf({ ...rest, metadata: { ...rest.metadata, revision }, spec: { ...spec, message, expires } })}
      onClose={onClose}
      onDone={(_, replaced) => {
        const words = `the lock on the ${sayLocked(lock)}`
        showToast(
          `The lock on the ${sayLocked(lock)} is saved.`,
          puttingBack(replaced, { words, refresh: readLocksAgain }),
        )
        readLocksAgain()
        onClose()
      }}
    >
      <TextInput
        type="datetime-local"
        label="Ends"
        description="In your own time zone. Left empty, when somebody removes it."
        data-autofocus
        value={end}
        {...fields.at('end')}
        onChange={(event) => set({ end: event.currentTarget.value })}
      />
      <LockReason message={message} at={fields.at} onChange={(typed) => set({ message: typed })} />
    </ChangeForm>
  )
}
