import { AwsError } from '../http/aws-error.ts'
import { findManagedPolicy } from '../managed-policies/managed-policies.ts'
import type { Caller, ConditionContext, Decision } from '../world/caller.ts'
import type { Service } from '../world/operation.ts'
import type { IamRole, IamUser, Session } from '../world/records.ts'
import type { View } from '../world/table.ts'
import { iamKey, type World } from '../world/world.ts'
import { callerContext } from './caller-context.ts'
import { evaluatePolicies, type PolicyQuestion } from './evaluate-policies.ts'
import { parseIdentityPolicy, type PolicyDocument } from './policy-document.ts'

export interface Question {
  readonly caller: Caller
  readonly action: string
  readonly resource: string
  /** What the operation knows besides the caller, for conditions: `sso:instancearn`, `aws:sourceip`… */
  readonly context?: ConditionContext
}

/**
 * Whether the caller's policies allow one action on one resource: the identity-based policies, narrowed by the
 * permissions boundary and by the policies of the session (IAM User Guide, "Policy evaluation logic"). Service control
 * policies and resource-based policies do not exist here; trust policies are in `evaluate-trust.ts`.
 *
 * A policy that was just written counts once IAM's readers see it.
 */
export function authorize(world: World, { caller, action, resource, context = {} }: Question): Decision {
  switch (caller.kind) {
    case 'root':
      return { allowed: true }
    case 'anonymous':
      return { allowed: false, because: becauseSilent('identity-based policy', action) }
    case 'user':
    case 'role':
      return decideBy(policyLayers(world, caller), {
        action,
        resource,
        context: callerContext(world, caller, context),
      })
  }
}

/** @throws AwsError AccessDeniedException (JSON services, 400) or AccessDenied (IAM and STS, 403). */
export function assertAuthorized(world: World, service: Service, question: Question): void {
  const decision = authorize(world, question)
  if (!decision.allowed) throw accessDenied(service, describeDenial(question, decision.because))
}

/** AWS's sentence for a refusal; also the tail of the failure reasons of account assignments. */
export function describeDenial({ caller, action, resource }: Question, because: string): string {
  const who = caller.kind === 'anonymous' ? 'anonymous' : caller.arn
  return `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${because}`
}

export function accessDenied(service: Service, message: string): AwsError {
  if (service === 'iam' || service === 'sts') return new AwsError('AccessDenied', message, { status: 403 })
  if (service === 'sso') return new AwsError('ForbiddenException', message, { status: 403 })
  return new AwsError('AccessDeniedException', message)
}

/** Policies that say the same kind of thing; each layer must allow. */
interface Layer {
  readonly kind: 'identity-based policy' | 'permissions boundary' | 'session policy'
  readonly policies: readonly PolicyDocument[]
}

function decideBy(layers: readonly Layer[], question: PolicyQuestion): Decision {
  const verdicts = layers.map(({ kind, policies }) => ({ kind, verdict: evaluatePolicies(policies, question) }))
  const denied = verdicts.find(({ verdict }) => verdict === 'denied')
  if (denied) {
    const article = denied.kind === 'identity-based policy' ? 'an' : 'a'
    return { allowed: false, because: `with an explicit deny in ${article} ${denied.kind}` }
  }
  const silent = verdicts.find(({ verdict }) => verdict === 'not-mentioned')
  return silent ? { allowed: false, because: becauseSilent(silent.kind, question.action) } : { allowed: true }
}

function becauseSilent(kind: Layer['kind'], action: string): string {
  return `because no ${kind} allows the ${action} action`
}

function policyLayers(world: World, caller: Extract<Caller, { kind: 'user' | 'role' }>): Layer[] {
  const view: View = { now: world.clock.now(), staleMs: 0 }
  if (caller.kind === 'user') {
    const user = world.iamUsers.seen(view).get(iamKey(caller.accountId, caller.userName))
    return [identityLayer(world, user, view)]
  }
  const role = world.iamRoles.seen(view).get(iamKey(caller.accountId, caller.roleName))
  const session = world.sessions.get(caller.accessKeyId)
  return [identityLayer(world, role, view), ...boundaryLayer(world, role, view), ...sessionLayer(world, session, view)]
}

/** Nobody there (yet), nothing allowed. */
function identityLayer(world: World, holder: IamRole | IamUser | undefined, view: View): Layer {
  const inline = Object.values(holder?.inlinePolicies ?? {}).map(parseIdentityPolicy)
  const attached = (holder?.attachedPolicyArns ?? []).flatMap((arn) => policyByArn(world, arn, view))
  return { kind: 'identity-based policy', policies: [...inline, ...attached] }
}

function boundaryLayer(world: World, role: IamRole | undefined, view: View): Layer[] {
  if (role?.permissionsBoundaryArn === undefined) return []
  return [{ kind: 'permissions boundary', policies: policyByArn(world, role.permissionsBoundaryArn, view) }]
}

function sessionLayer(world: World, session: Session | undefined, view: View): Layer[] {
  if (!session || (session.policies.length === 0 && session.policyArns.length === 0)) return []
  const inline = session.policies.map(parseIdentityPolicy)
  const managed = session.policyArns.flatMap((arn) => policyByArn(world, arn, view))
  return [{ kind: 'session policy', policies: [...inline, ...managed] }]
}

/** AWS's own policy, or the default version of the customer's; nothing when there is none by this ARN. */
function policyByArn(world: World, arn: string, view: View): PolicyDocument[] {
  const managed = findManagedPolicy(arn)
  if (managed) return [managed.document]
  const policy = world.iamPolicies.seen(view).get(arn)
  const version = policy?.versions.find(({ id }) => id === policy.defaultVersionId)
  return version ? [parseIdentityPolicy(version.document)] : []
}
