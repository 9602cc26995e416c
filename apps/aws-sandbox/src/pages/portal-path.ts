import { isStartUrl } from '../sso-oidc/start-urls.ts'
import type { World } from '../world/world.ts'

const PORTAL = '/start'

/** One of the pages here, whatever was asked for. */
export function toLocalPath(asked: string | null): string {
  if (asked === null || !asked.startsWith('/') || !URL.canParse(asked, 'http://sandbox')) return PORTAL
  const { origin, pathname, search } = new URL(asked, 'http://sandbox')
  return origin === 'http://sandbox' && /^\/(?:start|authorize)(?=\/|$)/.test(pathname) ? pathname + search : PORTAL
}

/**
 * The page that an identity provider names in RelayState: a link into the portal, in AWS's form or this sandbox's. AWS's has its page
 * behind the #.
 */
export function toPortalPath(world: World, relayState: string): string {
  if (!URL.canParse(relayState)) return toLocalPath(relayState)
  const url = new URL(relayState)
  if (url.hash.startsWith('#/') && isStartUrl(world, url.origin + url.pathname)) {
    return toLocalPath(PORTAL + url.hash.slice(1))
  }
  return url.origin === world.publicUrl() ? toLocalPath(url.pathname + url.search) : PORTAL
}
