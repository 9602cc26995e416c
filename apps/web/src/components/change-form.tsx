import { Modal, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { ApplyChange } from './apply-change.tsx'
import { FormButtons } from './form-buttons.tsx'
import { KeptDraft } from './kept-draft.tsx'
import type { useFields } from './use-fields.ts'

type OnDone = Parameters<typeof ApplyChange>[0]['onDone']

interface ChangeFormProps {
  readonly title: string
  /** Asked when it is looked at before it is saved. */
  readonly question: string
  readonly verb: string
  readonly mode: 'create' | 'update'
  /** What is typed, as `useDraft` keeps it; whoever holds it holds it while the change is looked at, too. */
  readonly draft: { readonly isKept: boolean; readonly clear: () => void }
  /** Its fields, and what is wrong with them. */
  readonly fields: Omit<ReturnType<typeof useFields>, 'at'>
  /** The document, or nothing while it can't be written. */
  readonly write: () => string | undefined
  readonly onClose: () => void
  readonly onDone: OnDone
  readonly children: ReactNode
}

/** A form in a dialog, and then what saving it would do; going back finds it as it was. */
export function ChangeForm(props: ChangeFormProps) {
  const { title, question, verb, mode, draft, fields, write, onClose, onDone, children } = props
  const [checked, setChecked] = useState<string>()
  const [wasKept] = useState(draft.isKept)
  return (
    <>
      <Modal
        opened={checked === undefined}
        onClose={onClose}
        title={<span className="wrap clamp">{title}</span>}
        size="lg"
      >
        <form {...fields.form} onSubmit={fields.onSubmit(() => setChecked(write()))}>
          <Stack>
            {wasKept && draft.isKept && (
              <KeptDraft
                onClear={() => {
                  draft.clear()
                  fields.reset()
                }}
              />
            )}
            {children}
            <FormButtons
              verb={verb}
              onLeave={() => {
                draft.clear()
                onClose()
              }}
            />
          </Stack>
        </form>
      </Modal>
      <ApplyChange
        change={checked === undefined ? undefined : { text: checked, mode }}
        title={question}
        verb={verb}
        onClose={() => setChecked(undefined)}
        onRefused={(error) => {
          if (fields.refuse(error)) setChecked(undefined)
        }}
        onDone={(results, replaced) => {
          draft.clear()
          onDone(results, replaced)
        }}
      />
    </>
  )
}
