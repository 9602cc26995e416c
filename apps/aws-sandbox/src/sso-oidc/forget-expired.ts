import type { Table } from '../world/table.ts'
import type { World } from '../world/world.ts'

/** What has expired is remembered this long, so that its bearer hears "expired" rather than "unknown". */
const REMEMBER_MS = 24 * 3_600_000

export function forgetExpired(world: World, now: number): void {
  const { oidcClients, deviceAuthorizations, authorizationCodes, portalSessions, accessTokens, refreshTokens } = world
  forget(oidcClients, now)
  forget(deviceAuthorizations, now)
  forget(authorizationCodes, now)
  forget(portalSessions, now)
  forget(accessTokens, now)
  forget(refreshTokens, now)
}

function forget<Row extends { readonly expiresAt: number }>(table: Table<Row>, now: number) {
  const old = [...table.entries()].filter(([, row]) => row.expiresAt + REMEMBER_MS < now)
  for (const [key] of old) table.delete(key)
}
