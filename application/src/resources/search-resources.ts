import {
  auditEvent,
  holds,
  labelsOfAccount,
  type Labels,
  type Predicate,
  RESOURCE_SCOPE,
  searchRoles,
} from '@gatehouse/domain'
import { actingAs, personOf } from '../governance/actor.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'
import { readView, type Reading } from '../governance/read-view.ts'
import { type AccountResources, listResources, type ListResourcesQuery, type Resources } from './list-resources.ts'

/** What somebody looks for; every filter that is given must hold. */
export interface ResourceSearch {
  /** The only kind there is to look for. */
  readonly kind?: 'aws_ic_account_assignment'
  /** Every word must be in the name of the account, its id or the name of the permission set, in any case. */
  readonly words?: string
  /** Labels that the account must have. */
  readonly labels?: Labels
  readonly query?: Predicate
}

/**
 * What the viewer has and may ask for, less what he does not look for. Looking for what can be asked for is recorded,
 * because it shows more than somebody has; going on to another page is not.
 */
export async function searchResources(
  ports: Pick<GovernancePorts, 'store' | 'records' | 'clock'>,
  query: ListResourcesQuery & {
    readonly requestable: boolean
    readonly search: ResourceSearch
    readonly isFirst: boolean
  },
  signal: AbortSignal,
): Promise<Resources> {
  const found = await listResources(ports, query, signal)
  const { kind, words, labels, query: expression } = query.search
  const isSearch = [kind, words, labels, expression].some((given) => given !== undefined)
  if (!isSearch) return found
  const reading = await readView(ports, signal)
  if (query.requestable && query.isFirst) await record(ports, query, reading, signal)
  const accounts = found.accounts
    .map((one) => matching(one, query.search))
    .filter(({ permissionSets }) => permissionSets.length > 0)
  return { ...found, accounts }
}

function matching(one: AccountResources, search: ResourceSearch): AccountResources {
  const labels = labelsOfAccount(one.account, one.organization)
  const isWanted = Object.entries(search.labels ?? {}).every(([key, value]) => labels[key] === value)
  if (!isWanted) return { ...one, permissionSets: [] }
  const words = (search.words ?? '').toLowerCase().split(/\s+/)
  return {
    ...one,
    permissionSets: one.permissionSets.filter(({ permissionSet }) => {
      const row = `${one.account.name} ${one.account.id} ${permissionSet.name}`.toLowerCase()
      const values = { labels, name: `${one.account.id}--${permissionSet.name}` }
      return words.every((word) => row.includes(word)) && (!search.query || holds(search.query, RESOURCE_SCOPE, values))
    }),
  }
}

async function record(
  ports: Pick<GovernancePorts, 'store'>,
  { actor, search }: Parameters<typeof searchResources>[1],
  reading: Reading,
  signal: AbortSignal,
): Promise<void> {
  const { user, name, roles } = personOf(actingAs(actor, reading))
  const event = auditEvent('access_request.search', {
    time: reading.now,
    user: name,
    subjects: [`user:${user.id}`],
    fields: {
      resource_type: search.kind ?? 'aws_ic_account_assignment',
      search_as_roles: searchRoles(roles, reading.view).map((role) => role.name),
      labels: search.labels ?? {},
      predicate: search.query ?? '',
      search_keywords: (search.words ?? '').split(/\s+/).filter((word) => word !== ''),
    },
  })
  await ports.store.commit({ events: [event] }, signal)
}
