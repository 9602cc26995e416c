import {
  DomainError,
  type AccessList,
  type AccessListReview,
  type AccessListReviewId,
  auditEvent,
  confirmRemovals,
  eventsOfChanges,
  type GovernanceChange,
  keepsMembers,
  memberName,
  type Requirements,
  reviewFields,
  reviewList,
  type ReviewSchedule,
  type Subject,
  viewAfter,
} from '@gatehouse/domain'
import { type Actor, actingAs, personOf } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'
import { getVisibleList, refuseDenied } from '../governance/visibility.ts'
import { membersNamed, type NamedMember } from './members-named.ts'
import { recordingRefusal } from './record-refusal.ts'

export interface ReviewAccessListCommand {
  readonly actor: Actor
  readonly list: string
  readonly notes: string
  /** Names of users, ids of lists. */
  readonly removeMembers: readonly NamedMember[]
  readonly membershipRequires?: Requirements
  readonly frequencyMonths?: ReviewSchedule['frequencyMonths']
  readonly dayOfMonth?: ReviewSchedule['dayOfMonth']
  /** The list that was looked at: nobody certifies whom he has not seen. */
  readonly revision?: number
  readonly confirmRemovals?: number
}

export interface FiledReview {
  readonly review: AccessListReview
  /** What is missing before the review is complete, in words. */
  readonly waitingFor: string | undefined
}

/**
 * Files the caller's own review of a list.
 * @throws DomainError `not-found`, `conflict`, `refused`, `stale`, `too-many-removals`
 */
export async function reviewAccessList(
  ports: Pick<GovernancePorts, 'store' | 'records' | 'clock' | 'ids'>,
  command: ReviewAccessListCommand,
  signal: AbortSignal,
): Promise<FiledReview> {
  return recordingRefusal(
    ports,
    { event: 'access_list.review', actor: command.actor, list: command.list },
    () =>
      decide(
        ports,
        (reading) => {
          const { view, now } = reading
          const reviewer = personOf(actingAs(command.actor, reading))
          const { list, access } = getVisibleList(command.list, reviewer, reading)
          refuseDenied(list, reviewer)
          if (command.revision !== undefined && command.revision !== list.revision)
            throw new DomainError({ code: 'stale', kind: 'access list', name: list.title })
          const removed = membersNamed(command.removeMembers, list, view)
          const { membershipRequires, frequencyMonths, dayOfMonth } = command
          const settings = {
            ...(membershipRequires ? { membershipRequires } : {}),
            ...(frequencyMonths === undefined ? {} : { frequencyMonths }),
            ...(dayOfMonth === undefined ? {} : { dayOfMonth }),
          }
          const by = { user: reviewer.user, isAdministrator: access.mayEdit }
          const wish = { notes: command.notes.trim(), removed, ...settings }
          const { list: next, nextAuditDate, waitingFor } = reviewList(list, by, wish, view, now)
          const review: AccessListReview = {
            id: ports.ids.uuid() as AccessListReviewId, // the only place where one is made
            list: list.id,
            reviewer: reviewer.user.name,
            reviewedAt: now,
            notes: wish.notes,
            changes: {
              ...removals(
                list,
                removed.map((member) => memberName(member, view)),
              ),
              ...settings,
            },
            ...(nextAuditDate === undefined ? {} : { nextAuditDate }),
          }
          const changes: readonly GovernanceChange[] = [
            { put: 'list', list: { ...next, revision: list.revision + 1 } },
            { put: 'list-review', review },
          ]
          const after = viewAfter(view, changes)
          confirmRemovals(view, after, now, command.confirmRemovals)
          const event = auditEvent('access_list.review', {
            time: now,
            user: reviewer.name,
            subjects: [
              `list:${list.id}`,
              ...removed.flatMap((member): readonly Subject[] =>
                member.kind === 'user' ? [`user:${member.user}`] : [],
              ),
            ],
            fields: reviewFields(list, review),
          })
          const memberEvents = eventsOfChanges(
            [{ put: 'list', list: { ...list, members: next.members } }],
            view,
            after,
            now,
            reviewer.name,
          )
          const draft = { delete: 'review-draft', list: list.id, reviewer: reviewer.user.id } as const
          return { changes: [...changes, draft], events: [event, ...memberEvents], result: { review, waitingFor } }
        },
        signal,
      ),
    signal,
  )
}

/** Where another system keeps the members, it has to carry them out. */
const removals = (list: AccessList, names: readonly string[]): AccessListReview['changes'] =>
  keepsMembers(list) ? { removedMembers: names } : { removedMembers: [], askedRemovals: names }
