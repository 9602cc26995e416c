import { auditContract } from './audit-contract.ts'
import { memoryContract } from './memory-contract.ts'
import { mirrorContract } from './mirror-contract.ts'
import { reviewDraftsContract } from './review-drafts-contract.ts'
import { recordsContract } from './records-contract.ts'
import type { StoreUnderTest } from './store-scene.ts'

export type { StoreUnderTest } from './store-scene.ts'

/** What every adapter of `Store` and its `AuditLog` must do. Call it inside a `describe`. */
export function storeContract(make: () => Promise<StoreUnderTest>): void {
  recordsContract(make)
  reviewDraftsContract(make)
  mirrorContract(make)
  memoryContract(make)
  auditContract(make)
}
