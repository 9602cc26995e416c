import { ListGroupMembershipsCommand, ListGroupsCommand, ListUsersCommand } from '@aws-sdk/client-identitystore'
import {
  DescribeInstanceCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListPermissionSetsCommand,
} from '@aws-sdk/client-sso-admin'
import { type Clock, type Gate, type IdentityCenter, IdentityCenterError } from '@gatehouse/application'
import { accountReads } from './account-reads.ts'
import { assignmentWrites } from './assignment-writes.ts'
import { createCallAws } from './call-aws.ts'
import { isUnknownOperation } from './classify-error.ts'
import type { CredentialSource } from './credentials.ts'
import {
  parseAssignments,
  parseGroup,
  parseId,
  parseMember,
  parsePermissionSetArn,
  parseUser,
  rowsOf,
} from './parse-answers.ts'
import { permissionSetReads } from './permission-set-reads.ts'
import { readPages } from './read-pages.ts'

export interface IdentityCenterOptions {
  readonly region: string
  readonly instanceArn: string
  /** Taken when the server can't describe its instance. */
  readonly identityStoreId: string
  readonly credentials: CredentialSource
  readonly gate: Gate
  /** Only for how long a missing optional permission is remembered. */
  readonly clock?: Clock
}

/** Largest pages that AWS allows (Identity Store API Reference and SSO Admin API Reference). */
const ROWS_PER_PAGE = 100

/** Identity Center and Organizations through the AWS SDK. */
export function createIdentityCenter(options: IdentityCenterOptions): IdentityCenter {
  const { instanceArn: InstanceArn, identityStoreId: IdentityStoreId } = options
  const callAws = createCallAws(options)
  let ownerAccount: string | undefined

  return {
    async describeInstance(call) {
      const operation = { service: 'sso-admin', name: 'DescribeInstance', effect: 'read' } as const
      const configured = { instanceArn: InstanceArn, identityStoreId: IdentityStoreId }
      const answer = await callAws(operation, call, ({ ssoAdmin }, send) =>
        ssoAdmin.send(new DescribeInstanceCommand({ InstanceArn }), send),
      ).catch((error: unknown) => {
        if (isUnknownOperation(error)) return undefined
        throw error
      })
      if (!answer) return configured
      const owner: unknown = answer.OwnerAccountId
      if (typeof owner === 'string' && owner !== '') ownerAccount = parseId(operation.name, 'owner account', owner)
      return {
        instanceArn: answer.InstanceArn ? parseId(operation.name, 'instance ARN', answer.InstanceArn) : InstanceArn,
        identityStoreId: answer.IdentityStoreId
          ? parseId(operation.name, 'identity store id', answer.IdentityStoreId)
          : IdentityStoreId,
        ...(ownerAccount === undefined ? {} : { ownerAccount }),
      }
    },

    listPermissionSets(call) {
      const operation = { service: 'sso-admin', name: 'ListPermissionSets', effect: 'read' } as const
      return readPages(operation.name, async (NextToken) => {
        const command = new ListPermissionSetsCommand({ InstanceArn, NextToken, MaxResults: ROWS_PER_PAGE })
        const page = await callAws(operation, call, ({ ssoAdmin }, send) => ssoAdmin.send(command, send))
        if (!Array.isArray(page.PermissionSets))
          throw new IdentityCenterError('unavailable', operation.name, `${operation.name}: the answer holds no list`)
        return { rows: page.PermissionSets.map(parsePermissionSetArn), next: page.NextToken }
      })
    },

    async listUsers(call) {
      const operation = { service: 'identitystore', name: 'ListUsers', effect: 'read' } as const
      const rows = await readPages(operation.name, async (NextToken) => {
        const command = new ListUsersCommand({ IdentityStoreId, NextToken, MaxResults: ROWS_PER_PAGE })
        const page = await callAws(operation, call, ({ identitystore }, send) => identitystore.send(command, send))
        return { rows: rowsOf(operation.name, page.Users), next: page.NextToken }
      })
      return rows.map(parseUser)
    },

    async listGroups(call) {
      const operation = { service: 'identitystore', name: 'ListGroups', effect: 'read' } as const
      const rows = await readPages(operation.name, async (NextToken) => {
        const command = new ListGroupsCommand({ IdentityStoreId, NextToken, MaxResults: ROWS_PER_PAGE })
        const page = await callAws(operation, call, ({ identitystore }, send) => identitystore.send(command, send))
        return { rows: rowsOf(operation.name, page.Groups), next: page.NextToken }
      })
      return rows.map(parseGroup)
    },

    async listGroupMembers(group, call) {
      const operation = { service: 'identitystore', name: 'ListGroupMemberships', effect: 'read' } as const
      const rows = await readPages(operation.name, async (NextToken) => {
        const input = { IdentityStoreId, GroupId: group, NextToken, MaxResults: ROWS_PER_PAGE }
        const command = new ListGroupMembershipsCommand(input)
        const page = await callAws(operation, call, ({ identitystore }, send) => identitystore.send(command, send))
        return { rows: rowsOf(operation.name, page.GroupMemberships), next: page.NextToken }
      })
      return [...new Set(rows.map(parseMember))]
    },

    async listAssignments(principal, call) {
      const operation = { service: 'sso-admin', name: 'ListAccountAssignmentsForPrincipal', effect: 'read' } as const
      const rows = await readPages(operation.name, async (NextToken) => {
        const command = new ListAccountAssignmentsForPrincipalCommand({
          InstanceArn,
          PrincipalId: principal.id,
          PrincipalType: principal.type,
          NextToken,
          MaxResults: ROWS_PER_PAGE,
        })
        const page = await callAws(operation, call, ({ ssoAdmin }, send) => ssoAdmin.send(command, send))
        return { rows: rowsOf(operation.name, page.AccountAssignments, 'is-empty'), next: page.NextToken }
      })
      return parseAssignments(principal, rows)
    },

    ...accountReads({ callAws, ownerAccount: () => ownerAccount, clock: options.clock }),
    ...permissionSetReads(InstanceArn, callAws, options.clock),
    ...assignmentWrites(InstanceArn, callAws, options.clock),
  }
}
