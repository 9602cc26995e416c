import { expect } from 'vitest'
import { known, type Claim, type Stage } from './claim.ts'

const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

export function iamClaims({ aws, sandbox }: Stage): readonly Claim[] {
  const { iam } = aws
  const { managementAccountId } = sandbox
  const documented = { source: 'IAM API Reference', standing: 'documented' } as const
  const url = 'issuer.acme.example'
  const OpenIDConnectProviderArn = `arn:aws:iam::${managementAccountId}:oidc-provider/${url}`
  const [RoleName, UserName, PolicyName] = ['conforming', 'conforming', 'conforming']
  const Tags = [{ Key: 'team', Value: 'web' }]
  let [PolicyArn, AccessKeyId, SAMLProviderArn] = ['', '', '']
  /** One that needs no more than to be accepted, and is looked at by the next. */
  const does = (operation: string, behaviour: string, check: Claim['check']): Claim => ({
    operation,
    behaviour,
    ...documented,
    check,
  })
  const refuses = (promise: Promise<unknown>, name: string) => expect(promise).rejects.toMatchObject({ name })
  return [
    does('CreateOpenIDConnectProvider', 'names the provider by the host of its issuer', async () => {
      const made = await iam.createOpenIDConnectProvider({ Url: `https://${url}`, ClientIDList: ['one'] })
      expect(made.OpenIDConnectProviderArn).toBe(OpenIDConnectProviderArn)
    }),
    does('CreateOpenIDConnectProvider', 'refuses a second one of an issuer: EntityAlreadyExists', () =>
      refuses(iam.createOpenIDConnectProvider({ Url: `https://${url}` }), 'EntityAlreadyExistsException'),
    ),
    does('AddClientIDToOpenIDConnectProvider', 'adds an audience', () =>
      iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: 'two' }),
    ),
    does('RemoveClientIDFromOpenIDConnectProvider', 'takes an audience away', () =>
      iam.removeClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: 'one' }),
    ),
    does('UpdateOpenIDConnectProviderThumbprint', 'replaces the thumbprints', () =>
      iam.updateOpenIDConnectProviderThumbprint({ OpenIDConnectProviderArn, ThumbprintList: ['a'.repeat(40)] }),
    ),
    does('GetOpenIDConnectProvider', 'shows the provider', async () => {
      const provider = await iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn })
      expect(provider).toMatchObject({ Url: url, ClientIDList: ['two'], ThumbprintList: ['a'.repeat(40)] })
    }),
    does('ListOpenIDConnectProviders', 'lists ARNs', async () => {
      const { OpenIDConnectProviderList } = await iam.listOpenIDConnectProviders({})
      expect(OpenIDConnectProviderList).toEqual([{ Arn: OpenIDConnectProviderArn }])
    }),
    does('TagOpenIDConnectProvider', 'adds tags', () =>
      iam.tagOpenIDConnectProvider({ OpenIDConnectProviderArn, Tags }),
    ),
    does('ListOpenIDConnectProviderTags', 'lists them', async () => {
      expect((await iam.listOpenIDConnectProviderTags({ OpenIDConnectProviderArn })).Tags).toEqual(Tags)
    }),
    does('UntagOpenIDConnectProvider', 'takes them away', () =>
      iam.untagOpenIDConnectProvider({ OpenIDConnectProviderArn, TagKeys: ['team'] }),
    ),
    does('DeleteOpenIDConnectProvider', 'deletes it', () =>
      iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn }),
    ),

    does('CreateRole', 'makes a role', async () => {
      const AssumeRolePolicyDocument = trust(managementAccountId)
      const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument, Description: 'one' })
      expect(Role?.Arn).toBe(`arn:aws:iam::${managementAccountId}:role/${RoleName}`)
    }),
    does('UpdateRole', 'changes duration and description', () =>
      iam.updateRole({ RoleName, MaxSessionDuration: 7_200 }),
    ),
    does('UpdateRoleDescription', 'changes the description', () =>
      iam.updateRoleDescription({ RoleName, Description: 'two' }),
    ),
    does('UpdateAssumeRolePolicy', 'replaces the trust policy', () =>
      iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: trust(managementAccountId) }),
    ),
    does('GetRole', 'shows a role, its trust policy URL-encoded', async () => {
      const { Role } = await iam.getRole({ RoleName })
      expect(Role).toMatchObject({ Description: 'two', MaxSessionDuration: 7_200 })
      expect(decodeURIComponent(known(Role?.AssumeRolePolicyDocument))).toBe(trust(managementAccountId))
    }),
    does('GetRole', 'does not know what is not there: NoSuchEntity', () =>
      refuses(iam.getRole({ RoleName: 'other' }), 'NoSuchEntityException'),
    ),
    does('ListRoles', "lists by path, Identity Center's too", async () => {
      const { Roles } = await iam.listRoles({ PathPrefix: '/aws-reserved/sso.amazonaws.com/' })
      expect(Roles?.[0]?.RoleName).toMatch(/^AWSReservedSSO_\w+_[0-9a-f]{16}$/)
    }),
    does('TagRole', 'adds tags', () => iam.tagRole({ RoleName, Tags })),
    does('ListRoleTags', 'lists them', async () => expect((await iam.listRoleTags({ RoleName })).Tags).toEqual(Tags)),
    does('UntagRole', 'takes them away', () => iam.untagRole({ RoleName, TagKeys: ['team'] })),
    does('PutRolePolicy', 'puts an inline policy', () =>
      iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: POLICY }),
    ),
    does('GetRolePolicy', 'gives it back URL-encoded', async () => {
      const { PolicyDocument } = await iam.getRolePolicy({ RoleName, PolicyName })
      expect(decodeURIComponent(known(PolicyDocument))).toBe(POLICY)
    }),
    does('ListRolePolicies', 'lists names', async () => {
      expect((await iam.listRolePolicies({ RoleName })).PolicyNames).toEqual([PolicyName])
    }),
    does('AttachRolePolicy', 'attaches a managed policy', () =>
      iam.attachRolePolicy({ RoleName, PolicyArn: READ_ONLY }),
    ),
    does('ListAttachedRolePolicies', 'lists them with their names', async () => {
      const { AttachedPolicies } = await iam.listAttachedRolePolicies({ RoleName })
      expect(AttachedPolicies).toEqual([{ PolicyName: 'ReadOnlyAccess', PolicyArn: READ_ONLY }])
    }),
    does('DeleteRole', 'refuses a role that still has policies: DeleteConflict', () =>
      refuses(iam.deleteRole({ RoleName }), 'DeleteConflictException'),
    ),
    does('DetachRolePolicy', 'detaches it', () => iam.detachRolePolicy({ RoleName, PolicyArn: READ_ONLY })),
    does('DeleteRolePolicy', 'deletes it', () => iam.deleteRolePolicy({ RoleName, PolicyName })),
    does('DeleteRole', 'deletes a bare role', () => iam.deleteRole({ RoleName })),

    does('ListSAMLProviders', "lists Identity Center's own", async () => {
      const { SAMLProviderList } = await iam.listSAMLProviders({})
      SAMLProviderArn = known(SAMLProviderList?.[0]?.Arn)
      expect(SAMLProviderArn).toMatch(/saml-provider\/AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE$/)
    }),
    does('GetSAMLProvider', 'shows its metadata', async () => {
      const { SAMLMetadataDocument } = await iam.getSAMLProvider({ SAMLProviderArn })
      expect(SAMLMetadataDocument).toContain('EntityDescriptor')
    }),

    does('CreatePolicy', 'makes a policy', async () => {
      PolicyArn = known((await iam.createPolicy({ PolicyName, PolicyDocument: POLICY })).Policy?.Arn)
    }),
    does('CreatePolicy', 'refuses what is no policy: MalformedPolicyDocument', () =>
      refuses(iam.createPolicy({ PolicyName: 'other', PolicyDocument: '{}' }), 'MalformedPolicyDocumentException'),
    ),
    does('GetPolicy', 'shows a policy', async () => {
      expect((await iam.getPolicy({ PolicyArn })).Policy?.PolicyName).toBe(PolicyName)
    }),
    does('ListPolicies', "lists the account's own", async () => {
      const { Policies } = await iam.listPolicies({ Scope: 'Local' })
      expect(Policies?.map(({ Arn }) => Arn)).toEqual([PolicyArn])
    }),

    does('CreateUser', 'makes a user', async () => {
      expect((await iam.createUser({ UserName })).User?.UserId).toMatch(/^AIDA/)
    }),
    does('GetUser', 'shows a user', async () => {
      expect((await iam.getUser({ UserName })).User?.Arn).toBe(`arn:aws:iam::${managementAccountId}:user/${UserName}`)
    }),
    does('ListUsers', 'lists users', async () => {
      expect((await iam.listUsers({})).Users?.map((user) => user.UserName)).toContain(UserName)
    }),
    does('CreateAccessKey', 'shows the secret this once', async () => {
      const { AccessKey } = await iam.createAccessKey({ UserName })
      expect(AccessKey?.SecretAccessKey).toHaveLength(40)
      AccessKeyId = known(AccessKey?.AccessKeyId)
    }),
    does('UpdateAccessKey', 'switches a key off', () =>
      iam.updateAccessKey({ UserName, AccessKeyId, Status: 'Inactive' }),
    ),
    does('ListAccessKeys', 'lists keys without secrets', async () => {
      const { AccessKeyMetadata } = await iam.listAccessKeys({ UserName })
      expect(AccessKeyMetadata).toMatchObject([{ AccessKeyId, Status: 'Inactive' }])
    }),
    does('PutUserPolicy', 'puts an inline policy', () =>
      iam.putUserPolicy({ UserName, PolicyName, PolicyDocument: POLICY }),
    ),
    does('AttachUserPolicy', 'attaches a managed policy', () => iam.attachUserPolicy({ UserName, PolicyArn })),
    does('ListAttachedUserPolicies', 'lists them', async () => {
      const { AttachedPolicies } = await iam.listAttachedUserPolicies({ UserName })
      expect(AttachedPolicies).toEqual([{ PolicyName, PolicyArn }])
    }),
    does('DeletePolicy', 'refuses a policy that is attached: DeleteConflict', () =>
      refuses(iam.deletePolicy({ PolicyArn }), 'DeleteConflictException'),
    ),
    does('DetachUserPolicy', 'detaches it', () => iam.detachUserPolicy({ UserName, PolicyArn })),
    does('DeletePolicy', 'deletes it', () => iam.deletePolicy({ PolicyArn })),
    does('DeleteUserPolicy', 'deletes it', () => iam.deleteUserPolicy({ UserName, PolicyName })),
    does('DeleteAccessKey', 'deletes a key', () => iam.deleteAccessKey({ UserName, AccessKeyId })),
    does('DeleteUser', 'deletes a bare user', () => iam.deleteUser({ UserName })),
  ]
}

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iam:ListRoles', Resource: '*' }],
})

function trust(accountId: string): string {
  const Statement = [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: 'sts:AssumeRole' },
  ]
  return JSON.stringify({ Version: '2012-10-17', Statement })
}
