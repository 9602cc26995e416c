import { Alert, Button, Group, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'

/** Says that a form is as somebody left it, and begins it anew. */
export function KeptDraft({ onClear }: { readonly onClear: () => void }) {
  return (
    <Alert color="blue" icon={<IconInfoCircle aria-hidden />}>
      <Group justify="space-between">
        <Text size="sm">What you typed is kept in this browser until you save it.</Text>
        <Button size="compact-sm" variant="default" onClick={onClear}>
          Begin anew
        </Button>
      </Group>
    </Alert>
  )
}
