import type { Actor } from '../governance/actor.ts'
import { actingAs } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'
import { getReviewedList } from '../governance/visibility.ts'
import type { AccessListReviews, RecordedReview } from '../ports/access-list-reviews.ts'

/** The reviews of a list, newest first; for those who manage it. @throws DomainError `not-found`, `refused` */
export async function listReviews(
  ports: ReadPorts & { readonly reviews: AccessListReviews },
  query: { readonly actor: Actor; readonly list: string; readonly limit: number; readonly before?: number },
  signal: AbortSignal,
): Promise<readonly RecordedReview[]> {
  const reading = await readView(ports, signal)
  const list = getReviewedList(query.list, actingAs(query.actor, reading), reading)
  const { limit, before } = query
  return ports.reviews.list({ list: list.id, limit, ...(before === undefined ? {} : { before }) }, signal)
}
