import { type AccessRequestDetailView, inOrder, MAX_CANDIDATES } from '@gatehouse/api'
import {
  fileAccessRequest,
  getAccessRequest,
  listAccessRequests,
  type ListedRequest,
  promoteAccessRequest,
  type Reading,
  readEachHoldings,
  readCapabilities,
  readView,
  type RequestDetail,
  removeRequest,
  returnRequestedAccess,
  reviewAccessRequest,
} from '@gatehouse/application'
import { type AccessRequest, grantsAskedFor, longestSession, stateAt } from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { actorOf } from './actor-of.ts'
import { progressOf } from './assignment-progress.ts'
import type { SignedInContext } from './context.ts'
import type { HandlerPorts } from './create-handlers.ts'
import { createRateLimit } from './limit-rate.ts'
import type { ServerHandlers } from './mount.ts'
import { sliceAfter, sliceOf } from './paging.ts'
import { presentHeld } from './present-held.ts'
import {
  changesSince,
  given,
  presentDecision,
  presentLongTerm,
  presentRequest,
  presentRows,
} from './present-request.ts'
import { presentSession } from './present-session.ts'
import { NO_CONFIRMATIONS, readConfirmations } from './read-confirmations.ts'

type Names =
  | 'createAccessRequest'
  | 'listAccessRequests'
  | 'getRequestCapabilities'
  | 'getAccessRequest'
  | 'reviewAccessRequest'
  | 'returnAccess'
  | 'promoteAccessRequest'
  | 'deleteAccessRequest'

const SORTS = {
  filed: ({ request }: ListedRequest) => request.createdAt,
  ends: ({ request }: ListedRequest) => (request.state === 'approved' ? request.expiresAt : undefined),
}

/** By one person, in this process. */
const MAX_FILED_PER_MINUTE = 30

