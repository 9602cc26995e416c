import {
  type Account,
  type GrantKey,
  type Organization,
  grantOfKey,
  judgeBy,
  passesFilter,
  type PermissionSet,
  type Readable,
  readableOf,
  selectorOf,
} from '@gatehouse/domain'
import { type Actor, demand } from '../governance/actor.ts'
import { inParallel } from '../reconcile/in-parallel.ts'
import { getDraft } from './drafts.ts'
import type { EnrolmentPorts } from './enrolment-ports.ts'
import { organizationOfDraft } from './organization-of-draft.ts'
import type { Preview, PreviewGroup, Previews } from './previews.ts'

export interface PreviewQuery {
  readonly actor: Actor
  readonly name: string
  readonly start: number
  readonly limit: number
  /** Part of a name or an id, in any case. */
  readonly search?: string | undefined
  /** Only what the filters let in, or only what they keep out. */
  readonly inside?: boolean | undefined
  /** Reads AWS anew. */
  readonly refresh?: boolean
}

export interface PreviewPage<Row> {
  readonly rows: readonly Row[]
  /** How many rows there are, of how many that AWS has, and how many of all the filters let in. */
  readonly found: number
  readonly total: number
  readonly inside: number
  readonly preview: Preview
}

export interface PreviewAccount {
  readonly account: Account
  readonly isInside: boolean
  /** Why it is not inside. */
  readonly reason: string
  /** Sets that have a role in the account. */
  readonly sets: readonly PermissionSet[]
}
export interface PreviewAccounts extends PreviewPage<PreviewAccount> {
  readonly readable: Readable
  /** How many can't be judged by what was read so far. */
  readonly unread: number
}
export interface PreviewGroupRow {
  readonly group: PreviewGroup
  readonly isInside: boolean
  readonly members: number
  /** The first of them by name, where they were asked for. */
  readonly memberNames?: readonly string[]
  readonly assignments: readonly {
    readonly account: Account | undefined
    readonly accountId: string
    readonly set: PermissionSet | undefined
    readonly arn: string
  }[]
}

type Ports = Pick<EnrolmentPorts, 'store' | 'records' | 'clock' | 'enrolments'> & { readonly previews: Previews }

/** The accounts that AWS has, with the permission sets that have a role in each. @throws DomainError, IdentityCenterError */
export async function previewAccounts(
  ports: Ports,
  query: PreviewQuery,
  signal: AbortSignal,
): Promise<PreviewAccounts> {
  const { preview, organization, call } = await open(ports, query, signal)
  const accounts = await preview.accounts(call, organization.accountFilter.map(selectorOf))
  const judge = judgeBy(organization.accountFilter)
  const judged = accounts.map((account) => {
    const { answer, reason } = judge(account)
    return { account, isInside: answer === 'yes', isUnread: answer === 'unknown', reason }
  })
  const { page, ...counts } = cut(judged, query, ({ account: { id, name } }) => [id, name])
  const sets = new Map((await preview.permissionSets(call)).map((set) => [set.arn, set]))
  const rows = await inParallel(page, async ({ account, isInside, reason }) => {
    const arns = await preview.setsOf(account.id, call)
    return { account, isInside, reason, sets: arns.flatMap((arn) => sets.get(arn) ?? []) }
  })
  const unread = judged.filter(({ isUnread }) => isUnread).length
  return { ...counts, rows, preview, unread, readable: readableOf(accounts) }
}

/** So many members of one group are named. */
const MOST_NAMED = 200

/** The groups that AWS has, with their assignments and the number of their members, or also their names. @throws DomainError, IdentityCenterError */
export async function previewGroups(
  ports: Ports,
  query: PreviewQuery & { readonly memberNames?: boolean },
  signal: AbortSignal,
): Promise<PreviewPage<PreviewGroupRow>> {
  const { preview, organization, call } = await open(ports, query, signal)
  const groups = await preview.groups(call)
  const judged = groups.map((group) => ({
    group,
    isInside: passesFilter(organization.groupFilter, { id: group.id, name: group.displayName }),
  }))
  const { page, ...counts } = cut(judged, query, ({ group: { id, displayName } }) => [id, displayName])
  const accounts = new Map((await preview.accounts(call)).map((account) => [account.id, account]))
  const sets = new Map((await preview.permissionSets(call)).map((set) => [set.arn, set]))
  const users = query.memberNames === true ? await preview.users(call) : undefined
  const userNames = users && new Map(users.map(({ id, userName }) => [id, userName]))
  const named = (key: GrantKey) => {
    const { account, permissionSet } = grantOfKey(key)
    return { account: accounts.get(account), accountId: account, set: sets.get(permissionSet), arn: permissionSet }
  }
  const rows = await inParallel(page, async ({ group, isInside }) => {
    const held = await preview.assignmentsOf(group.id, call)
    const members = await preview.membersOf(group.id, call)
    const memberNames = members.map((id) => userNames?.get(id) ?? id).toSorted()
    return {
      group,
      isInside,
      members: members.length,
      ...(userNames ? { memberNames: memberNames.slice(0, MOST_NAMED) } : {}),
      assignments: [...held].map(named),
    }
  })
  return { ...counts, rows, preview }
}

/** @throws DomainError, IdentityCenterError */
export async function previewPermissionSets(
  ports: Ports,
  query: PreviewQuery,
  signal: AbortSignal,
): Promise<PreviewPage<PermissionSet>> {
  const { preview, call } = await open(ports, query, signal)
  const sets = (await preview.permissionSets(call)).map((set) => ({ set, isInside: true }))
  const { page, ...counts } = cut(sets, query, ({ set: { arn, name } }) => [arn, name])
  return { ...counts, rows: page.map(({ set }) => set), preview }
}

interface Opened {
  readonly preview: Preview
  readonly organization: Organization
  readonly call: { readonly lane: 'just-in-time'; readonly signal: AbortSignal }
}

/** Somebody looks at AWS through the integration, which is to use it. @throws DomainError `refused` */
export async function open(
  ports: Ports,
  query: Pick<PreviewQuery, 'actor' | 'name' | 'refresh'>,
  signal: AbortSignal,
): Promise<Opened> {
  const { draft, acting, reading } = await getDraft(ports, query, signal)
  demand(acting, 'use', 'integration')
  const organization = organizationOfDraft(draft, reading.now)
  if (query.refresh === true) ports.previews.forget(organization.id)
  const call = { lane: 'just-in-time', signal } as const
  return { preview: await ports.previews.of(organization, call), organization, call }
}

function cut<Row extends { readonly isInside: boolean }>(
  rows: readonly Row[],
  { search = '', inside, start, limit }: PreviewQuery,
  textsOf: (row: Row) => readonly string[],
) {
  const wanted = search.trim().toLowerCase()
  const found = rows.filter(
    (row) =>
      (inside === undefined || row.isInside === inside) &&
      textsOf(row).some((text) => text.toLowerCase().includes(wanted)),
  )
  return {
    page: found.slice(start, start + limit),
    found: found.length,
    total: rows.length,
    inside: rows.filter(({ isInside }) => isInside).length,
  }
}
