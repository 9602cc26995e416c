import { type ReactNode, useState } from 'react'
import { AsOf, type Refreshed } from './as-of.tsx'
import { Missing } from './missing.tsx'
import { Problem } from './problem.tsx'
import { LinesSkeleton, PageSkeleton, Skeleton } from './skeleton.tsx'

/** Loading, failed and there, alike everywhere. What was there before stays while it is read again. */
export function Loaded<T>({
  query,
  page,
  like = page === undefined ? <LinesSkeleton /> : <PageSkeleton />,
  children,
}: {
  readonly query: Refreshed & {
    readonly data: T | undefined
    readonly error: unknown
    readonly errorUpdateCount?: number
  }
  /** What the whole page is about, such as `access list`: without it there is still a title and a way back. */
  readonly page?: string
  /** Where things will stand. */
  readonly like?: ReactNode
  readonly children: (data: T) => ReactNode
}) {
  // What has failed is tried again now and then, and has no error while it is.
  const [failure, setFailure] = useState(query.error)
  if (query.isError && failure !== query.error) setFailure(query.error)
  const hasFailed = query.isError || ((query.errorUpdateCount ?? 0) > 0 && failure !== null && failure !== undefined)
  if (query.data !== undefined)
    return (
      <>
        {query.isError && <Problem error={query.error} />}
        <AsOf query={query} />
        {children(query.data)}
      </>
    )
  if (!hasFailed) return <Skeleton>{like}</Skeleton>
  if (page === undefined) return <Problem error={failure} />
  return <Missing what={page} error={failure} onRetry={query.refetch} />
}
