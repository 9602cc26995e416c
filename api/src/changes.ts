import { z } from 'zod'

/** What somebody may want to read again. Each is the name of what its endpoints give. */
export const CHANGE_TOPICS = [
  'users',
  'roles',
  'access-lists',
  'access-requests',
  'locks',
  'service-providers',
  'bundles',
  'approval-rules',
  'organizations',
  /** AWS has confirmed or refused something. */
  'assignments',
  'audit-events',
] as const

export type ChangeTopic = (typeof CHANGE_TOPICS)[number]

/**
 * A stream of server-sent events (HTML standard, 9.2) for whoever is signed in. Each event `changed` says which kinds of
 * things are not as they were, and nothing of what has become of them: what the viewer may see he reads again. The first
 * event, `missed`, says the same of the time since `since`, or since the event that the header `Last-Event-ID` names: every
 * kind, when the server can't tell. It ends with the session; listening to it does not keep the session alive.
 */
export const CHANGES_PATH = '/v1/changes'

/** `since` is what the page was given when it was opened. */
export const changesQuerySchema = z.object({ since: z.string().max(64).optional() })

/** The data of an event `changed` or `missed`. */
export const changesSchema = z.object({ topics: z.array(z.enum(CHANGE_TOPICS)) })
