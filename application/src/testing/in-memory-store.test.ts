import { describe } from 'vitest'
import { credentialsContract } from './credentials-contract.ts'
import { createInMemoryCredentials } from './in-memory-credentials.ts'
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
      async changeLeader() {
        store.setFence(++leader)
        return leader
      },
    }
  })
})

describe('credentials in memory', () => {
  credentialsContract(async () => {
    const store = createInMemoryStore()
    return { credentials: createInMemoryCredentials(store), store, auditLog: store }
  })
})
