import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.ts'
import { assumeRole } from './assume-role.ts'

/** Needs no permission; even an explicit deny does not stop it (AWS STS API Reference, "GetCallerIdentity"). */
const getCallerIdentity = defineOperation({
  service: 'sts',
  name: 'GetCallerIdentity',
  action: 'none',
  input: z.object({}),
  run(_, __, { caller }) {
    if (caller.kind === 'anonymous') {
      throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', { status: 403 })
    }
    return { UserId: caller.userId, Account: caller.accountId, Arn: caller.arn }
  },
})

export const stsOperations: readonly Operation[] = [assumeRoleWithWebIdentity, assumeRole, getCallerIdentity]
