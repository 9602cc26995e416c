import type { ResourceView } from '@gatehouse/api'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../app/client.ts'

const PAGE = 1000

export interface Resources {
  readonly accounts: readonly ResourceView[]
  readonly warning: string | undefined
  readonly isComplete: boolean
}

/** Everything that the viewer has or may ask for, read once and searched here. */
export const resourcesQuery = queryOptions({
  queryKey: ['resources'],
  queryFn: async ({ signal }): Promise<Resources> => {
    const accounts: ResourceView[] = []
    let cursor: string | undefined
    for (;;) {
      const page = await client.listResources({ query: { limit: PAGE, cursor, requestable: true } }, signal)
      accounts.push(...page.items)
      cursor = page.next
      if (cursor === undefined) return { accounts, warning: page.warning, isComplete: page.isComplete }
    }
  },
  staleTime: 30_000,
})
