import { type AuditEvent, DomainError, type UserId } from '@gatehouse/domain'
import type { Credentials, PasswordLink, StoredSession } from '../ports/credentials.ts'
import type { Store } from '../ports/store.ts'

export interface InMemoryCredentials extends Credentials {
  /** Tells when a session has ended or somebody has another password; what else ends with them is not kept here. */
  onEnd(listener: (ended: Ended) => void): void
  /** At once, as a database sees it within one transaction. */
  sessionOf(tokenHash: string): StoredSession | undefined
}

type Ended = { readonly session: string } | { readonly user: UserId }

/** Passwords, sessions and links in maps; events go to the store given, as one commit each. */
export function createInMemoryCredentials(store: Pick<Store, 'commit'>): InMemoryCredentials {
  const listeners: ((ended: Ended) => void)[] = []
  const passwords = new Map<UserId, Awaited<ReturnType<Credentials['findPassword']>> & object>()
  const sessions = new Map<string, StoredSession>()
  const links = new Map<string, PasswordLink>()
  const record = async (events: readonly AuditEvent[], signal: AbortSignal): Promise<void> => {
    if (events.length > 0) await store.commit({ events }, signal)
  }
  const change = (tokenHash: string, changes: Partial<StoredSession>): void => {
    const session = sessions.get(tokenHash)
    if (session) sessions.set(tokenHash, { ...session, ...changes })
  }
  const tell = (ended: Ended): void => {
    for (const listener of listeners) listener(ended)
  }
  const endSession = (tokenHash: string): boolean => {
    tell({ session: tokenHash })
    return sessions.delete(tokenHash)
  }
  const endSessionsOf = (user: UserId, isEnding: (session: StoredSession) => boolean = () => true): void => {
    for (const session of sessions.values())
      if (session.user === user && isEnding(session)) endSession(session.tokenHash)
  }
  return {
    onEnd: (listener) => void listeners.push(listener),
    sessionOf: (tokenHash) => sessions.get(tokenHash),
    findPassword: async (user) => passwords.get(user),
    async recordFailure(user, state, events, signal) {
      const password = passwords.get(user)
      if (password) passwords.set(user, { hash: password.hash, ...state })
      await record(events, signal)
    },
    async setPassword({ user, hash, usingLinkHash, keepingSession }, events, signal) {
      if (usingLinkHash !== undefined && !links.has(usingLinkHash))
        throw new DomainError({ code: 'not-found', kind: 'link', name: '' })
      for (const link of links.values()) if (link.user === user) links.delete(link.tokenHash)
      passwords.set(user, { hash, failures: 0 })
      endSessionsOf(user, ({ tokenHash }) => tokenHash !== keepingSession)
      tell({ user })
      await record(events, signal)
    },
    hasPasswords: async () => passwords.size > 0,
    async createSession(session, events, signal) {
      endSessionsOf(session.user, ({ expiresAt }) => expiresAt <= session.createdAt)
      sessions.set(session.tokenHash, session)
      await record(events, signal)
    },
    findSession: async (tokenHash) => sessions.get(tokenHash),
    listSessionsOf: async (user) => [...sessions.values()].filter((session) => session.user === user),
    touchSession: async (tokenHash, lastSeenAt) => change(tokenHash, { lastSeenAt }),
    setAssumed: async (tokenHash, assumed) => change(tokenHash, { assumed }),
    async endSession(tokenHash) {
      endSession(tokenHash)
    },
    async endSessions(tokenHashes, events, signal) {
      const ended = tokenHashes.filter(endSession).length
      if (ended > 0) await record(events, signal)
      return ended
    },
    endSessionsOf: async (user) => endSessionsOf(user),
    async createPasswordLink(link, events, signal) {
      links.set(link.tokenHash, link)
      await record(events, signal)
    },
    findPasswordLink: async (tokenHash) => links.get(tokenHash),
  }
}
