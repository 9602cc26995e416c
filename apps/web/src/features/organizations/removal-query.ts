import type { RemovalReportView } from '@gatehouse/api'
import { infiniteQueryOptions } from '@tanstack/react-query'
import { lookEvery } from '../../app/changes.ts'
import { client } from '../../app/client.ts'

export interface Choice {
  /** Somebody says that Identity Center has another identity source by now. */
  readonly identitySourceChanged: boolean
  readonly strip: boolean
  /** Keys of access with an end, or that was taken away here, that may stay in AWS. */
  readonly release: readonly string[]
  /** Takes away in AWS first what Gatehouse made there. */
  readonly removeMade: boolean
}

const PAGE = 1000

/** What is asked for, and what somebody has said. */
export const removalOf = (name: string, { release, ...said }: Choice, cursor = '') => ({
  params: { name },
  query: { limit: PAGE, ...(cursor === '' ? {} : { cursor }) },
  body: { ...said, release: [...release] },
})

/** What would go, by what somebody has said so far. */
export const removalQuery = (name: string, choice: Choice) =>
  infiniteQueryOptions({
    queryKey: ['removal', name, choice],
    queryFn: ({ pageParam, signal }) => client.previewRemoval(removalOf(name, choice, pageParam), signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
    staleTime: 0,
    // What stands against it ends by itself at times, and not all of that is told.
    refetchInterval: ({ state: { data } }) => lookEvery(data?.pages[0]?.begun ? 2_000 : 10_000, 15_000)(),
  })

/** The pages as one report. */
export const wholeOf = (pages: readonly RemovalReportView[]): RemovalReportView | undefined => {
  const [first] = pages
  return (
    first && {
      ...first,
      lists: pages.flatMap(({ lists }) => lists),
      dangling: pages.flatMap(({ dangling }) => dangling),
      withEnd: pages.flatMap(({ withEnd }) => withEnd),
      leaving: pages.flatMap(({ leaving }) => leaving),
      made: pages.flatMap(({ made }) => made),
      stays: pages.flatMap(({ stays }) => stays),
    }
  )
}
