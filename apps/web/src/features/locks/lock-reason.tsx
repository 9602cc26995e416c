import { Textarea } from '@mantine/core'
import type { useFields } from '../../components/use-fields.ts'

/** Why something is locked. */
export const LockReason = ({
  message,
  at,
  onChange,
}: {
  readonly message: string
  readonly at: ReturnType<typeof useFields<'message'>>['at']
  readonly onChange: (message: string) => void
}) => (
  <Textarea
    label="Why"
    description="Shown to whoever is locked."
    autosize
    minRows={2}
    maxRows={8}
    maxLength={1000}
    value={message}
    {...at('message')}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
)
