import type { Operation } from '../world/operation.ts'
import { createAccountOperations } from './create-account.ts'
import { organizationsReadOperations } from './read-operations.ts'
import { organizationsWriteOperations } from './write-operations.ts'

export const organizationsOperations: readonly Operation[] = [
  ...organizationsReadOperations,
  ...createAccountOperations,
  ...organizationsWriteOperations,
]
