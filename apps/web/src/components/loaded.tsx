import { Skeleton, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { Problem } from './problem.tsx'

/** Loading, failed and there, alike everywhere. What was there before stays while it is read again. */
export function Loaded<T>({
  query,
  children,
}: {
  readonly query: { readonly data: T | undefined; readonly isError: boolean; readonly error: unknown }
  readonly children: (data: T) => ReactNode
}) {
  if (query.data !== undefined)
    return (
      <>
        {query.isError && <Problem error={query.error} />}
        {children(query.data)}
      </>
    )
  if (query.isError) return <Problem error={query.error} />
  return (
    <Stack gap="xs" role="group" aria-busy aria-label="Loading">
      <Skeleton height={20} width="40%" />
      <Skeleton height={16} />
      <Skeleton height={16} />
      <Skeleton height={16} width="80%" />
    </Stack>
  )
}
