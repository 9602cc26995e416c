import { Stack, Text } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'

interface FormPartProps {
  readonly title: string
  /** Something of it is filled in. */
  readonly isSet: boolean
  /** A field of it is marked: it can't be closed until that is mended. */
  readonly isWrong: boolean
  readonly children: ReactNode
}

/** Fields that few need, closed until one of them is filled in or marked. */
export function FormPart({ title, isSet, isWrong, children }: FormPartProps) {
  const [isOpen, setIsOpen] = useState(isSet)
  useEffect(() => {
    // A form that begins anew may have more in it than what was typed.
    if (isSet) setIsOpen(true)
  }, [isSet])
  return (
    <details className="more" open={isOpen || isWrong} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary onClick={(event) => isWrong && event.preventDefault()}>
        <Text span inherit fw={600}>
          {title}
        </Text>
      </summary>
      <Stack mt="xs">{children}</Stack>
    </details>
  )
}
