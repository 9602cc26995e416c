import type { AccessRequestDetailView, AccessRequestView } from '@gatehouse/api'
import {
  fileAccessRequest,
  getAccessRequest,
  listAccessRequests,
  type ListedRequest,
  promoteAccessRequest,
  type Reading,
  readView,
  removeRequest,
  reviewAccessRequest,
} from '@gatehouse/application'
import {
  type AccessRequest,
  canonicalName,
  formatDuration,
  formatInstant,
  formatResourceId,
  type Instant,
  stateAt,
  userNameOf,
  type View,
} from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { actorOf } from './actor-of.ts'
import { progressOf } from './assignment-progress.ts'
import type { SignedInContext } from './context.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { sliceOf } from './paging.ts'
import { NO_CONFIRMATIONS, readConfirmations } from './read-confirmations.ts'

type Names =
  | 'createAccessRequest'
  | 'listAccessRequests'
  | 'getAccessRequest'
  | 'reviewAccessRequest'
  | 'promoteAccessRequest'
  | 'deleteAccessRequest'

export function accessRequestHandlers(ports: HandlerPorts, { clusterName }: Config): Pick<ServerHandlers, Names> {
  const detail = async (id: string, { signal, ...who }: SignedInContext, warnings: readonly string[] = []) => {
    const listed = await getAccessRequest(ports, { actor: actorOf(who), request: id }, signal)
    const reading = await readView(ports, signal)
    return {
      ...present(listed.request, reading, clusterName),
      dryRun: false,
      warnings: [...warnings],
      may: mayOf(listed, listed.promotions.length > 0),
      promotionCandidates: listed.promotions.map((list) => ({ id: list.id, title: list.title })),
      assignments: [...progressOf(listed.request, reading, await knownOf(listed.request, reading, signal))],
    } satisfies AccessRequestDetailView
  }
  const knownOf = async (request: AccessRequest, { view }: Reading, signal: AbortSignal) => ({
    journal: view.organization.id === '' ? [] : await ports.store.readJournal(view.organization.id, signal),
    confirmations:
      request.state === 'approved'
        ? await readConfirmations(ports.auditLog, request.resolvedAt, signal)
        : NO_CONFIRMATIONS,
  })

  return {
    async createAccessRequest({ body, ...who }) {
      const { roles, resources, reason, suggestedReviewers, maxDuration, requestTtl, assumeStartTime, dryRun } = body
      const wish = {
        roles,
        resourceIds: resources,
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
      const reading = await readView(ports, who.signal)
      return {
        ...present(filed.request, reading, clusterName),
        dryRun,
        warnings,
        may: { review: false, promote: false, delete: false },
        promotionCandidates: [],
        assignments: [...progressOf(filed.request, reading, { journal: [], confirmations: NO_CONFIRMATIONS })],
      }
    },
    async listAccessRequests({ query: { mine, reviewable, suggested, state, ...query }, signal, ...who }) {
      // Nobody reviews his own, so both together match nothing.
      if (mine && (reviewable || suggested)) return { items: [] }
      const filter = filterOf({ mine, reviewable, suggested })
      const listed = await listAccessRequests(ports, { actor: actorOf(who), filter }, signal)
      const reading = await readView(ports, signal)
      const matching = listed.filter(({ request }) => state === undefined || stateAt(request, reading.now) === state)
      return sliceOf(matching, query, ({ request }) => present(request, reading, clusterName))
    },
    getAccessRequest: ({ params: { id }, ...who }) => detail(id, who),
    async reviewAccessRequest({ params: { id }, body: { verdict, reason, assumeStartTime }, ...who }) {
      const review = { verdict, reason, ...given('assumeStartTime', assumeStartTime) }
      await reviewAccessRequest(ports, { actor: actorOf(who), request: id, ...review }, who.signal)
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

const given = <Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } =>
  // A computed key loses its literal type.
  (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value }

const mayOf = (listed: ListedRequest, canPromote: boolean) => ({
  review: listed.mayReview,
  promote: canPromote,
  delete: listed.mayRemove,
})

function present(
  request: AccessRequest,
  { view, now }: Pick<Reading, 'view' | 'now'>,
  cluster: string,
): AccessRequestView {
  return {
    id: request.id,
    user: userNameOf(request.user, view),
    roles: request.roles.map((reference) => canonicalName(reference, view)),
    resources: request.resources.map((resource) => ({
      id: formatResourceId(cluster, resource),
      account: resource.account,
      accountName: resource.accountName,
      permissionSet: resource.permissionSetName,
    })),
    reason: request.reason,
    suggestedReviewers: [...request.suggestedReviewers],
    reviews: request.reviews.map((review) => ({
      author: userNameOf(review.author, view),
      verdict: review.verdict,
      reason: review.reason,
      at: formatInstant(review.at),
      ...timeOf('assumeStartTime', review.assumeStartTime),
    })),
    createdAt: formatInstant(request.createdAt),
    pendingUntil: formatInstant(request.pendingUntil),
    duration: formatDuration(request.duration),
    ...timeOf('assumeStartTime', request.assumeStartTime),
    ...presentState(request, view, now),
  }
}

function presentState(
  request: AccessRequest,
  view: View,
  now: Instant,
): Pick<AccessRequestView, 'state'> & Partial<AccessRequestView> {
  switch (request.state) {
    case 'pending':
      return { state: stateAt(request, now) }
    case 'approved':
      return {
        state: request.state,
        resolveReason: request.resolveReason,
        resolvedAt: formatInstant(request.resolvedAt),
        startsAt: formatInstant(request.startsAt),
        expiresAt: formatInstant(request.expiresAt),
      }
    case 'denied':
      return {
        state: request.state,
        resolveReason: request.resolveReason,
        resolvedAt: formatInstant(request.resolvedAt),
      }
    case 'promoted': {
      const title = view.listById.get(request.into)?.title ?? request.into
      return {
        state: request.state,
        resolveReason: request.resolveReason,
        resolvedAt: formatInstant(request.resolvedAt),
        promotedTo: { id: request.into, title },
      }
    }
  }
}

const timeOf = <Key extends string>(key: Key, at: Instant | undefined): { readonly [K in Key]?: string } =>
  given(key, at === undefined ? undefined : formatInstant(at))
