import { Button, CloseButton, Group, Paper, Portal, Stack, Text } from '@mantine/core'
import { useSyncExternalStore } from 'react'

interface Toast {
  readonly id: number
  readonly text: string
  readonly remedy: Remedy | undefined
}

/** What may still be done about it, and how the button says so. */
export interface Remedy {
  readonly verb: string
  readonly run: () => void
}

/** Long enough to read it and to change one's mind. */
const SHOWN_MS = 8_000
const AGAIN_MS = 2_000
const MOST = 3
let toasts: readonly Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

function change(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

const dismiss = (id: number): void => change(toasts.filter((toast) => toast.id !== id))

/** Says what has been done, with a button for what takes it back where that is possible. */
export function showToast(text: string, remedy?: Remedy): void {
  const id = nextId++
  change([...toasts, { id, text, remedy }].slice(-MOST))
  dismissLater(id, SHOWN_MS)
}

/** Not while somebody is about to press what stands on it. */
function dismissLater(id: number, after: number): void {
  setTimeout(() => {
    if (document.querySelector('.toasts:is(:hover, :focus-within)') === null) dismiss(id)
    else dismissLater(id, AGAIN_MS)
  }, after)
}

/** Where toasts show up; there all the time, so that what comes is read out. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  return (
    <Portal>
      <Stack className="toasts" gap="xs" role="status" aria-live="polite">
        {shown.map(({ id, text, remedy }) => (
          <Paper key={id} withBorder shadow="md" p="xs" pl="md">
            <Group gap="xs" wrap="nowrap">
              <Text size="sm" className="wrap clamp">
                {text}
              </Text>
              {remedy && (
                <Button
                  size="compact-sm"
                  variant="light"
                  flex="none"
                  onClick={() => {
                    dismiss(id)
                    remedy.run()
                  }}
                >
                  {remedy.verb}
                </Button>
              )}
              <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismiss(id)} />
            </Group>
          </Paper>
        ))}
      </Stack>
    </Portal>
  )
}
