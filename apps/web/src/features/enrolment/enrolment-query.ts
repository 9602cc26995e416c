import type { EnrolmentView } from '@gatehouse/api'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { everyPage } from '../../components/every-page.ts'
import { client } from '../../app/client.ts'

const PAGE = 200

export const enrolmentsQuery = queryOptions({
  queryKey: ['enrolments'],
  queryFn: ({ signal }) => client.listEnrolments({}, signal),
})

export const enrolmentQuery = (name: string) =>
  queryOptions({
    queryKey: ['enrolment', name],
    queryFn: ({ signal }) => client.getEnrolment({ params: { name } }, signal),
    // Somebody else may go on with it at the same time; and once installed, AWS is being read.
    refetchInterval: ({ state: { data } }) => (data?.installed && stateOf(data, 'verify') !== 'done' ? 3_000 : 15_000),
  })

type Step = EnrolmentView['steps'][number]
export const stepOf = ({ steps }: EnrolmentView, step: Step['step']): Step | undefined =>
  steps.find((one) => one.step === step)
const stateOf = (enrolment: EnrolmentView, step: Step['step']): Step['state'] | undefined =>
  stepOf(enrolment, step)?.state

export const addressQuery = queryOptions({
  queryKey: ['enrolment-address'],
  queryFn: ({ signal }) => client.checkPublicAddress({}, signal),
  staleTime: 60_000,
})

type ScriptBody = NonNullable<Parameters<typeof client.makeSetupScript>[0]>['body']

export const scriptQuery = (body: ScriptBody) =>
  queryOptions({
    queryKey: ['setup-script', body],
    queryFn: ({ signal }) => client.makeSetupScript({ body }, signal),
    placeholderData: (before) => before,
    staleTime: 60_000,
  })

export interface Shown {
  readonly search?: string | undefined
  readonly inside?: boolean | undefined
}

/** What AWS holds, page by page; the server keeps what it has read for five minutes. */
const previewOf = <Page extends { readonly next?: string | undefined }>(
  key: readonly unknown[],
  read: (query: { limit: number; cursor: string | undefined }, signal: AbortSignal) => Promise<Page>,
) =>
  infiniteQueryOptions({
    queryKey: ['enrolment-preview', ...key],
    queryFn: ({ pageParam, signal }) => read({ limit: PAGE, cursor: pageParam === '' ? undefined : pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
    staleTime: 60_000,
  })

export const accountsQuery = (name: string, shown: Shown) =>
  previewOf([name, 'accounts', shown], (query, signal) =>
    client.previewAccounts({ params: { name }, query: { ...query, ...shown } }, signal),
  )
export const groupsQuery = (name: string, shown: Shown) =>
  previewOf([name, 'groups', shown], (query, signal) =>
    client.previewGroups({ params: { name }, query: { ...query, ...shown } }, signal),
  )
/** Who is in a group of AWS, and in the list that was made from it; of large ones the first. */
export const comparedQuery = (name: string, group: { readonly id: string; readonly name: string }) =>
  queryOptions({
    queryKey: ['imported-lists', 'compared', name, group.id],
    queryFn: async ({ signal }) => {
      const query = { search: group.id, memberNames: true, limit: 1 }
      const [groups, list] = await Promise.all([
        client.previewGroups({ params: { name }, query }, signal),
        client.listMembers({ params: { id: group.id }, query: { limit: 200 } }, signal),
      ])
      const there = groups.items[0]?.memberNames ?? []
      const here = list.items.map((member) => (member.kind === 'user' ? member.name : (member.title ?? member.name)))
      return { there, here, isCut: list.next !== undefined || (groups.items[0]?.members ?? 0) > there.length }
    },
    staleTime: 0,
  })
export const permissionSetsQuery = (name: string, { search }: Shown) =>
  previewOf([name, 'permission-sets', search], (query, signal) =>
    client.previewPermissionSets({ params: { name }, query: { ...query, search } }, signal),
  )

export const identitySourceQuery = (name: string) =>
  queryOptions({
    queryKey: ['enrolment-source', name],
    queryFn: ({ signal }) => client.getIdentitySource({ params: { name } }, signal),
  })

export const lockedOutQuery = (name: string, search: string | undefined) =>
  previewOf([name, 'locked-out', search], (query, signal) =>
    client.listLockedOut({ params: { name }, query: { ...query, search } }, signal),
  )

/** All of them, as they are now. */
export const allLockedOutQuery = (name: string, search: string | undefined) =>
  queryOptions({
    queryKey: ['enrolment-preview', name, 'all-locked-out', search],
    queryFn: ({ signal }) =>
      everyPage((page) => client.listLockedOut({ params: { name }, query: { ...page, search } }, signal)),
    staleTime: 0,
  })

/** Lists by the id of the group that they were made from. */
export const importedListsQuery = queryOptions({
  queryKey: ['imported-lists'],
  queryFn: async ({ signal }) => {
    const lists = await everyPage((page) => client.listAccessLists({ query: page }, signal))
    return new Map(lists.map(({ id, title, memberCount }) => [id, { title, members: memberCount }]))
  },
})
