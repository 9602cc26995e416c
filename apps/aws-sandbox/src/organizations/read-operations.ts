import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import { pageOf, type PageRequest } from '../http/page.ts'
import { accountIdSchema, oneOf, paging, text } from '../world/input.ts'
import { defineOperation, type Call, type Operation } from '../world/operation.ts'
import type { World } from '../world/world.ts'
import { demandOrganizationReader } from './access.ts'
import { accountArn, parentArn, presentAccount, presentOrganizationalUnit, presentRoot } from './present.ts'

/** Organizations API Reference: pages hold 20 rows at most, and may be empty although more follows. */
const ROWS_PER_PAGE = 20
const pageMembers = paging(ROWS_PER_PAGE, 100_000)
const parentIdSchema = text(1, 100, /^(r-[0-9a-z]{4,32})$|^(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/)
const childIdSchema = text(1, 100, /^(\d{12})$|^(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/)
export const taggableIdSchema = text(
  1,
  130,
  /^(r-[0-9a-z]{4,32})$|^(\d{12})$|^(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$|^(p-[0-9a-zA-Z_]{8,128})$/,
)

export const organizationsReadOperations: readonly Operation[] = [
  defineOperation({
    service: 'organizations',
    name: 'DescribeOrganization',
    input: z.object({}),
    run(world) {
      const home = world.home()
      const arn = `arn:aws:organizations::${home.managementAccountId}`
      return {
        Organization: {
          Id: home.organizationId,
          Arn: `${arn}:organization/${home.organizationId}`,
          FeatureSet: 'ALL',
          MasterAccountArn: `${arn}:account/${home.organizationId}/${home.managementAccountId}`,
          MasterAccountId: home.managementAccountId,
          MasterAccountEmail: world.accounts.get(home.managementAccountId)?.email,
          AvailablePolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
        },
      }
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'ListAccounts',
    input: z.object(pageMembers),
    run(world, input, call) {
      demandOrganizationReader(world, call.caller)
      const accounts = [...world.accounts.seen(call.view).values()]
      const page = pageHere(world, call, 'ListAccounts', accounts, (account) => account.id, input)
      return { Accounts: page.rows.map((account) => presentAccount(world, account)), NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'ListAccountsForParent',
    input: z.object({ ParentId: parentIdSchema, ...pageMembers }),
    resources: (world, input) => [parentArn(world.home(), input.ParentId)],
    run(world, input, call) {
      demandOrganizationReader(world, call.caller)
      demandParent(world, input.ParentId)
      const accounts = world.accounts.seen(call.view).by('parent', input.ParentId)
      const scope = `ListAccountsForParent/${input.ParentId}`
      const page = pageHere(world, call, scope, accounts, (account) => account.id, input)
      return { Accounts: page.rows.map((account) => presentAccount(world, account)), NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'DescribeAccount',
    input: z.object({ AccountId: accountIdSchema }),
    resources: (world, input) => [accountArn(world.home(), input.AccountId)],
    run(world, input, call) {
      demandOrganizationReader(world, call.caller)
      const account = world.accounts.seen(call.view).get(input.AccountId)
      if (account === undefined) throw accountNotFound()
      return { Account: presentAccount(world, account) }
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'ListRoots',
    input: z.object(pageMembers),
    run(world, _input, call) {
      demandOrganizationReader(world, call.caller)
      return { Roots: [presentRoot(world.home())] }
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'ListOrganizationalUnitsForParent',
    input: z.object({ ParentId: parentIdSchema, ...pageMembers }),
    resources: (world, input) => [parentArn(world.home(), input.ParentId)],
    run(world, input, call) {
      demandOrganizationReader(world, call.caller)
      demandParent(world, input.ParentId)
      const units = world.organizationalUnits.seen(call.view).by('parent', input.ParentId)
      const scope = `ListOrganizationalUnitsForParent/${input.ParentId}`
      const page = pageHere(world, call, scope, units, (unit) => unit.id, input)
      const presented = page.rows.map((unit) => presentOrganizationalUnit(world, unit))
      return { OrganizationalUnits: presented, NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'DescribeOrganizationalUnit',
    input: z.object({ OrganizationalUnitId: text(1, 100, /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/) }),
    resources: (world, input) => [parentArn(world.home(), input.OrganizationalUnitId)],
    run(world, input, call) {
      demandOrganizationReader(world, call.caller)
      const unit = world.organizationalUnits.seen(call.view).get(input.OrganizationalUnitId)
      if (unit === undefined) {
        throw new AwsError(
          'OrganizationalUnitNotFoundException',
          "You specified an organizational unit that doesn't exist.",
        )
      }
      return { OrganizationalUnit: presentOrganizationalUnit(world, unit) }
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'ListChildren',
    input: z.object({ ParentId: parentIdSchema, ChildType: oneOf('ACCOUNT', 'ORGANIZATIONAL_UNIT'), ...pageMembers }),
    resources: (world, input) => [parentArn(world.home(), input.ParentId)],
    run(world, input, call) {
      demandOrganizationReader(world, call.caller)
      demandParent(world, input.ParentId)
      const table = input.ChildType === 'ACCOUNT' ? world.accounts : world.organizationalUnits
      const children = table.seen(call.view).by('parent', input.ParentId)
      const scope = `ListChildren/${input.ParentId}/${input.ChildType}`
      const page = pageHere(world, call, scope, [...children], (child) => child.id, input)
      return { Children: page.rows.map(({ id }) => ({ Id: id, Type: input.ChildType })), NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'ListParents',
    input: z.object({ ChildId: childIdSchema, ...pageMembers }),
    run(world, input, call) {
      demandOrganizationReader(world, call.caller)
      const child =
        world.accounts.seen(call.view).get(input.ChildId) ??
        world.organizationalUnits.seen(call.view).get(input.ChildId)
      if (child === undefined) {
        throw new AwsError('ChildNotFoundException', "We can't find an organizational unit or account with that id.")
      }
      const isRoot = child.parentId === world.home().rootId
      return { Parents: [{ Id: child.parentId, Type: isRoot ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] }
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'ListTagsForResource',
    input: z.object({ ResourceId: taggableIdSchema, NextToken: pageMembers.NextToken }),
    run(world, input, call) {
      demandOrganizationReader(world, call.caller)
      demandTaggable(world, input.ResourceId)
      const tags = Object.entries(world.tags.seen(call.view).get(input.ResourceId)?.tags ?? {})
      const scope = `ListTagsForResource/${input.ResourceId}`
      const page = pageHere(world, call, scope, tags, ([key]) => key, input)
      return { Tags: page.rows.map(([Key, Value]) => ({ Key, Value })), NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'ListDelegatedAdministrators',
    input: z.object({ ServicePrincipal: text(1, 128, /^[\w+=,.@-]*$/).optional(), ...pageMembers }),
    run(world, input, call) {
      demandOrganizationReader(world, call.caller)
      const delegated = [...world.delegatedAdministrators.seen(call.view).values()].filter(
        ({ servicePrincipal }) => input.ServicePrincipal === undefined || servicePrincipal === input.ServicePrincipal,
      )
      const scope = `ListDelegatedAdministrators/${input.ServicePrincipal ?? ''}`
      const page = pageHere(world, call, scope, delegated, ({ accountId }) => accountId, input)
      const administrators = page.rows.flatMap(({ accountId, enabledAt }) => {
        const account = world.accounts.get(accountId)
        return account === undefined
          ? []
          : [{ ...presentAccount(world, account), DelegationEnabledDate: new Date(enabledAt) }]
      })
      return { DelegatedAdministrators: administrators, NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'ListAWSServiceAccessForOrganization',
    input: z.object(pageMembers),
    run(world, _input, call) {
      demandOrganizationReader(world, call.caller)
      const DateEnabled = new Date(world.home().instanceCreatedAt)
      return { EnabledServicePrincipals: [{ ServicePrincipal: 'sso.amazonaws.com', DateEnabled }] }
    },
  }),
]

export function accountNotFound(): AwsError {
  return new AwsError('AccountNotFoundException', "You specified an account that doesn't exist.")
}

export function demandParent(world: World, parentId: string) {
  if (parentId === world.home().rootId || world.organizationalUnits.has(parentId)) return
  throw new AwsError('ParentNotFoundException', "You specified parent that doesn't exist.")
}

export function demandTaggable(world: World, id: string) {
  if (id === world.home().rootId || world.accounts.has(id) || world.organizationalUnits.has(id)) return
  throw new AwsError('TargetNotFoundException', "You specified a target that doesn't exist.")
}

function pageHere<Row>(
  world: World,
  call: Call,
  scope: string,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  input: PageRequest,
) {
  return pageOf(world, call, rows, input, { service: 'organizations', scope: [scope], keyOf, usual: ROWS_PER_PAGE })
}
