import { Button, Stack, Text } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { Page } from '../components/page.tsx'
import { Problem } from '../components/problem.tsx'

/** A page that could not be drawn: a fault of ours, or a part of the interface that an upgrade has taken away. */
export function PageFailed({ error }: ErrorComponentProps) {
  return (
    <Page title="This page could not be shown">
      <Stack align="flex-start">
        <Text>
          Nothing was changed by it, here or in AWS. After an upgrade of the server, reloading the page is all it takes.
        </Text>
        <Problem error={error} />
        <Button onClick={() => location.reload()}>Reload the page</Button>
      </Stack>
    </Page>
  )
}
