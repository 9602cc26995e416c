import { type AccessListReview, DomainError } from '@gatehouse/domain'
import { type Acting, type Actor, actingAs, may } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView, type Reading } from '../governance/read-view.ts'
import { accessToList } from '../governance/visibility.ts'
import type { AccessListReviews, RecordedReview } from '../ports/access-list-reviews.ts'

type Ports = ReadPorts & { readonly reviews: AccessListReviews }

/** So many are read at once while looking for those that the viewer may see. */
const BATCH = 500

/** The reviews of every list whose members the viewer may see, newest first; of removed lists too, for administrators. */
export async function listAllReviews(
  ports: Ports,
  query: { readonly actor: Actor; readonly limit: number; readonly before?: number },
  signal: AbortSignal,
): Promise<readonly RecordedReview[]> {
  const reading = await readView(ports, signal)
  const acting = actingAs(query.actor, reading)
  const found: RecordedReview[] = []
  let { before } = query
  while (found.length < query.limit) {
    const batch = await ports.reviews.list({ limit: BATCH, ...(before === undefined ? {} : { before }) }, signal)
    found.push(...batch.filter((review) => maySee(review, acting, reading)))
    before = batch.at(-1)?.seq
    if (batch.length < BATCH) break
  }
  return found.slice(0, query.limit)
}

/** @throws DomainError `not-found`, also for a review that the viewer may not see */
export async function getReview(
  ports: Ports,
  query: { readonly actor: Actor; readonly id: string },
  signal: AbortSignal,
): Promise<AccessListReview> {
  const reading = await readView(ports, signal)
  const review = await ports.reviews.find(query.id, signal)
  if (review && maySee(review, actingAs(query.actor, reading), reading)) return review
  throw new DomainError({ code: 'not-found', kind: 'access list review', name: query.id })
}

function maySee({ list: id }: AccessListReview, acting: Acting, reading: Reading): boolean {
  const list = reading.view.listById.get(id)
  if (list) return accessToList(list, acting, reading)?.maySeeMembers === true
  return may(acting, 'read', 'access_list', { name: id, labels: {} })
}
