import { queryOptions } from '@tanstack/react-query'
import { lookEvery } from '../../app/changes.ts'
import { client } from '../../app/client.ts'
import { pagesOf } from '../../components/pages.ts'

const PAGE = 200

export const listsQuery = (search: string | undefined) =>
  pagesOf(['access-lists', search], (cursor, signal) =>
    client.listAccessLists({ query: { limit: PAGE, cursor, search } }, signal),
  )

export const listQuery = (id: string) =>
  queryOptions({
    queryKey: ['access-list', id],
    queryFn: ({ signal }) => client.getAccessList({ params: { id } }, signal),
    // Its groups in AWS change without a change of the list.
    refetchInterval: lookEvery(30_000),
  })

export type MemberKind = 'user' | 'list' | 'aws-only'

export const membersQuery = (
  id: string,
  filter: { readonly search?: string | undefined; readonly kind?: MemberKind },
) =>
  pagesOf(['access-list', id, 'members', filter.search, filter.kind], (cursor, signal) =>
    client.listMembers({ params: { id }, query: { limit: PAGE, cursor, ...filter } }, signal),
  )

/** What leaving would cost the one entry. */
export const rowQuery = (id: string, member: string) =>
  queryOptions({
    queryKey: ['access-list', id, 'row', member],
    queryFn: ({ signal }) => client.listReviewRows({ params: { id }, query: { member } }, signal),
    staleTime: 0,
  })

export const reviewsOfQuery = (id: string) =>
  pagesOf(['access-list', id, 'reviews'], (cursor, signal) =>
    client.listAccessListReviews({ params: { id }, query: { limit: 50, cursor } }, signal),
  )

export const eventsOfQuery = (subject: string) =>
  pagesOf(['events', subject], (cursor, signal) =>
    client.listAuditEvents({ query: { limit: 100, cursor, subject } }, signal),
  )

export const listDocumentQuery = (id: string) =>
  queryOptions({
    queryKey: ['access-list', id, 'document'],
    queryFn: ({ signal }) => client.getDocument({ params: { kind: 'access_list', name: id } }, signal),
    staleTime: 0,
  })
