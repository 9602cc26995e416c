import type { Operation } from '../world/operation.ts'
import { groupOperations } from './group-operations.ts'
import { membershipOperations } from './membership-operations.ts'
import { userOperations } from './user-operations.ts'

export const identityStoreOperations: readonly Operation[] = [
  ...userOperations,
  ...groupOperations,
  ...membershipOperations,
]
