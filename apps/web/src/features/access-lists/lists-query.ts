import { queryOptions } from '@tanstack/react-query'
import { lookEvery } from '../../app/changes.ts'
import { client } from '../../app/client.ts'
import { pagesOf } from '../../components/pages.ts'

const PAGE = 200

const LIST_SORTS = ['title', '-title', 'members', '-members', 'review', '-review'] as const

export function listsQuery(search: string | undefined, asked: string | undefined) {
  const sort = LIST_SORTS.find((known) => known === asked)
  return pagesOf(
    ['access-lists', search, sort],
    (cursor, signal) => client.listAccessLists({ query: { limit: PAGE, cursor, search, sort } }, signal),
    1,
  )
}

export const listQuery = (id: string) =>
  queryOptions({
    queryKey: ['access-list', id],
    queryFn: ({ signal }) => client.getAccessList({ params: { id } }, signal),
    // Its groups in AWS change without a change of the list.
    refetchInterval: lookEvery(30_000),
  })

export const MEMBER_KINDS = ['user', 'list', 'aws-only'] as const
const MEMBER_SORTS = ['name', '-name', 'joined', '-joined', 'expires', '-expires'] as const

/** As the address says it. */
export interface MembersAsked {
  readonly search?: string | undefined
  readonly kind?: string | undefined
  readonly sort?: string | undefined
}

export function membersQuery(id: string, asked: MembersAsked) {
  const kind = MEMBER_KINDS.find((known) => known === asked.kind)
  const sort = MEMBER_SORTS.find((known) => known === asked.sort)
  const { search } = asked
  return pagesOf(
    ['access-list', id, 'members', search, kind, sort],
    (cursor, signal) =>
      client.listMembers({ params: { id }, query: { limit: PAGE, cursor, search, kind, sort } }, signal),
    3,
  )
}

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
