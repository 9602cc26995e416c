import { DomainError } from '@gatehouse/domain'
import type { Actor } from '../governance/actor.ts'
import { actingAs } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'
import { getVisibleList } from '../governance/visibility.ts'
import type { AccessListReviews, RecordedReview } from '../ports/access-list-reviews.ts'

/** The reviews of a list, newest first; for those who see its members. @throws DomainError `not-found`, `refused` */
export async function listReviews(
  ports: ReadPorts & { readonly reviews: AccessListReviews },
  query: { readonly actor: Actor; readonly list: string; readonly limit: number; readonly before?: number },
  signal: AbortSignal,
): Promise<readonly RecordedReview[]> {
  const reading = await readView(ports, signal)
  const { list, access } = getVisibleList(query.list, actingAs(query.actor, reading), reading)
  if (!access.maySeeMembers)
    throw new DomainError({
      code: 'refused',
      message: 'Only owners of a list see its reviews.',
      remedy: 'Ask one of its owners.',
    })
  const { limit, before } = query
  return ports.reviews.list({ list: list.id, limit, ...(before === undefined ? {} : { before }) }, signal)
}
