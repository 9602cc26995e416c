import type { Actor, Authenticated } from '@gatehouse/application'
import type { AccessRequestId } from '@gatehouse/domain'

/** Who asks, as use cases want it. */
export const actorOf = ({ user, session }: Authenticated): Actor => ({
  kind: 'user',
  user: user.id,
  assumed: session.assumed as readonly AccessRequestId[], // checked when they were assumed, and again by every rule
})
