import type { ResourceOutlineView } from '@gatehouse/api'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../app/client.ts'

/** A permission set as many accounts offer it. */
export interface Offered {
  readonly name: string
  readonly arn: string
  readonly description: string
  /** Its part of the resource id. */
  readonly resource: string
  readonly access: 'granted' | 'pending' | 'requestable'
  readonly requestable: boolean
  readonly until?: string | undefined
}

export interface OfferingAccount {
  readonly organization: string
  readonly account: string
  readonly accountName: string
  readonly tags: Readonly<Record<string, string>>
  readonly path?: string | undefined
  readonly portalUrl: string
  /** One array for all accounts that offer the same. */
  readonly offers: readonly Offered[]
}

export interface Resources {
  readonly accounts: readonly OfferingAccount[]
  readonly resourcePrefix: string
  readonly warning: string | undefined
  readonly isComplete: boolean
}

/** Everything that the viewer has or may ask for, read once and searched here. */
export const resourcesQuery = queryOptions({
  queryKey: ['resources'],
  queryFn: async ({ signal }): Promise<Resources> => {
    const accounts: OfferingAccount[] = []
    let cursor: string | undefined
    for (;;) {
      const page = await client.outlineResources({ query: { cursor } }, signal)
      accounts.push(...readOutline(page))
      cursor = page.next
      const { warning, isComplete, resourcePrefix } = page
      if (cursor === undefined) return { accounts, warning, isComplete, resourcePrefix }
    }
  },
  staleTime: 30_000,
})

/** What somebody has stands before what he may ask for. */
const RANK = { granted: 0, pending: 0, requestable: 1 } as const

function readOutline({ permissionSets, offers, items }: ResourceOutlineView): readonly OfferingAccount[] {
  const read = offers.map((offer) =>
    offer.flatMap(({ set, ...rest }): Offered[] => {
      const known = permissionSets[set]
      return known ? [{ ...known, ...rest }] : []
    }),
  )
  for (const offer of read) offer.sort((a, b) => RANK[a.access] - RANK[b.access])
  return items.map(({ offer, ...account }) => ({ ...account, offers: read[offer] ?? [] }))
}
