import { expect } from 'vitest'
import { until } from '../testing/sandbox-clients.ts'
import { known, type Claim, type Stage } from './claim.ts'

const API = 'Organizations API Reference'

export function organizationsClaims({ aws, sandbox }: Stage): readonly Claim[] {
  const { organizations } = aws
  const documented = { source: API, standing: 'documented' } as const
  const [RootId, ManagementId] = [sandbox.rootId, sandbox.managementAccountId]
  const ServicePrincipal = 'sso.amazonaws.com'
  let [unitId, accountId, requestId] = ['', '', '']
  return [
    {
      operation: 'DescribeOrganization',
      behaviour: 'names the management account',
      ...documented,
      async check() {
        const { Organization } = await organizations.describeOrganization({})
        expect(Organization).toMatchObject({ Id: sandbox.organizationId, MasterAccountId: ManagementId })
      },
    },
    {
      operation: 'ListRoots',
      behaviour: 'has one root',
      ...documented,
      check: async () => expect((await organizations.listRoots({})).Roots).toMatchObject([{ Id: RootId }]),
    },
    {
      operation: 'ListAccounts',
      behaviour: 'answers 20 accounts a page, with State, and a token for the rest',
      ...documented,
      async check() {
        const first = await organizations.listAccounts({})
        expect(first.Accounts).toHaveLength(20)
        expect(first.Accounts?.[0]?.State).toBe('ACTIVE')
        const { Accounts, NextToken } = await organizations.listAccounts({ NextToken: first.NextToken })
        expect(Accounts).toHaveLength(4)
        expect(NextToken).toBeUndefined()
      },
    },
    {
      operation: 'ListAccounts',
      behaviour: 'still sends the retired Status beside State (knob sendAccountStatus)',
      source: API,
      standing: 'assumed',
      check: async () => expect((await organizations.listAccounts({})).Accounts?.[0]?.Status).toBe('ACTIVE'),
    },
    {
      operation: 'CreateOrganizationalUnit',
      behaviour: 'makes a unit under its parent',
      ...documented,
      async check() {
        const { OrganizationalUnit } = await organizations.createOrganizationalUnit({ ParentId: RootId, Name: 'Made' })
        unitId = known(OrganizationalUnit?.Id)
      },
    },
    {
      operation: 'CreateOrganizationalUnit',
      behaviour: 'refuses a name that the parent has already: DuplicateOrganizationalUnitException',
      ...documented,
      check: () =>
        expect(organizations.createOrganizationalUnit({ ParentId: RootId, Name: 'Made' })).rejects.toMatchObject({
          name: 'DuplicateOrganizationalUnitException',
        }),
    },
    {
      operation: 'DescribeOrganizationalUnit',
      behaviour: 'shows a unit',
      ...documented,
      async check() {
        const { OrganizationalUnit } = await organizations.describeOrganizationalUnit({ OrganizationalUnitId: unitId })
        expect(OrganizationalUnit?.Name).toBe('Made')
      },
    },
    {
      operation: 'ListOrganizationalUnitsForParent',
      behaviour: 'lists the units right below',
      ...documented,
      async check() {
        const { OrganizationalUnits } = await organizations.listOrganizationalUnitsForParent({ ParentId: RootId })
        expect(OrganizationalUnits?.map(({ Id }) => Id)).toContain(unitId)
      },
    },
    {
      operation: 'CreateAccount',
      behaviour: 'starts IN_PROGRESS',
      ...documented,
      async check() {
        const answer = await organizations.createAccount({ AccountName: 'Fresh', Email: 'aws+fresh@acme.example' })
        expect(answer.CreateAccountStatus?.State).toBe('IN_PROGRESS')
        requestId = known(answer.CreateAccountStatus?.Id)
      },
    },
    {
      operation: 'DescribeCreateAccountStatus',
      behaviour: 'tells the id of the account once it is made',
      ...documented,
      async check() {
        accountId = await until(async () => {
          const { CreateAccountStatus } = await organizations.describeCreateAccountStatus({
            CreateAccountRequestId: requestId,
          })
          return CreateAccountStatus?.State === 'SUCCEEDED' ? CreateAccountStatus.AccountId : undefined
        }, 20_000)
      },
    },
    {
      operation: 'DescribeAccount',
      behaviour: 'shows an account by its id',
      ...documented,
      async check() {
        const { Account } = await organizations.describeAccount({ AccountId: accountId })
        expect(Account).toMatchObject({ Name: 'Fresh', State: 'ACTIVE' })
      },
    },
    {
      operation: 'DescribeAccount',
      behaviour: 'does not know the accounts of others: AccountNotFoundException',
      ...documented,
      check: () =>
        expect(organizations.describeAccount({ AccountId: '000000000000' })).rejects.toMatchObject({
          name: 'AccountNotFoundException',
        }),
    },
    {
      operation: 'MoveAccount',
      behaviour: 'takes an account to another parent',
      ...documented,
      check: () =>
        organizations.moveAccount({ AccountId: accountId, SourceParentId: RootId, DestinationParentId: unitId }),
    },
    {
      operation: 'ListParents',
      behaviour: 'has the one parent',
      ...documented,
      async check() {
        const { Parents } = await organizations.listParents({ ChildId: accountId })
        expect(Parents).toEqual([{ Id: unitId, Type: 'ORGANIZATIONAL_UNIT' }])
      },
    },
    {
      operation: 'ListAccountsForParent',
      behaviour: 'lists the accounts right below',
      ...documented,
      async check() {
        const { Accounts } = await organizations.listAccountsForParent({ ParentId: unitId })
        expect(Accounts?.map(({ Id }) => Id)).toEqual([accountId])
      },
    },
    {
      operation: 'ListChildren',
      behaviour: 'lists ids of one type',
      ...documented,
      async check() {
        const { Children } = await organizations.listChildren({ ParentId: unitId, ChildType: 'ACCOUNT' })
        expect(Children).toEqual([{ Id: accountId, Type: 'ACCOUNT' }])
      },
    },
    {
      operation: 'TagResource',
      behaviour: 'adds tags',
      ...documented,
      check: () => organizations.tagResource({ ResourceId: accountId, Tags: [{ Key: 'team', Value: 'web' }] }),
    },
    {
      operation: 'ListTagsForResource',
      behaviour: 'lists them',
      ...documented,
      async check() {
        const { Tags } = await organizations.listTagsForResource({ ResourceId: accountId })
        expect(Tags).toEqual([{ Key: 'team', Value: 'web' }])
      },
    },
    {
      operation: 'UntagResource',
      behaviour: 'takes them away',
      ...documented,
      async check() {
        await organizations.untagResource({ ResourceId: accountId, TagKeys: ['team'] })
        expect((await organizations.listTagsForResource({ ResourceId: accountId })).Tags).toEqual([])
      },
    },
    {
      operation: 'RegisterDelegatedAdministrator',
      behaviour: 'makes a member account the delegated administrator of a service',
      ...documented,
      check: () => organizations.registerDelegatedAdministrator({ AccountId: accountId, ServicePrincipal }),
    },
    {
      operation: 'ListDelegatedAdministrators',
      behaviour: 'lists them by service',
      ...documented,
      async check() {
        const { DelegatedAdministrators } = await organizations.listDelegatedAdministrators({ ServicePrincipal })
        expect(DelegatedAdministrators?.map(({ Id }) => Id)).toEqual([accountId])
      },
    },
    {
      operation: 'DeregisterDelegatedAdministrator',
      behaviour: 'takes that away',
      ...documented,
      check: () => organizations.deregisterDelegatedAdministrator({ AccountId: accountId, ServicePrincipal }),
    },
    {
      operation: 'ListAWSServiceAccessForOrganization',
      behaviour: 'has IAM Identity Center',
      ...documented,
      async check() {
        const { EnabledServicePrincipals } = await organizations.listAWSServiceAccessForOrganization({})
        expect(EnabledServicePrincipals?.map((row) => row.ServicePrincipal)).toContain(ServicePrincipal)
      },
    },
    {
      operation: 'CloseAccount',
      behaviour: 'leaves the account PENDING_CLOSURE, then SUSPENDED, and listed',
      ...documented,
      async check() {
        await organizations.closeAccount({ AccountId: accountId })
        const { Account } = await organizations.describeAccount({ AccountId: accountId })
        expect(['PENDING_CLOSURE', 'SUSPENDED']).toContain(Account?.State)
      },
    },
  ]
}
