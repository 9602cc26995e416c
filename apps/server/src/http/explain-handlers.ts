import {
  type AccessPathView,
  type AccessTimelineView,
  type ExplanationView,
  type HeldAccessView,
  MAX_DIFFERENCES,
  MAX_PATHS,
} from '@gatehouse/api'
import {
  type AccessTrace,
  explainAccess,
  explainChange,
  type EachHoldings,
  type Holdings,
  holdingsAt,
  listWhoCan,
  traceAccess,
} from '@gatehouse/application'
import {
  type AccessPath,
  type AccessRequestId,
  type Explanation,
  formatInstant,
  type GrantKey,
  grantOfKey,
  type HeldAccess,
  userNameOf,
  type View,
  viewOfGrant,
} from '@gatehouse/domain'
import { actorOf } from './actor-of.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { nextOf, type Range, rangeOf, sliceOf } from './paging.ts'
import { presentSession } from './present-session.ts'

type Names = 'explainAccess' | 'getAccessTimeline' | 'listWhoCan' | 'explainChange'

export function explainHandlers(ports: HandlerPorts): Pick<ServerHandlers, Names> {
  return {
    async explainAccess({ query: { user, account, permissionSet, ...query }, signal, ...who }) {
      const place = account === undefined ? {} : { place: placeOf(account, permissionSet) }
      const { result, view, holdings, undecided } = await explainAccess(
        ports,
        { actor: actorOf(who), user, ...place },
        signal,
      )
      const range = rangeOf(query)
      const page = present(result, view, { ...range, holdings, undecided })
      return { ...page, ...nextOf(range, page.totals) }
    },
    async getAccessTimeline({ query, signal, ...who }) {
      return presentTimeline(await traceAccess(ports, { actor: actorOf(who), ...query }, signal))
    },
    async listWhoCan({ query: { account, permissionSet, ...query }, signal, ...who }) {
      const asked = { actor: actorOf(who), place: placeOf(account, permissionSet) }
      const { result, view } = await listWhoCan(ports, asked, signal)
      return sliceOf(result, query, (explanation) => present(explanation, view, OF_EACH))
    },
    async explainChange({ body: { text }, signal, ...who }) {
      const { result, view } = await explainChange(ports, { actor: actorOf(who), source: text }, signal)
      const shown = (some: readonly HeldAccess[]): HeldAccessView[] =>
        some.slice(0, MAX_DIFFERENCES).map(({ user, grant }) => ({ user, ...nameGrant(grant, view) }))
      return {
        gained: shown(result.gained),
        lost: shown(result.lost),
        gainedTotal: result.gainedTotal,
        lostTotal: result.lostTotal,
        ...presentSession(result.longestSession),
      }
    },
  }
}

/** Which ways are shown, and what AWS holds where that was asked. */
interface Shown extends Range {
  readonly holdings?: EachHoldings
  readonly undecided?: readonly GrantKey[]
}

const OF_EACH: Shown = { start: 0, end: MAX_PATHS }

const placeOf = (account: string, permissionSet: string | undefined) => ({
  account,
  ...(permissionSet === undefined ? {} : { permissionSet }),
})

const present = (
  { user, paths, withheld }: Explanation,
  view: View,
  { start, end, holdings, undecided = [] }: Shown,
): ExplanationView => ({
  user: user.name,
  paths: paths.slice(start, end).map((path) => ({
    ...presentPath(path, view),
    ...(holdings ? sayHeld(path.grant, holdingsAt(path.grant, holdings, view)) : {}),
  })),
  withheld: withheld.slice(start, end).map(({ grant, reason }) => ({
    ...(grant === undefined ? {} : nameGrant(grant, view)),
    reason,
  })),
  undecided: undecided.slice(start, end).map((grant) => nameGrant(grant, view)),
  totals: { paths: paths.length, withheld: withheld.length, undecided: undecided.length },
})

const presentTimeline = ({ grant, view, explanation, holdings, moments }: AccessTrace): AccessTimelineView => ({
  user: explanation.user.name,
  ...nameGrant(grant, view),
  ...sayHeld(grant, holdings),
  moments: moments.map(({ at, ...moment }) => ({ at: formatInstant(at), ...moment })),
})

/** Nothing where AWS has not been read whole. */
const sayHeld = (grant: GrantKey, held: Holdings | undefined): { aws?: 'confirmed' | 'pending' } =>
  held?.isRead === true
    ? { aws: held.direct.has(grant) || held.throughGroups.has(grant) ? 'confirmed' : 'pending' }
    : {}

function presentPath({ grant, lease, through, side }: AccessPath, view: View): AccessPathView {
  const { cause, until } = lease
  return {
    ...nameGrant(grant, view),
    kind: cause.kind,
    ...('role' in cause ? { role: cause.role } : {}),
    ...(cause.kind === 'adopted' && cause.keptBy !== undefined ? { keptBy: cause.keptBy } : {}),
    ...(cause.kind === 'adopted' ? organizationOf(grant, view) : {}),
    ...(cause.kind === 'request' ? { request: cause.request, approvals: approvalsOf(cause.request, view) } : {}),
    ...(through.length === 0
      ? {}
      : { lists: through.map((id) => ({ name: id, title: view.listById.get(id)?.title ?? id })) }),
    ...(side === undefined ? {} : { as: side }),
    ...(until === undefined ? {} : { until: formatInstant(until) }),
  }
}

function organizationOf(grant: GrantKey, view: View): Pick<AccessPathView, 'organization'> {
  const place = viewOfGrant(grantOfKey(grant), view)
  return place ? { organization: place.organization.name } : {}
}

const approvalsOf = (id: AccessRequestId, view: View) =>
  (view.requests.find((request) => request.id === id)?.reviews ?? [])
    .filter(({ verdict }) => verdict === 'approve')
    .map(({ author, at }) => ({ by: userNameOf(author, view), at: formatInstant(at) }))

function nameGrant(key: GrantKey, { catalogue }: View) {
  const { account, permissionSet } = grantOfKey(key)
  return {
    account,
    accountName: catalogue.accounts.get(account)?.name ?? account,
    permissionSet,
    permissionSetName: catalogue.permissionSets.get(permissionSet)?.name ?? permissionSet,
  }
}