export function accessRequestHandlers(ports: HandlerPorts, { clusterName }: Config): Pick<ServerHandlers, Names> {
  const detail = async (id: string, { signal, ...who }: SignedInContext, warnings: readonly string[] = []) => {
    const listed = await getAccessRequest(ports, { actor: actorOf(who), request: id }, signal)
    const { reading } = listed
    const known = await knownOf(listed.request, reading, signal)
    return {
      ...presentRequest(listed.request, reading, clusterName),
      ...presentDecision(listed),
      ...presentHeld(listed, known.holdings),
      ...(listed.mayReturn ? sessionAfter(listed) : {}),
      dryRun: false,
      warnings: [...warnings, ...changesSince(listed.request, reading.view)],
      promotionCandidates: listed.promotions
        .slice(0, MAX_CANDIDATES)
        .map(({ id: list, title }) => ({ id: list, title })),
      promotionCandidatesTotal: listed.promotions.length,
      assignments: [...progressOf(listed.request, reading, known)],
    } satisfies AccessRequestDetailView
  }
  const knownOf = async (request: AccessRequest, { enrolled }: Reading, signal: AbortSignal) => ({
    holdings: await readEachHoldings(ports, enrolled, { user: request.user, signal }),
    journal: (
      await Promise.all(enrolled.map(({ organization: { id } }) => ports.store.readJournal(id, signal)))
    ).flat(),
    confirmations:
      request.state === 'approved'
        ? await readConfirmations(ports.auditLog, request.resolvedAt, signal)
        : NO_CONFIRMATIONS,
  })

  const filings = createRateLimit(MAX_FILED_PER_MINUTE)
  return {
    async createAccessRequest({ body, ...who }) {
      // What is withdrawn again has cost AWS a reading all the same, where a rule had a say.
      if (!body.dryRun) filings.count(who.user.id)
      const {
        roles,
        resources,
        bundles,
        reason,
        suggestedReviewers,
        maxDuration,
        requestTtl,
        assumeStartTime,
        dryRun,
      } = body
      const wish = {
        roles,
        resourceIds: resources,
        bundles,
        longTerm: body.longTerm,
        ...given('prolongs', body.prolongs),
        reason,
        suggestedReviewers,
        cluster: clusterName,
        ...given('duration', maxDuration),
        ...given('pendingFor', requestTtl),
        ...given('assumeStartTime', assumeStartTime),
      }
      const filed = await fileAccessRequest(ports, { actor: actorOf(who), wish, dryRun }, who.signal)
      const warnings = [...filed.warnings]
      if (!dryRun) return detail(filed.request.id, who, warnings)
      const { reading } = filed
      const holdings = await readEachHoldings(ports, reading.enrolled, { user: filed.request.user, signal: who.signal })
      return {
        ...presentRequest(filed.request, reading, clusterName),
        ...presentRows(filed.request, reading),
        ...given('longTerm', filed.longTerm && presentLongTerm(filed.longTerm, filed.request, reading)),
        dryRun,
        warnings,
        may: { review: false, promote: false, delete: false, return: false, prolong: false },
        promotionCandidates: [],
        promotionCandidatesTotal: 0,
        assignments: [
          ...progressOf(filed.request, reading, { journal: [], confirmations: NO_CONFIRMATIONS, holdings }),
        ],
      }
    },
    async listAccessRequests({ query: { mine, reviewable, suggested, state, ...query }, signal, ...who }) {
      // Nobody reviews his own, so both together match nothing.
      if (mine && (reviewable || suggested)) return { items: [] }
      const filter = filterOf({ mine, reviewable, suggested })
      const listed = await listAccessRequests(ports, { actor: actorOf(who), filter }, signal)
      const reading = await readView(ports, signal)
      const matching = listed.filter(({ request }) => state === undefined || stateAt(request, reading.now) === state)
      return sliceAfter(inOrder(matching, query.sort, SORTS), query, {
        idOf: ({ request }) => request.id,
        present: ({ request }) => presentRequest(request, reading, clusterName),
      })
    },
    async getRequestCapabilities({ query: { user, ...query }, signal, ...who }) {
      const known = await readCapabilities(ports, { actor: actorOf(who), ...given('user', user) }, signal)
      const { searchAsRoles, suggestedReviewers, needsReason, prompts } = known
      const lists = { searchAsRoles: [...searchAsRoles], suggestedReviewers: [...suggestedReviewers] }
      return { ...sliceOf(known.roles, query, (role) => role), ...lists, needsReason, prompts: [...prompts] }
    },
    getAccessRequest: ({ params: { id }, ...who }) => detail(id, who),
    async reviewAccessRequest({ params: { id }, body: { verdict, reason, assumeStartTime, rows, shown }, ...who }) {
      const review = {
        verdict,
        reason,
        ...given('assumeStartTime', assumeStartTime),
        ...given('rows', rows),
        ...given('shown', shown),
      }
      await reviewAccessRequest(ports, { actor: actorOf(who), request: id, ...review }, who.signal)
      return detail(id, who)
    },
    async returnAccess({ params: { id }, body: { rows }, ...who }) {
      await returnRequestedAccess(ports, { actor: actorOf(who), request: id, ...given('rows', rows) }, who.signal)
      return detail(id, who)
    },
    async promoteAccessRequest({ params: { id }, body: { list, reason, expires }, ...who }) {
      const promotion = { list, reason, ...given('expires', expires) }
      await promoteAccessRequest(ports, { actor: actorOf(who), request: id, ...promotion }, who.signal)
      return detail(id, who)
    },
    deleteAccessRequest: ({ params: { id }, signal, ...who }) =>
      removeRequest(ports, { actor: actorOf(who), request: id }, signal),
  }
}

type Filter = 'all' | 'mine' | 'reviewable' | 'suggested'
function filterOf(asked: {
  readonly mine: boolean
  readonly reviewable: boolean
  readonly suggested: boolean
}): Filter {
  if (asked.mine) return 'mine'
  if (asked.suggested) return 'suggested'
  return asked.reviewable ? 'reviewable' : 'all'
}

const sessionAfter = ({ request, reading: { view } }: RequestDetail) =>
  presentSession(longestSession(grantsAskedFor(request, view), view.catalogue))
