import { type DesiredUser, desiredForUser, type Lease, leasesOfList } from '../desired-state/desired-for.ts'
import type { OrganizationView } from '../desired-state/view.ts'
import { type GrantKey, grantOfKey } from '../identity-center/account-assignment.ts'
import { offers } from '../identity-center/catalogue.ts'
import { formatInstant, type Instant } from '../kernel/instant.ts'
import type { UserId } from '../kernel/names.ts'
import type { User } from '../users/user.ts'
import { type AdoptedAssignment, parseGroupKey } from './link.ts'

/**
 * What comes of ending it. `goes`: the person loses the access. `by-list`: the assignment goes, and a list gives the same
 * access. `stays`: something else gives the same assignment. `nothing`: it gives nothing now. `left`: it is outside of what
 * is managed, so AWS keeps what it has.
 */
export type EffectOfEnding = 'goes' | 'by-list' | 'stays' | 'nothing' | 'left'

/** What there would be without an adopted assignment. */
export interface Ending {
  readonly effect: EffectOfEnding
  /** What else gives it, or why it gives nothing, in words. */
  readonly reasons: readonly string[]
  /** Since when it is ours, and with which effect it would end: another one means that what was shown is so no longer. */
  readonly revision: string
}

/** Tells of one adopted assignment after the other what ending it would do; each person is looked at once. */
export function createEndings(view: OrganizationView, now: Instant): (adopted: AdoptedAssignment) => Ending {
  const known = new Map<UserId, { readonly desired: DesiredUser; readonly lists: ListsBehind }>()
  const lookAt = (owner: User) => {
    const desired = desiredForUser(owner, view, now)
    return { desired, lists: listsBehind(desired, view, now) }
  }
  return ({ user, grant, adoptedAt }) => {
    const owner = view.userById.get(user)
    const found = known.get(user) ?? (owner && lookAt(owner))
    if (found) known.set(user, found)
    const judged: Judged = found ? judge(grant, found, view) : { effect: 'nothing', reasons: [] }
    return { ...judged, revision: `${formatInstant(adoptedAt)}/${judged.effect}` }
  }
}

type Judged = Pick<Ending, 'effect' | 'reasons'>

function judge(
  grant: GrantKey,
  { desired, lists }: { readonly desired: DesiredUser; readonly lists: ListsBehind },
  view: OrganizationView,
): Judged {
  const leases = desired.assignments.get(grant)
  const others = waysBeside(leases ?? [], view)
  if (others.length > 0) return { effect: 'stays', reasons: others }
  if (!offers(view.catalogue, grantOfKey(grant)))
    return {
      effect: 'left',
      reasons: ['The account or the permission set is not managed now, and what AWS has there is left alone.'],
    }
  const through = (lists.get(grant) ?? []).map((title) => `the access list "${title}" gives the same`)
  if (leases)
    return { effect: through.length > 0 ? 'by-list' : 'goes', reasons: [...through, ...whyLater(grant, view)] }
  const withheld = desired.withheld.filter((row) => row.grant === grant || (!row.grant && !row.list))
  return { effect: 'nothing', reasons: withheld.map(({ reason }) => reason) }
}

/** Nothing is changed in an account that is suspended or closing. */
export function whyLater(grant: GrantKey, { catalogue }: OrganizationView): readonly string[] {
  const account = catalogue.accounts.get(grantOfKey(grant).account)
  if (!account || account.state === 'ACTIVE') return []
  return [`the account is ${account.state}, and AWS takes it away only once it is active again`]
}

/** What else gives somebody the same assignment, in words. */
export function waysBeside(leases: readonly Lease[], view: OrganizationView): readonly string[] {
  const ways = leases.flatMap(({ cause }): string[] => {
    switch (cause.kind) {
      case 'adopted':
        return []
      case 'role':
        return [`the role "${cause.role}" gives the same`]
      case 'request':
        return ['an approved request gives the same']
      case 'list':
        return [`the access list "${view.listById.get(cause.list)?.title ?? cause.list}" gives the same`]
    }
  })
  return [...new Set(ways)]
}

type ListsBehind = ReadonlyMap<GrantKey, readonly string[]>

/** Titles of the lists through whose groups somebody has each grant. */
function listsBehind({ groups }: DesiredUser, view: OrganizationView, now: Instant): ListsBehind {
  const titles = new Map<GrantKey, string[]>()
  for (const [key, membership] of groups) {
    const list = view.listById.get(membership.list)
    if (!list) continue
    for (const grant of leasesOfList(list, parseGroupKey(key).side, view, now).keys())
      titles.set(grant, [...(titles.get(grant) ?? []), list.title])
  }
  return titles
}
