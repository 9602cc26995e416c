import type { UserId } from '@gatehouse/domain'
import { type DeviceCode, type DeviceCodes, MAX_DEVICE_CODES } from '../ports/device-codes.ts'
import type { Store } from '../ports/store.ts'
import type { InMemoryCredentials } from './in-memory-credentials.ts'

/** Codes in a map; sessions go to the credentials given, events to the store. */
export function createInMemoryDeviceCodes(
  store: Pick<Store, 'commit'>,
  credentials: Pick<InMemoryCredentials, 'createSession' | 'sessionOf' | 'onEnd'>,
): DeviceCodes {
  const codes = new Map<string, DeviceCode>()
  const byUserCode = (userCodeHash: string) => [...codes.values()].find((code) => code.userCodeHash === userCodeHash)
  const removeConfirmed = (by: { readonly user: UserId } | { readonly session: string }): void => {
    for (const code of codes.values())
      if (code.state === 'confirmed' && ('user' in by ? code.user === by.user : code.session === by.session))
        codes.delete(code.codeHash)
  }
  credentials.onEnd(removeConfirmed)
  return {
    async create(code) {
      for (const { codeHash, expiresAt } of codes.values()) if (expiresAt <= code.createdAt) codes.delete(codeHash)
      if (codes.size >= MAX_DEVICE_CODES) return 'full'
      if (byUserCode(code.userCodeHash)) return 'taken'
      codes.set(code.codeHash, code)
      return 'kept'
    },
    find: async (codeHash) => codes.get(codeHash),
    findByUserCode: async (userCodeHash) => byUserCode(userCodeHash),
    async decide(userCodeHash, decision, events, signal) {
      if (decision.state === 'confirmed' && credentials.sessionOf(decision.session)?.user !== decision.user)
        return false
      const code = byUserCode(userCodeHash)
      if (code?.state !== 'pending') return false
      codes.set(code.codeHash, { ...code, ...decision })
      await store.commit({ events }, signal)
      return true
    },
    async recordPoll(codeHash, poll) {
      const code = codes.get(codeHash)
      if (code) codes.set(codeHash, { ...code, ...poll })
    },
    async redeem(codeHash, session, events, signal) {
      const code = codes.get(codeHash)
      if (code?.state !== 'confirmed' || code.user !== session.user) return false
      const by = credentials.sessionOf(code.session)
      if (!by || by.expiresAt <= session.createdAt) return false
      codes.delete(codeHash)
      await credentials.createSession(session, events, signal)
      return true
    },
    async remove(codeHash) {
      codes.delete(codeHash)
    },
    removeConfirmedBy: async (user) => removeConfirmed({ user }),
  }
}
