import { Button, Group } from '@mantine/core'

/** What sends a form, and what leaves it. */
export function FormButtons({
  verb,
  isBusy = false,
  leave = 'Leave it',
  onLeave,
}: {
  readonly verb: string
  readonly isBusy?: boolean
  readonly leave?: string
  readonly onLeave: () => void
}) {
  return (
    <Group>
      <Button type="submit" loading={isBusy}>
        {verb}
      </Button>
      <Button variant="default" onClick={onLeave}>
        {leave}
      </Button>
    </Group>
  )
}
