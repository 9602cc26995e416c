import {
  type AccessList,
  type AccessListReview,
  type AccessListReviewId,
  auditEvent,
  type GovernanceChange,
  hasExpired,
  type Instant,
  nextAuditDateAfter,
  reviewFields,
  reviewStatusOf,
  type UserName,
} from '@gatehouse/domain'
import { decide } from '../governance/decide.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'

/** The server reviews what takes no judgement. */
const SERVER = 'system' as UserName // no user can have this name

/** Moves on the date of every list that is due and that nobody is in; says how many. */
export async function skipEmptyReviews(
  ports: Pick<GovernancePorts, 'store' | 'records' | 'clock' | 'ids'>,
  signal: AbortSignal,
): Promise<number> {
  return decide(
    ports,
    ({ view, now }) => {
      const skipped = view.lists.flatMap((list): readonly { list: AccessList; review: AccessListReview }[] => {
        if (reviewStatusOf(list, now)?.state !== 'overdue') return []
        if (list.members.some((member) => !hasExpired(member, now))) return []
        return [{ list, review: reviewOf(list, ports.ids.uuid() as AccessListReviewId, now) }]
      })
      return {
        changes: skipped.flatMap(({ list, review }): readonly GovernanceChange[] => [
          {
            put: 'list',
            list: {
              ...list,
              signOffs: [],
              audit: { ...list.audit, nextAuditDate: nextAuditDateAfter(now, list.audit) },
              revision: list.revision + 1,
            },
          },
          { put: 'list-review', review },
        ]),
        events: skipped.map(({ list, review }) =>
          auditEvent('access_list.review', {
            time: now,
            subjects: [`list:${list.id}`],
            fields: reviewFields(list, review),
          }),
        ),
        result: skipped.length,
      }
    },
    signal,
  )
}

const reviewOf = (list: AccessList, id: AccessListReviewId, now: Instant): AccessListReview => ({
  id,
  list: list.id,
  reviewer: SERVER,
  reviewedAt: now,
  notes: 'Nobody is in the list, so there was nothing to review.',
  changes: { removedMembers: [] },
  nextAuditDate: nextAuditDateAfter(now, list.audit),
})
