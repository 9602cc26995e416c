import type { UserId } from '@gatehouse/domain'
import { type DeviceCode, type DeviceCodes, MAX_DEVICE_CODES } from '../ports/device-codes.ts'
import type { Store } from '../ports/store.ts'
import type { InMemoryCredentials } from './in-memory-credentials.ts'

/** Codes in a map; sessions go to the credentials given, events to the store. */
export function createInMemoryDeviceCodes(
  store: Pick<Store, 'commit'>,
  credentials: Pick<InMemoryCredentials, 'createSession' | 'userOf' | 'onEnd'>,
): DeviceCodes {
  const codes = new Map<string, DeviceCode>()
  const byUserCode = (userCodeHash: string) => [...codes.values()].find((code) => code.userCodeHash === userCodeHash)
  const removeConfirmedBy = (user: UserId): void => {
    for (const code of codes.values()) if (code.state === 'confirmed' && code.user === user) codes.delete(code.codeHash)
  }
  credentials.onEnd(removeConfirmedBy)
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
      const isConfirmed = decision.state === 'confirmed'
      if (isConfirmed && credentials.userOf(decision.session) !== decision.user) return false
      const code = byUserCode(userCodeHash)
      if (code?.state !== 'pending') return false
      const decided = isConfirmed ? ({ state: 'confirmed', user: decision.user } as const) : decision
      codes.set(code.codeHash, { ...code, ...decided })
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
      codes.delete(codeHash)
      await credentials.createSession(session, events, signal)
      return true
    },
    async remove(codeHash) {
      codes.delete(codeHash)
    },
    removeConfirmedBy: async (user) => removeConfirmedBy(user),
  }
}
