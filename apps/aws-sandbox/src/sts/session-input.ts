import { z } from 'zod'
import { parseIdentityPolicy } from '../auth/policy-document.ts'
import { AwsError } from '../http/aws-error.ts'
import { checkPolicy } from '../iam/iam-error.ts'
import { arn, listOf } from '../iam/iam-input.ts'
import { findManagedPolicy } from '../managed-policies/managed-policies.ts'
import type { IamRole } from '../world/records.ts'
import type { View } from '../world/table.ts'
import { iamKey, type World } from '../world/world.ts'

/** Members that all operations of the AssumeRole family share. */
export const sessionInput = z.object({
  RoleArn: arn,
  RoleSessionName: z
    .string()
    .regex(
      /^[\w+=,.@-]{2,64}$/,
      'Member must satisfy regular expression pattern: [\\w+=,.@-]* and have length 2 to 64',
    ),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(3_600),
  Policy: z.string().min(1).optional(),
  PolicyArns: listOf(z.object({ arn })),
})
export type SessionInput = z.infer<typeof sessionInput>

/** AWS STS API Reference, "AssumeRole": plain text of a session policy, and managed policies beside it. */
const MAX_POLICY_LENGTH = 2_048
const MAX_POLICY_ARNS = 10

/** @throws AwsError ValidationError when the role does not allow sessions that long. */
export function checkDuration(durationSeconds: number, role: IamRole): void {
  if (durationSeconds <= role.maxSessionDuration) return
  throw new AwsError(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  )
}

/** The session policies of a request. @throws AwsError MalformedPolicyDocument or PackedPolicyTooLarge */
export function readSessionPolicies(
  world: World,
  { Policy, PolicyArns }: SessionInput,
  role: IamRole,
): { policies: readonly string[]; policyArns: readonly string[] } {
  if (Policy !== undefined) checkPolicy(parseIdentityPolicy, Policy)
  if ((Policy?.length ?? 0) > MAX_POLICY_LENGTH || PolicyArns.length > MAX_POLICY_ARNS) {
    throw new AwsError('PackedPolicyTooLarge', 'The session policies exceed the allowed size.')
  }
  const policyArns = PolicyArns.map((policy) => policy.arn)
  for (const policyArn of policyArns) {
    const isKnown = findManagedPolicy(policyArn) ?? world.iamPolicies.get(policyArn)?.accountId === role.accountId
    if (!isKnown) throw new AwsError('ValidationError', `Policy ${policyArn} does not exist or is not attachable.`)
  }
  return { policies: Policy === undefined ? [] : [Policy], policyArns }
}

/** The role behind an ARN, if readers of IAM know it by now. */
export function findRoleByArn(world: World, roleArn: string, view: View): IamRole | undefined {
  const [, account = '', name = ''] = /^arn:aws[\w-]*:iam::(\d{12}):role\/(?:[^/]+\/)*([^/]+)$/.exec(roleArn) ?? []
  const role = world.iamRoles.seen(view).get(iamKey(account, name))
  return role?.arn === roleArn ? role : undefined
}
