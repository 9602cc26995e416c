import {
  DescribePermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  ListManagedPoliciesInPermissionSetCommand,
} from '@aws-sdk/client-sso-admin'
import { type CallOptions, type Clock, type IdentityCenter, IdentityCenterError } from '@gatehouse/application'
import type { CustomerManagedPolicy, PermissionSetArn, PermissionSetPolicies } from '@gatehouse/domain'
import type { AwsOperation, CallAws } from './call-aws.ts'
import { isNotAvailable, REMEMBER_MISSING_PERMISSION } from './classify-error.ts'
import {
  parseBoundary,
  parseCustomerManagedPolicy,
  parseId,
  parseInlinePolicy,
  parsePermissionSet,
  parseRelayState,
  rowsOf,
} from './parse-answers.ts'
import { readPages } from './read-pages.ts'

type Reads = Pick<IdentityCenter, 'describePermissionSet' | 'readPermissionSet'>

const ROWS_PER_PAGE = 100

/** Permission sets: what the guide's permissions tell of one, and what the optional ones add. */
export function permissionSetReads(InstanceArn: string, callAws: CallAws, clock?: Clock): Reads {
  const now = (): number => clock?.now() ?? Date.now()
  let notAllowedUntil = Number.NEGATIVE_INFINITY

  const describe = async (arn: PermissionSetArn, call: CallOptions) => {
    const command = new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn: arn })
    const answer = await callAws(read('DescribePermissionSet'), call, ({ ssoAdmin }, send) =>
      ssoAdmin.send(command, send),
    )
    return answer.PermissionSet
  }

  return {
    describePermissionSet: async (arn, call) => parsePermissionSet(arn, await describe(arn, call)),

    async readPermissionSet(arn, call) {
      const answer = await describe(arn, call)
      const reading = { ...parsePermissionSet(arn, answer), ...parseRelayState(answer) }
      if (now() < notAllowedUntil) return reading
      try {
        return { ...reading, policies: await readPolicies(InstanceArn, callAws, arn, call) }
      } catch (error) {
        if (!isNotAvailable(error)) throw error
        notAllowedUntil = now() + REMEMBER_MISSING_PERMISSION
        return reading
      }
    },
  }
}

const read = (name: string): AwsOperation => ({ service: 'sso-admin', name, effect: 'read' })

/** Whole or not at all: part of what a set allows would be taken for all of it. */
async function readPolicies(
  InstanceArn: string,
  callAws: CallAws,
  arn: PermissionSetArn,
  call: CallOptions,
): Promise<PermissionSetPolicies> {
  const input = { InstanceArn, PermissionSetArn: arn }
  const inlinePolicy = async () => {
    const command = new GetInlinePolicyForPermissionSetCommand(input)
    const operation = read('GetInlinePolicyForPermissionSet')
    return parseInlinePolicy(await callAws(operation, call, ({ ssoAdmin }, send) => ssoAdmin.send(command, send)))
  }
  const managedPolicies = async (): Promise<readonly string[]> => {
    const operation = read('ListManagedPoliciesInPermissionSet')
    const rows = await readPages(operation.name, async (NextToken) => {
      const command = new ListManagedPoliciesInPermissionSetCommand({ ...input, NextToken, MaxResults: ROWS_PER_PAGE })
      const page = await callAws(operation, call, ({ ssoAdmin }, send) => ssoAdmin.send(command, send))
      return { rows: rowsOf(operation.name, page.AttachedManagedPolicies), next: page.NextToken }
    })
    return sortedOnce(rows.map(({ Arn }) => parseId(operation.name, 'policy ARN', Arn)))
  }
  const customerManagedPolicies = async (): Promise<readonly CustomerManagedPolicy[]> => {
    const operation = read('ListCustomerManagedPolicyReferencesInPermissionSet')
    const rows = await readPages(operation.name, async (NextToken) => {
      const page = { ...input, NextToken, MaxResults: ROWS_PER_PAGE }
      const command = new ListCustomerManagedPolicyReferencesInPermissionSetCommand(page)
      const answer = await callAws(operation, call, ({ ssoAdmin }, send) => ssoAdmin.send(command, send))
      return { rows: rowsOf(operation.name, answer.CustomerManagedPolicyReferences), next: answer.NextToken }
    })
    const policies = rows.map((row) => parseCustomerManagedPolicy(operation.name, row))
    const byKey = new Map(policies.map((policy) => [`${policy.path}\0${policy.name}`, policy]))
    return sortedOnce([...byKey.keys()]).flatMap((key) => byKey.get(key) ?? [])
  }
  const permissionsBoundary = async () => {
    const operation = read('GetPermissionsBoundaryForPermissionSet')
    const command = new GetPermissionsBoundaryForPermissionSetCommand(input)
    try {
      return parseBoundary(await callAws(operation, call, ({ ssoAdmin }, send) => ssoAdmin.send(command, send)))
    } catch (error) {
      if (hasNoBoundary(error)) return {}
      throw error
    }
  }
  // One after the other where the first may already say that the permission is missing.
  const inline = await inlinePolicy()
  const [managed, customerManaged, boundary] = await Promise.all([
    managedPolicies(),
    customerManagedPolicies(),
    permissionsBoundary(),
  ])
  return { ...inline, managedPolicies: managed, customerManagedPolicies: customerManaged, ...boundary }
}

/** AWS answers so for a set without one; a set that is gone itself fails the other three calls. */
const hasNoBoundary = (error: unknown): boolean => error instanceof IdentityCenterError && error.failure === 'not-found'

/** In the order of code units, which is nobody's locale. */
const sortedOnce = (texts: readonly string[]): readonly string[] => [...new Set(texts)].toSorted()
