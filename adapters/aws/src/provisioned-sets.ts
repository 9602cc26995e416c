import { ListPermissionSetsProvisionedToAccountCommand } from '@aws-sdk/client-sso-admin'
import type { CallOptions } from '@gatehouse/application'
import type { AccountId, PermissionSetArn } from '@gatehouse/domain'
import { createCallAws } from './call-aws.ts'
import { parsePermissionSetArn } from './parse-answers.ts'
import { readPages } from './read-pages.ts'

const ROWS_PER_PAGE = 100

/** The permission sets that an account has a role of. @throws IdentityCenterError */
export function createListProvisionedSets(
  options: Parameters<typeof createCallAws>[0] & { readonly instanceArn: string },
) {
  const callAws = createCallAws(options)
  const operation = { service: 'sso-admin', name: 'ListPermissionSetsProvisionedToAccount', effect: 'read' } as const
  return (account: AccountId, call: CallOptions): Promise<readonly PermissionSetArn[]> =>
    readPages(operation.name, async (NextToken) => {
      const input = { InstanceArn: options.instanceArn, AccountId: account, NextToken, MaxResults: ROWS_PER_PAGE }
      const command = new ListPermissionSetsProvisionedToAccountCommand(input)
      const page = await callAws(operation, call, ({ ssoAdmin }, send) => ssoAdmin.send(command, send))
      // An account that has none may come without the list.
      return { rows: (page.PermissionSets ?? []).map(parsePermissionSetArn), next: page.NextToken }
    })
}
