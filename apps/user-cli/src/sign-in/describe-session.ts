import type { Session } from '@gatehouse/api'
import { facts } from '@gatehouse/cli-kit'

export const describeSession = (url: string, session: Session): string =>
  facts([
    ['Profile URL', url],
    ['Logged in as', session.user.name],
    ['Cluster', session.cluster],
    ['Roles', session.roles.join(', ')],
    ['Valid until', session.validUntil],
    [
      'Active requests',
      session.activeRequests.length === 0
        ? undefined
        : session.activeRequests.map(({ id, expiresAt }) => `${id} (until ${expiresAt})`).join(', '),
    ],
    ['Assumed', session.assumed.length === 0 ? undefined : session.assumed.map(({ id }) => id).join(', ')],
  ])
