import type { Session } from '@gatehouse/api'
import { facts } from '@gatehouse/cli-kit'
import type { IdentityCenterFacts } from './find-identity-center.ts'

export const describeSession = (url: string, session: Session, identityCenter?: IdentityCenterFacts): string =>
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
    ['SSO Start URL', identityCenter?.startUrl],
    ['SSO Region', identityCenter?.ssoRegion],
    ['SSO Session', identityCenter?.ssoSession],
    ['Assumed', session.assumed.length === 0 ? undefined : session.assumed.map(({ id }) => id).join(', ')],
  ])
