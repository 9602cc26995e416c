import { describe } from 'vitest'
import { credentialsContract } from './credentials-contract.ts'
import { deviceCodesContract } from './device-codes-contract.ts'
import { createInMemoryCredentials } from './in-memory-credentials.ts'
import { createInMemoryDeviceCodes } from './in-memory-device-codes.ts'
import { createInMemoryStore } from './in-memory-store.ts'
import { storeContract } from './store-contract.ts'

describe('the store in memory', () => {
  storeContract(async () => {
    const store = createInMemoryStore()
    let leader = 0
    return {
      store,
      auditLog: store,
      reviews: store.reviews,
      drafts: store.drafts,
      async changeLeader() {
        store.setFence(++leader)
        return leader
      },
    }
  })
})

describe('device codes in memory', () => {
  deviceCodesContract(async () => {
    const store = createInMemoryStore()
    const credentials = createInMemoryCredentials(store)
    return { deviceCodes: createInMemoryDeviceCodes(store, credentials), credentials, store, auditLog: store }
  })
})

describe('credentials in memory', () => {
  credentialsContract(async () => {
    const store = createInMemoryStore()
    return { credentials: createInMemoryCredentials(store), store, auditLog: store }
  })
})
