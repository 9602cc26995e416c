import type { Document } from '@gatehouse/api'
import {
  applyDocuments,
  getDocument,
  getReview,
  listAllReviews,
  listAllRoles,
  listDocuments,
  removeDocument,
} from '@gatehouse/application'
import { type PlainDocument, plainReview } from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { actorOf } from './actor-of.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { formatCursor, pageOf, parseCursor, sliceOf } from './paging.ts'

interface PageQuery {
  readonly limit: number
  readonly cursor?: string | undefined
}

type Names = 'applyDocuments' | 'listDocuments' | 'getDocument' | 'deleteDocument'

export function documentHandlers(ports: HandlerPorts, { clusterName }: Config): Pick<ServerHandlers, Names> {
  const listReviewPage = async (
    { limit, cursor }: PageQuery,
    who: Parameters<typeof actorOf>[0],
    signal: AbortSignal,
  ) => {
    const before = cursor === undefined ? {} : { before: parseCursor(cursor) }
    // One more than asked for, to know whether there is another page.
    const found = await listAllReviews(ports, { actor: actorOf(who), limit: limit + 1, ...before }, signal)
    return pageOf(
      found,
      limit,
      (review) => present(plainReview(review)),
      ({ seq }) => seq,
    )
  }
  const listRolePage = async (
    { limit, cursor, search, system }: PageQuery & { readonly search?: string | undefined; readonly system: boolean },
    who: Parameters<typeof actorOf>[0],
    signal: AbortSignal,
  ) => {
    const from = cursor === undefined ? 0 : parseCursor(cursor)
    const wanted = { search, withSystem: system, from, limit }
    const { documents, next } = await listAllRoles(ports, { actor: actorOf(who), clusterName, ...wanted }, signal)
    return { items: documents.map(present), ...(next === undefined ? {} : { next: formatCursor(next) }) }
  }
  return {
    async applyDocuments({ body: { text, confirmRemovals, managedBy, ...how }, signal, ...who }) {
      const confirmed = confirmRemovals === undefined ? {} : { confirmRemovals }
      const owned = managedBy === undefined ? {} : { managedBy }
      const command = { actor: actorOf(who), source: text, ...how, ...confirmed, ...owned }
      const { dryRun } = how
      const { outcomes, warnings, removals } = await applyDocuments(ports, command, signal)
      const results = outcomes.map(({ kind, name, action, before, after, revision }) => ({
        kind,
        name,
        outcome: OUTCOMES[action],
        ...(dryRun || revision === undefined ? {} : { revision }),
        ...(dryRun && before ? { before: present(before) } : {}),
        ...(dryRun && after ? { after: present(after) } : {}),
      }))
      return { dryRun, results, warnings: [...warnings], removals }
    },
    async listDocuments({ params: { kind }, query, signal, ...who }) {
      if (kind === 'access_list_review') return listReviewPage(query, who, signal)
      if (kind === 'role') return listRolePage(query, who, signal)
      const documents = await listDocuments(ports, { actor: actorOf(who), kind, clusterName }, signal)
      return sliceOf(documents, query, present)
    },
    async getDocument({ params: { kind, name }, signal, ...who }) {
      if (kind === 'access_list_review')
        return present(plainReview(await getReview(ports, { actor: actorOf(who), id: name }, signal)))
      return present(await getDocument(ports, { actor: actorOf(who), kind, name, clusterName }, signal))
    },
    async deleteDocument({ params: { kind, name }, query: { deleteGroup, confirmRemovals }, signal, ...who }) {
      const confirmed = confirmRemovals === undefined ? {} : { confirmRemovals }
      await removeDocument(ports, { actor: actorOf(who), kind, name, withGroup: deleteGroup, ...confirmed }, signal)
    },
  }
}

const OUTCOMES = { created: 'created', updated: 'replaced', unchanged: 'unchanged', removed: 'removed' } as const

const present = ({ metadata, spec, status, ...plain }: PlainDocument): Document => ({
  ...plain,
  metadata: { ...metadata, name: String(metadata['name']) },
  spec: { ...spec },
  ...(status === undefined ? {} : { status: { ...status } }),
})
