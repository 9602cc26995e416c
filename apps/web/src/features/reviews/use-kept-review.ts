import { type AccessListDetailView, MOST_VERDICTS } from '@gatehouse/api'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { client, heedSignOut, queryClient } from '../../app/client.ts'
import { useSessionEnd } from '../../app/session-end.ts'
import { useSession } from '../../app/session.ts'
import { createDraftStorage } from './draft-storage.ts'
import { createDraftKeeper, type DraftKeeper, type DraftServer, type KeptReview } from './keep-draft.ts'
import { draftOf, EMPTY_DRAFT, memberOf, rowKey } from './review-draft.ts'

type List = Pick<AccessListDetailView, 'id' | 'nextAuditDate' | 'revision' | 'may'>

/** The viewer's own review of a list as far as it has come, kept on the server; nothing where he may not review it. */
export function useKeptReview({ id, nextAuditDate: dueAt, revision, may }: List): KeptReview & {
  readonly keeper: DraftKeeper | undefined
} {
  const user = useSession()?.user
  const [userId, reviewer] = [user?.id, user?.name]
  const mayReview = may.review
  const keeper = useMemo(() => {
    if (userId === undefined || reviewer === undefined || !mayReview) return undefined
    const storage = createDraftStorage({ user: userId, list: id, dueAt, revision }, () => localStorage)
    // What was said of everybody was said of the list as it was: another one is another keeper.
    return createDraftKeeper(createDraftServer({ id, reviewer, dueAt, revision }), storage)
  }, [userId, reviewer, mayReview, id, dueAt, revision])
  useEffect(() => keeper?.open(), [keeper])
  useLooks(keeper)
  const kept = useSyncExternalStore(keeper?.subscribe ?? NEVER, keeper?.get ?? getNothing)
  return { ...kept, keeper }
}

const NEVER = () => () => undefined
const NOTHING: KeptReview = { draft: EMPTY_DRAFT, keeping: { where: 'nowhere' }, news: undefined, isRead: false }
const getNothing = (): KeptReview => NOTHING

/** Somebody who comes back may have decided elsewhere, and a line that was broken may hold again. */
function useLooks(keeper: DraftKeeper | undefined): void {
  const hasEnded = useSessionEnd()
  useEffect(() => {
    if (!keeper) return undefined
    if (hasEnded) return keeper.look
    const look = (): void => {
      if (document.visibilityState === 'visible') keeper.look()
    }
    /** Whoever leaves the window may go to another machine. */
    const leave = (): void => {
      if (document.visibilityState === 'hidden' && keeper.get().keeping.where === 'on-its-way') void keeper.settle()
    }
    const signs = ['focus', 'online'] as const
    for (const sign of signs) window.addEventListener(sign, look)
    document.addEventListener('visibilitychange', leave)
    return () => {
      for (const sign of signs) window.removeEventListener(sign, look)
      document.removeEventListener('visibilitychange', leave)
    }
  }, [keeper, hasEnded])
}

interface Reviewed {
  readonly id: string
  readonly reviewer: string
  readonly dueAt: string | undefined
  readonly revision: number
}

function createDraftServer({ id, reviewer, dueAt, revision }: Reviewed): DraftServer {
  const params = { id, reviewer }
  const call = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      heedSignOut(error)
      throw error
    }
  }
  /** The list is another one by now: the page is to show that one. */
  const heedRevision = (now: number): void => {
    if (now !== revision) void queryClient.invalidateQueries({ queryKey: ['access-list', id] })
  }
  return {
    mostVerdicts: MOST_VERDICTS,
    async read() {
      const view = await call(client.getReviewDraft({ params }))
      heedRevision(view.revision)
      if (view.dueAt !== dueAt) throw new Error('The review has another date by now.')
      return { version: view.version, draft: draftOf(view) }
    },
    async save({ verdicts, ...rest }, version) {
      const body = {
        ...rest,
        ...(version === undefined ? {} : { version }),
        ...(dueAt === undefined ? {} : { dueAt }),
        revision,
        verdicts: [...verdicts].map(([key, verdict]) => ({ ...memberOf(key), verdict })),
      }
      const answer = await call(client.saveReviewDraft({ params, body }))
      heedRevision(answer.revision)
      return { version: answer.version, leftOut: answer.leftOut.map(rowKey) }
    },
    remove: (version) => call(client.deleteReviewDraft({ params, query: { version } })),
  }
}
