import type { Operation } from '../world/operation.ts'
import { accessControlOperations } from './access-control-operations.ts'
import { createAssignmentOperations, type AssignmentParts } from './assignment-operations.ts'
import { instanceOperations } from './instance-operations.ts'
import { permissionSetOperations } from './permission-set-operations.ts'
import { policyOperations } from './policy-operations.ts'
import { createProvisionOperations } from './provision-operations.ts'

export function createSsoAdminOperations(parts: AssignmentParts): readonly Operation[] {
  return [
    ...instanceOperations,
    ...accessControlOperations,
    ...permissionSetOperations,
    ...policyOperations,
    ...createProvisionOperations(parts.engine),
    ...createAssignmentOperations(parts),
  ]
}
