import { getReviewDraft, listReviewDrafts, removeReviewDraft, saveReviewDraft } from '@gatehouse/application'
import { formatInstant } from '@gatehouse/domain'
import { actorOf } from './actor-of.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { sliceAfter } from './paging.ts'

type Names = 'listReviewDrafts' | 'getReviewDraft' | 'saveReviewDraft' | 'deleteReviewDraft'

/** Reviews that are begun and not filed, for their reviewers alone. */
export function reviewDraftHandlers(ports: HandlerPorts): Pick<ServerHandlers, Names> {
  return {
    async listReviewDrafts({ query, signal, ...who }) {
      const begun = await listReviewDrafts(ports, { actor: actorOf(who) }, signal)
      return sliceAfter(begun, query, {
        idOf: ({ list }) => list.id,
        present: ({ list, draft, decided }) => ({ list: list.id, decided, savedAt: formatInstant(draft.savedAt) }),
      })
    },
    async getReviewDraft({ params: { id, reviewer }, signal, ...who }) {
      const asked = { actor: actorOf(who), list: id, reviewer }
      const { list, draft, verdicts } = await getReviewDraft(ports, asked, signal)
      const dueAt = list.audit.nextAuditDate
      return {
        ...(draft ? { version: draft.version, savedAt: formatInstant(draft.savedAt) } : {}),
        ...(dueAt === undefined ? {} : { dueAt: formatInstant(dueAt) }),
        revision: list.revision,
        verdicts: [...verdicts],
        keepsRest: draft?.restOf !== undefined,
        notes: draft?.notes ?? '',
      }
    },
    async saveReviewDraft({ params: { id, reviewer }, body, signal, ...who }) {
      const { version, dueAt, revision, verdicts, keepsRest, notes } = body
      const command = {
        actor: actorOf(who),
        list: id,
        reviewer,
        version,
        dueAt,
        revision,
        verdicts,
        ...(keepsRest === undefined ? {} : { keepsRest }),
        ...(notes === undefined ? {} : { notes }),
      }
      const { draft, list, leftOut } = await saveReviewDraft(ports, command, signal)
      return {
        version: draft.version,
        savedAt: formatInstant(draft.savedAt),
        revision: list.revision,
        leftOut: leftOut.map(({ kind, name }) => ({ kind, name })),
      }
    },
    async deleteReviewDraft({ params: { id, reviewer }, query: { version }, signal, ...who }) {
      await removeReviewDraft(ports, { actor: actorOf(who), list: id, reviewer, version }, signal)
    },
  }
}
