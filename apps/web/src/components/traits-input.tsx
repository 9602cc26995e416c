import { Textarea } from '@mantine/core'
import type { ChangeEventHandler, FocusEvent } from 'react'

interface TraitsInputProps {
  readonly label: string
  /** As `formatTraits` writes them. */
  readonly value: string
  /** Whether they fit in lines. */
  readonly isWritable: boolean
  readonly error: string | undefined
  readonly onBlur: (event: FocusEvent) => void
  readonly onChange: ChangeEventHandler<HTMLTextAreaElement>
}

export const TraitsInput = ({ isWritable, ...props }: TraitsInputProps) => (
  <Textarea
    {...props}
    description={
      isWritable
        ? 'One value on each line, such as team = web'
        : 'They hold what does not fit in lines: change them with "tctl edit".'
    }
    disabled={!isWritable}
    autosize
    minRows={3}
    maxRows={12}
  />
)
