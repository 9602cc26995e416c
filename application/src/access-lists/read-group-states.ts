import type { AwsGroupId, Instant, OrganizationId } from '@gatehouse/domain'
import type { JournalEntry, Store } from '../ports/store.ts'
import type { FoundAccessList } from './list-access-lists.ts'

/** How a list's group stands in AWS. */
export interface GroupState {
  /** Who is in it, as AWS said when it was last read; absent where AWS had no such group. */
  readonly memberCount?: number
  readonly readAt?: Instant
  /** Changes of it that are on their way to AWS, and such as AWS has refused and that are tried again. */
  readonly pending: number
  readonly failed: number
  /** AWS's own words about the latest of those. */
  readonly error?: string
}

/** How each group of a list stands in AWS, in the order of the groups; absent where there is none yet. */
export async function readGroupStates(
  { store }: { readonly store: Pick<Store, 'readGroups' | 'readJournal'> },
  groups: FoundAccessList['groups'],
  signal: AbortSignal,
): Promise<readonly (GroupState | undefined)[]> {
  const linked = groups.flatMap(({ organizationId, link }) => (link ? [{ organizationId, id: link.awsGroup }] : []))
  const organizations = new Set(linked.map(({ organizationId }) => organizationId))
  const reads = await Promise.all(
    [...organizations].map(async (organization) => {
      const ids = linked.flatMap(({ organizationId, id }) => (organizationId === organization ? [id] : []))
      const read = await store.readGroups(organization, ids, signal)
      return [organization, { ...read, journal: await store.readJournal(organization, signal) }] as const
    }),
  )
  const readOf = new Map<OrganizationId, (typeof reads)[number][1]>(reads)
  return groups.map(({ organizationId, link }) => {
    const read = readOf.get(organizationId)
    if (!link || !read) return undefined
    const memberCount = read.memberCounts.get(link.awsGroup)
    return {
      ...(memberCount === undefined ? {} : { memberCount }),
      ...(read.sweptAt === undefined ? {} : { readAt: read.sweptAt }),
      ...sayChanges(read.journal.filter((entry) => isAbout(entry, link.awsGroup))),
    }
  })
}

const isAbout = ({ things }: JournalEntry, group: AwsGroupId): boolean =>
  things.some(
    (thing) => thing === `group ${group}` || thing.startsWith(`${group}|`) || thing.startsWith(`GROUP:${group}|`),
  )

function sayChanges(entries: readonly JournalEntry[]): Pick<GroupState, 'pending' | 'failed' | 'error'> {
  const failed = entries.filter(({ state }) => state === 'failed')
  const error = failed.findLast((entry) => entry.error !== undefined)?.error
  return { pending: entries.length - failed.length, failed: failed.length, ...(error === undefined ? {} : { error }) }
}
