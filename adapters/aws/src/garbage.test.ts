import type { AccountAssignment, AccountId, AwsGroupId, AwsUserId, PermissionSetArn } from '@gatehouse/domain'
import { describe, expect, it } from 'vitest'
import { aScene, failureOf, sweep } from './testing/an-identity-center.ts'
import type { Answer } from './testing/scripted-aws.ts'

/** A small generator with a seed, so that a failure can be run again. */
function drawing(seed: number) {
  let state = seed
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  return { next, pick: <T>(from: readonly [T, ...T[]]): T => from[next(from.length)] ?? from[0] }
}
type Draw = ReturnType<typeof drawing>

const KEYS = [
  'Users',
  'Groups',
  'Accounts',
  'PermissionSets',
  'PermissionSet',
  'GroupMemberships',
  'AccountAssignments',
  'NextToken',
  'UserId',
  'GroupId',
  'Id',
  'MemberId',
  'Emails',
  'ExternalIds',
  'State',
  'Status',
  'RequestId',
  'FailureReason',
  'Name',
  'AccountAssignmentCreationStatus',
  'AccountAssignmentDeletionStatus',
  'AccountAssignmentsCreationStatus',
  'AccountAssignmentsDeletionStatus',
  'CreatedDate',
  'Roots',
  'OrganizationalUnits',
  'Tags',
  'Key',
  'Value',
  'Paths',
  'InlinePolicy',
  'AttachedManagedPolicies',
  'CustomerManagedPolicyReferences',
  'PermissionsBoundary',
  'CustomerManagedPolicyReference',
  'ManagedPolicyArn',
  'Arn',
  'Path',
  'AccountId',
  'PermissionSetArn',
  'message',
  '__type',
  '__proto__',
] as const
const LEAVES = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'IN_PROGRESS',
  'SUCCEEDED',
  'FAILED',
  'x',
  'a\u0000b',
  '\ud800',
  '9'.repeat(99),
] as const

function someJson(draw: Draw, depth = 0): unknown {
  const kind = depth > 4 ? 0 : draw.next(3)
  if (kind === 0) return draw.pick(LEAVES)
  if (kind === 1) return Array.from({ length: draw.next(4) }, () => someJson(draw, depth + 1))
  return Object.fromEntries(Array.from({ length: draw.next(6) }, () => [draw.pick(KEYS), someJson(draw, depth + 1)]))
}

function someAnswer(draw: Draw): Answer {
  const status = draw.pick([200, 200, 200, 201, 204, 301, 400, 403, 404, 413, 429, 500, 503])
  switch (draw.next(6)) {
    case 0:
      return { status, text: draw.pick(['<html>', '', '{', '[', '\u0000', 'null', '"text"', '{"Users":[{}]}']) }
    case 1:
      return { json: someJson(draw), cutAfter: draw.next(10) }
    case 2:
      return 'reset'
    default:
      return { status, json: someJson(draw) }
  }
}

const OPERATIONS = [
  'DescribeInstance',
  'ListAccounts',
  'ListRoots',
  'ListOrganizationalUnitsForParent',
  'ListAccountsForParent',
  'ListTagsForResource',
  'ListPermissionSets',
  'DescribePermissionSet',
  'GetInlinePolicyForPermissionSet',
  'ListManagedPoliciesInPermissionSet',
  'ListCustomerManagedPolicyReferencesInPermissionSet',
  'GetPermissionsBoundaryForPermissionSet',
  'ListUsers',
  'ListGroups',
  'ListGroupMemberships',
  'ListAccountAssignmentsForPrincipal',
  'CreateAccountAssignment',
  'DeleteAccountAssignment',
  'DescribeAccountAssignmentCreationStatus',
  'DescribeAccountAssignmentDeletionStatus',
  'ListAccountAssignmentCreationStatus',
  'ListAccountAssignmentDeletionStatus',
] as const

describe('whatever a server answers', () => {
  it.each([1, 2, 3, 4])('a call ends with a result or an IdentityCenterError (seed %i)', async (seed) => {
    const draw = drawing(seed)
    await using scene = await aScene()
    for (const operation of OPERATIONS) scene.aws.on(operation, () => someAnswer(draw))
    const { identityCenter } = scene
    const set = 'arn:set' as PermissionSetArn
    const group = 'g' as AwsGroupId
    const assignment: AccountAssignment = {
      account: '1' as AccountId,
      permissionSet: set,
      principal: { type: 'USER', id: 'u' as AwsUserId },
    }
    for (let round = 0; round < 25; round += 1) {
      const failures = await Promise.all(
        [
          identityCenter.describeInstance(sweep()),
          identityCenter.listAccounts(sweep()),
          identityCenter.listOrganizationalUnits(sweep()),
          identityCenter.listAccountsInUnit('ou-1', sweep()),
          identityCenter.listAccountTags(assignment.account, sweep()),
          identityCenter.listPermissionSets(sweep()),
          identityCenter.describePermissionSet(set, sweep()),
          identityCenter.readPermissionSet(set, sweep()),
          identityCenter.listUsers(sweep()),
          identityCenter.listGroups(sweep()),
          identityCenter.listGroupMembers(group, sweep()),
          identityCenter.listAssignments(assignment.principal, sweep()),
          identityCenter.createAssignment(assignment, sweep()),
          identityCenter.deleteAssignment(assignment, sweep()),
          identityCenter.describeAssignmentRequest('creation', 'r', sweep()),
          identityCenter.describeAssignmentRequest('deletion', 'r', sweep()),
          identityCenter.listRequestsInProgress(round % 2 ? 'creation' : 'deletion', sweep()),
        ].map(failureOf),
      )
      expect(failures).not.toContain('a bug')
    }
  })
})
