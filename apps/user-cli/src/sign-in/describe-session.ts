import type { Session } from '@gatehouse/api'
import { facts } from '@gatehouse/cli-kit'
import type { IdentityCenterFacts } from './find-identity-center.ts'

export const describeSession = (
  url: string,
  session: Session,
  identityCenters: readonly IdentityCenterFacts[] = [],
): string =>
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
    ...identityCenters.flatMap(({ name, startUrl, ssoRegion, ssoSession }) => [
      ['Organization', identityCenters.length > 1 ? name : undefined] as const,
      ['SSO Start URL', startUrl] as const,
      ['SSO Region', ssoRegion] as const,
      ['SSO Session', ssoSession] as const,
    ]),
    ['Assumed', session.assumed.length === 0 ? undefined : session.assumed.map(({ id }) => id).join(', ')],
  ])
