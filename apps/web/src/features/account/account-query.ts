import { client } from '../../app/client.ts'
import { pagesOf } from '../../components/pages.ts'

export const SESSIONS = ['sessions'] as const

export const sessionsQuery = pagesOf(SESSIONS, (cursor, signal) =>
  client.listSessions({ query: { limit: 100, cursor } }, signal),
)
