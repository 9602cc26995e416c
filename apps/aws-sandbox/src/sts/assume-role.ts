import { z } from 'zod'
import { accessDenied, authorize } from '../auth/authorize.ts'
import { evaluateTrust, type TrustedParty } from '../auth/evaluate-trust.ts'
import { parseTrustPolicy, type PolicyDocument } from '../auth/policy-document.ts'
import { createRequestContext, type RequestContext } from '../auth/request-context.ts'
import { AwsError } from '../http/aws-error.ts'
import { tags } from '../iam/iam-input.ts'
import type { Caller } from '../world/caller.ts'
import { defineOperation, type Call } from '../world/operation.ts'
import type { IamRole } from '../world/records.ts'
import { iamKey, type World } from '../world/world.ts'
import { createRoleSession, presentRoleSession } from './create-role-session.ts'
import { checkDuration, findRoleByArn, readSessionPolicies, sessionInput } from './session-input.ts'

/** IAM User Guide, "Methods to assume a role": role chaining limits a session to one hour. */
const MAX_CHAINED_DURATION = 3_600

/**
 * Credentials of a role for somebody who has credentials. Two must agree: the role's trust policy, and the policies of
 * the caller. Only a trust policy of the same account that names the caller itself is enough alone.
 */
export const assumeRole = defineOperation({
  service: 'sts',
  name: 'AssumeRole',
  action: 'none', // decided below, where the trust policy is known
  input: sessionInput.extend({
    ExternalId: z.string().min(2).max(1_224).optional(),
    SourceIdentity: z.string().min(2).max(64).optional(),
    Tags: tags,
  }),
  run(world, input, call) {
    const role = findRoleByArn(world, input.RoleArn, call.view)
    const context = createRequestContext({
      'sts:ExternalId': input.ExternalId,
      'sts:RoleSessionName': input.RoleSessionName,
      'sts:SourceIdentity': input.SourceIdentity,
      'aws:PrincipalOrgID': world.home().organizationId,
      'aws:PrincipalAccount': call.caller.kind === 'anonymous' ? undefined : call.caller.accountId,
      'aws:PrincipalArn': call.caller.kind === 'anonymous' ? undefined : call.caller.arn,
      'aws:MultiFactorAuthPresent': undefined,
      'aws:MultiFactorAuthAge': undefined,
    })
    const actions = Object.keys(input.Tags).length > 0 ? ['sts:AssumeRole', 'sts:TagSession'] : ['sts:AssumeRole']
    for (const action of actions) {
      if (!role || !mayAssume(world, call, { role, action, context })) throw refuse(call.caller, action, input.RoleArn)
    }
    if (!role) throw refuse(call.caller, 'sts:AssumeRole', input.RoleArn)
    checkDuration(input.DurationSeconds, role)
    if (call.caller.kind === 'role' && input.DurationSeconds > MAX_CHAINED_DURATION) {
      throw new AwsError(
        'ValidationError',
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      )
    }
    const session = createRoleSession(
      world,
      {
        role,
        sessionName: input.RoleSessionName,
        durationSeconds: input.DurationSeconds,
        tags: input.Tags,
        ...readSessionPolicies(world, input, role),
      },
      call.now,
    )
    return presentRoleSession(session, role)
  },
})

interface Assumption {
  readonly role: IamRole
  readonly action: string
  readonly context: RequestContext
}

function mayAssume(world: World, { caller }: Call, { role, action, context }: Assumption): boolean {
  if (caller.kind === 'anonymous') return false
  const trustPolicy = parseTrustPolicy(role.trustPolicy)
  const party = toParty(world, caller)
  if (evaluateTrust(trustPolicy, { party, action, context }) !== 'allowed') return false
  const decision = authorize(world, { caller, action, resource: role.arn })
  if (decision.allowed) return true
  const isDenied = decision.because.startsWith('with an explicit deny')
  return !isDenied && role.accountId === caller.accountId && namesItself(trustPolicy, party)
}

function toParty(world: World, caller: Exclude<Caller, { kind: 'anonymous' }>): TrustedParty {
  const roleArn =
    caller.kind === 'role' ? world.iamRoles.get(iamKey(caller.accountId, caller.roleName))?.arn : undefined
  return { kind: 'aws', account: caller.accountId, arn: caller.arn, roleArn }
}

function namesItself({ statements }: PolicyDocument, party: TrustedParty): boolean {
  if (party.kind !== 'aws') return false
  const principals = statements.flatMap((statement) =>
    statement.effect === 'Allow' && statement.principals?.inverted === false ? statement.principals.principals : [],
  )
  return principals.some(({ value }) => value === party.arn || value === party.roleArn)
}

function refuse(caller: Caller, action: string, roleArn: string): AwsError {
  const who = caller.kind === 'anonymous' ? 'anonymous' : caller.arn
  return accessDenied('sts', `User: ${who} is not authorized to perform: ${action} on resource: ${roleArn}`)
}
