import { Card, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { Crumbs } from './crumbs.tsx'
import { useWaiting } from './waiting.ts'

/** Where something will stand; it takes its room at once, and is seen only when that takes a moment. */
export function Skeleton({ children }: { readonly children: ReactNode }) {
  useWaiting()
  return (
    <div className="skeleton" role="group" aria-label="Loading" aria-busy>
      {children}
    </div>
  )
}

type Width = 'short' | 'middle' | 'long'

export const Bone = ({ width, as = 'line' }: { readonly width: Width; readonly as?: 'line' | 'title' | 'heading' }) => (
  <div className="bone" data-as={as} data-width={width} />
)

export const LinesSkeleton = () => (
  <Stack gap={6} aria-hidden>
    <Bone width="middle" />
    <Bone width="long" />
    <Bone width="short" />
  </Stack>
)

export const CardsSkeleton = () => (
  <Stack gap="xs" aria-hidden>
    {['first', 'second'].map((card) => (
      <Card key={card} withBorder padding="sm">
        <Bone width="middle" />
      </Card>
    ))}
  </Stack>
)

/** A whole page: where it belongs is known already, its title is not. */
export const PageSkeleton = ({
  wide = false,
  children,
}: {
  readonly wide?: boolean
  readonly children?: ReactNode
}) => (
  <Stack gap="md" maw={wide ? undefined : 1280}>
    <Crumbs hiddenFrom="sm" />
    <Group h={36} aria-hidden>
      <Bone width="middle" as="title" />
    </Group>
    {children ?? (
      <Stack gap="lg" aria-hidden>
        <LinesSkeleton />
        <Bone width="short" as="heading" />
        <LinesSkeleton />
        <Bone width="short" as="heading" />
        <LinesSkeleton />
      </Stack>
    )}
  </Stack>
)
