import type { FastifyPluginAsync } from 'fastify'
import type { World } from '../world/world.ts'

/** The SCIM v2 endpoint of one world. */
export function scimRoutes(_world: World): FastifyPluginAsync {
  return async () => {}
}
