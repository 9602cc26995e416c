import { queryOptions } from '@tanstack/react-query'
import { lookEvery } from '../../app/changes.ts'
import { client } from '../../app/client.ts'
import { pagesOf } from '../../components/pages.ts'

export interface Asked {
  readonly user?: string | undefined
  readonly account?: string | undefined
  readonly permissionSet?: string | undefined
}

/** As many as a picture bears. */
const MOST_WAYS = 300

export const whyQuery = ({ user = '', account, permissionSet }: Asked) =>
  queryOptions({
    queryKey: ['why', user, account, permissionSet],
    queryFn: ({ signal }) =>
      client.explainAccess({ query: { user, account, permissionSet, limit: MOST_WAYS } }, signal),
  })

/** Read again when AWS has said something, like `whyQuery`: the first part of the key says so. */
export const timelineQuery = ({ user = '', account = '', permissionSet = '' }: Asked) =>
  queryOptions({
    queryKey: ['why', 'timeline', user, account, permissionSet],
    queryFn: ({ signal }) => client.getAccessTimeline({ query: { user, account, permissionSet } }, signal),
    refetchInterval: lookEvery(10_000),
  })

const PAGE = 100

export const whoCanQuery = ({ account = '', permissionSet }: Asked) =>
  pagesOf(['who-can', account, permissionSet], (cursor, signal) =>
    client.listWhoCan({ query: { account, permissionSet, limit: PAGE, cursor } }, signal),
  )
