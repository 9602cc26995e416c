import { ApiProblem } from '@gatehouse/api'
import { Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { Problem } from './problem.tsx'

/** A question, what the answer means, and the verb. What removes more than the server allows at once is confirmed by its number. */
export function Confirm({
  opened,
  onClose,
  title,
  verb,
  color = 'red',
  about,
  run,
  onDone,
  children,
}: {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: string
  readonly verb: string
  /** Red for what takes something away. */
  readonly color?: 'red' | 'indigo'
  /** What was chosen in the question: an answer to another choice is forgotten. */
  readonly about?: string
  readonly run: (confirmRemovals: number | undefined) => Promise<unknown>
  readonly onDone: () => void
  readonly children: ReactNode
}) {
  const change = useMutation({ mutationFn: run })
  const number = change.error instanceof ApiProblem ? change.error.details.confirm : undefined
  const { reset } = change
  useEffect(() => reset(), [about, reset])
  const close = (): void => {
    change.reset()
    onClose()
  }
  return (
    <Modal opened={opened} onClose={close} title={<span className="wrap clamp">{title}</span>}>
      <Stack>
        {children}
        {change.isError && <Problem error={change.error} />}
        <Group>
          <Button
            color={color}
            loading={change.isPending}
            onClick={() =>
              change.mutate(number, {
                onSuccess() {
                  close()
                  onDone()
                },
              })
            }
          >
            {number === undefined ? verb : `${verb}: all ${number} removals are meant`}
          </Button>
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
