import {
  type AccessList,
  changeDraft,
  checkListReviewer,
  currentDraft,
  decidedIn,
  DomainError,
  type Instant,
  type Member,
  memberKey,
  memberName,
  type ReviewDraft,
  type Verdict,
} from '@gatehouse/domain'
import { type Actor, actingAs, type Person, personOf } from '../governance/actor.ts'
import type { GovernancePorts, ReadPorts } from '../governance/governance-ports.ts'
import { type Reading, readView } from '../governance/read-view.ts'
import { accessToList, getVisibleList, refuseDenied } from '../governance/visibility.ts'
import { draftChanged, type ReviewDrafts } from '../ports/review-drafts.ts'

type DraftPorts = ReadPorts & { readonly drafts: ReviewDrafts }

export interface ReviewDraftQuery {
  readonly actor: Actor
  readonly list: string
  /** Whose draft it is, by name: nobody sees another's. */
  readonly reviewer: string
}

export interface MemberVerdict {
  readonly kind: Member['kind']
  readonly name: string
  readonly verdict: Verdict
}

export interface FoundReviewDraft {
  readonly list: AccessList
  /** Absent where nothing is kept for the date of the list. */
  readonly draft: ReviewDraft | undefined
  readonly verdicts: readonly MemberVerdict[]
}

/** @throws DomainError `not-found`, `refused` for whoever may not review the list, and to everybody else */
export async function getReviewDraft(
  ports: DraftPorts,
  query: ReviewDraftQuery,
  signal: AbortSignal,
): Promise<FoundReviewDraft> {
  const reading = await readView(ports, signal)
  const { list, reviewer } = draftedList(query, reading)
  const kept = await ports.drafts.find({ list: list.id, reviewer: reviewer.user.id }, signal)
  const draft = currentDraft(kept, list)
  const verdicts = list.members.flatMap((member): readonly MemberVerdict[] => {
    const verdict = draft?.verdicts[memberKey(member)]
    return verdict === undefined ? [] : [{ kind: member.kind, name: memberName(member, reading.view), verdict }]
  })
  return { list, draft, verdicts }
}

export interface ReviewProgress {
  readonly list: AccessList
  readonly draft: ReviewDraft
  /** How many members are decided. */
  readonly decided: number
}

/** How far the caller has come with the lists that he may see, by their ids. */
export async function listReviewDrafts(
  ports: DraftPorts,
  { actor }: { readonly actor: Actor },
  signal: AbortSignal,
): Promise<readonly ReviewProgress[]> {
  const reading = await readView(ports, signal)
  const reviewer = personOf(actingAs(actor, reading))
  const kept = await ports.drafts.listOf(reviewer.user.id, signal)
  const begun = kept.flatMap((one): readonly ReviewProgress[] => {
    const list = reading.view.listById.get(one.list)
    const draft = list && currentDraft(one, list)
    if (!draft || !accessToList(list, reviewer, reading)?.maySeeMembers) return []
    return [{ list, draft, decided: decidedIn(draft, list) }]
  })
  return begun.toSorted((a, b) => (a.list.id < b.list.id ? -1 : 1))
}

export interface SaveReviewDraftCommand extends ReviewDraftQuery {
  /** The draft that was changed; absent where there was none. */
  readonly version: string | undefined
  /** The date that the decisions are for. */
  readonly dueAt: Instant | undefined
  /** The list that was looked at. */
  readonly revision: number
  readonly verdicts: readonly MemberVerdict[]
  readonly keepsRest?: boolean
  readonly notes?: string
}

export interface SavedReviewDraft {
  readonly draft: ReviewDraft
  readonly list: AccessList
  /** Verdicts on those who are not in the list: they are not kept. */
  readonly leftOut: readonly MemberVerdict[]
}

/**
 * Keeps what somebody has decided so far. It is no decision yet: it says nothing to anybody else, and is no event.
 * @throws DomainError `not-found`, `refused`, `stale` when the list has another date, `conflict` when the draft has changed
 */
export async function saveReviewDraft(
  ports: DraftPorts & Pick<GovernancePorts, 'ids'>,
  command: SaveReviewDraftCommand,
  signal: AbortSignal,
): Promise<SavedReviewDraft> {
  const reading = await readView(ports, signal)
  const { list, reviewer } = draftedList(command, reading)
  if (command.dueAt !== list.audit.nextAuditDate)
    throw new DomainError({ code: 'stale', kind: 'access list', name: list.title })
  const of = { list: list.id, reviewer: reviewer.user.id }
  const before = currentDraft(await ports.drafts.find(of, signal), list)
  if (before?.version !== command.version) throw draftChanged()
  const { known, leftOut } = sortOut(command.verdicts, list, reading)
  const { keepsRest, notes } = command
  const changes = {
    verdicts: known,
    // Who came since was not looked at.
    ...(keepsRest === undefined
      ? {}
      : { restOf: keepsRest && command.revision === list.revision ? list.revision : null }),
    ...(notes === undefined ? {} : { notes }),
  }
  const version = ports.ids.uuid()
  const draft: ReviewDraft = { ...of, version, savedAt: reading.now, ...changeDraft(before, list, changes) }
  await ports.drafts.save(draft, command.version, signal)
  return { draft, list, leftOut }
}

/** Begins anew. @throws DomainError `not-found`, `refused`, `conflict` when the draft has changed */
export async function removeReviewDraft(
  ports: DraftPorts,
  { version, ...query }: ReviewDraftQuery & { readonly version: string },
  signal: AbortSignal,
): Promise<void> {
  const { list, reviewer } = draftedList(query, await readView(ports, signal))
  await ports.drafts.remove({ list: list.id, reviewer: reviewer.user.id, version }, signal)
}

/** Members' names are in a draft, so whoever may not review the list any more does not see his own. */
function draftedList(
  { actor, list: id, reviewer: name }: ReviewDraftQuery,
  reading: Reading,
): { readonly list: AccessList; readonly reviewer: Person } {
  const reviewer = personOf(actingAs(actor, reading))
  const { list, access } = getVisibleList(id, reviewer, reading)
  if (reviewer.name.toLowerCase() !== name.toLowerCase())
    throw new DomainError({
      code: 'refused',
      message: `You are signed in as ${reviewer.name}, and the draft of a review is for its reviewer alone.`,
      remedy: 'Ask for your own, or sign in as the person whose review it is.',
    })
  refuseDenied(list, reviewer)
  checkListReviewer(list, { user: reviewer.user, isAdministrator: access.mayEdit }, reading.view, reading.now)
  return { list, reviewer }
}

function sortOut(verdicts: readonly MemberVerdict[], list: AccessList, { view }: Pick<Reading, 'view'>) {
  const keyOf = ({ kind, name }: Pick<MemberVerdict, 'kind' | 'name'>): string => `${kind} ${name.toLowerCase()}`
  const keys = new Map(
    list.members.map((member) => [keyOf({ kind: member.kind, name: memberName(member, view) }), memberKey(member)]),
  )
  const known = new Map<string, Verdict>()
  const leftOut: MemberVerdict[] = []
  for (const one of verdicts) {
    const key = keys.get(keyOf(one))
    if (key === undefined) leftOut.push(one)
    else known.set(key, one.verdict)
  }
  return { known, leftOut }
}
