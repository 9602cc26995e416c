import { expect } from 'vitest'
import type { TestIssuer } from '../testing/oidc-issuer.ts'
import type { Claim, Stage } from './claim.ts'

export function stsClaims({ aws, sandbox }: Stage, issuer: TestIssuer): readonly Claim[] {
  const { iam, sts } = aws
  const { managementAccountId } = sandbox
  const documented = { source: 'STS API Reference', standing: 'documented' } as const
  const RoleName = 'assumed'
  const RoleArn = `arn:aws:iam::${managementAccountId}:role/${RoleName}`
  return [
    {
      operation: 'GetCallerIdentity',
      behaviour: 'says who calls, without any permission',
      ...documented,
      async check() {
        const { Arn } = await sts.getCallerIdentity({})
        expect(Arn).toBe(`arn:aws:iam::${managementAccountId}:user/administrator`)
      },
    },
    {
      operation: 'AssumeRole',
      behaviour: 'needs the trust of the role',
      ...documented,
      async check() {
        await iam.createOpenIDConnectProvider({ Url: issuer.issuer, ClientIDList: ['audience'] })
        const Federated = `arn:aws:iam::${managementAccountId}:oidc-provider/${issuer.host}`
        const Condition = { StringEquals: { [`${issuer.host}:aud`]: 'audience', [`${issuer.host}:sub`]: 'subject' } }
        const web = { Effect: 'Allow', Principal: { Federated }, Action: 'sts:AssumeRoleWithWebIdentity', Condition }
        const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [web] })
        await iam.createRole({ RoleName, AssumeRolePolicyDocument })
        const refused = sts.assumeRole({ RoleArn, RoleSessionName: 'session' })
        await expect(refused).rejects.toMatchObject({ name: 'AccessDenied' })
      },
    },
    {
      operation: 'AssumeRoleWithWebIdentity',
      behaviour: 'takes a token of a known issuer with the right audience and subject',
      ...documented,
      async check() {
        const WebIdentityToken = await issuer.token({ aud: 'audience', sub: 'subject' })
        const asked = { RoleArn, RoleSessionName: 'session', WebIdentityToken }
        const { Credentials, AssumedRoleUser } = await sts.assumeRoleWithWebIdentity(asked)
        expect(Credentials?.AccessKeyId).toMatch(/^ASIA/)
        expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${managementAccountId}:assumed-role/${RoleName}/session`)
      },
    },
    {
      operation: 'AssumeRoleWithWebIdentity',
      behaviour: 'refuses another subject: AccessDenied',
      ...documented,
      async check() {
        const WebIdentityToken = await issuer.token({ aud: 'audience', sub: 'other' })
        const refused = sts.assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: 'session', WebIdentityToken })
        await expect(refused).rejects.toMatchObject({ name: 'AccessDenied' })
      },
    },
    {
      operation: 'AssumeRole',
      behaviour: 'gives credentials of a role that trusts the account',
      ...documented,
      async check() {
        const Principal = { AWS: `arn:aws:iam::${managementAccountId}:root` }
        const Statement = [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }]
        const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
        await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument })
        const { Credentials } = await sts.assumeRole({ RoleArn, RoleSessionName: 'session' })
        expect(Credentials?.SessionToken).toBeDefined()
      },
    },
  ]
}
