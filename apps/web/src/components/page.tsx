import { Group, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { Crumbs } from './crumbs.tsx'
import { Name } from './name.tsx'
import { sayName } from './say-name.ts'

/** A page's title row and what stands under it. */
export function Page({
  title,
  state,
  actions,
  wide = false,
  children,
}: {
  readonly title: string
  readonly state?: ReactNode
  readonly actions?: ReactNode
  /** Tables take all the room there is, forms and details do not. */
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  useDocumentTitle(`${sayName(title)} · Gatehouse`)
  return (
    <Stack gap="md" maw={wide ? undefined : 1280}>
      <Crumbs hiddenFrom="sm" />
      <Group justify="space-between" gap="sm">
        <Group gap="sm">
          <Title order={1} className="wrap">
            <Name text={title} />
          </Title>
          {state}
        </Group>
        <Group gap="xs">{actions}</Group>
      </Group>
      {children}
    </Stack>
  )
}

/** One sentence and one action, where there is nothing yet. */
export function Empty({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <Stack align="flex-start" gap="xs" py="lg">
      <Text c="dimmed">{children}</Text>
      {action}
    </Stack>
  )
}
