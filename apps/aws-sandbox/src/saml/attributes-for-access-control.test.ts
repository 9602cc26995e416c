import { expect, it } from 'vitest'
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam'
import { unescapeHtml } from '../testing/browser.ts'
import { startSamlScene } from '../testing/saml-scene.ts'

const attribute = (team: string) =>
  `<saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/AccessControl:team"><saml:AttributeValue>${team}</saml:AttributeValue></saml:Attribute>`

it.each([
  ['the identity provider asserts', 'configured', undefined],
  ['the instance takes from the user', 'configured', 'payments'],
  ['the identity provider asserts and a knob prefers', 'asserted', 'web'],
] as const)('an attribute that %s is a tag of the role session', async (_what, abacPrecedence, title) => {
  await using scene = await startSamlScene({ knobs: { abacPrecedence } })
  const { managementAccountId, instanceArn: InstanceArn } = scene.sandbox
  const act = (operation: string, input: object) =>
    scene.control('POST', '/do', { service: 'sso-admin', operation, input: { InstanceArn, ...input } })
  const { PermissionSet } = await act('CreatePermissionSet', { Name: 'Payments' })
  const { PermissionSetArn } = PermissionSet
  const Condition = { StringEquals: { 'aws:PrincipalTag/team': 'payments' } }
  const Statement = [{ Effect: 'Allow', Action: 'iam:ListRoles', Resource: '*', Condition }]
  const InlinePolicy = JSON.stringify({ Version: '2012-10-17', Statement })
  await act('PutInlinePolicyToPermissionSet', { PermissionSetArn, InlinePolicy })
  const { id: PrincipalId } = await scene.control('GET', '/users/ana@acme.example')
  const to = { TargetId: managementAccountId, TargetType: 'AWS_ACCOUNT', PrincipalType: 'USER', PrincipalId }
  await act('CreateAccountAssignment', { ...to, PermissionSetArn })

  if (title !== undefined) {
    const { identityStoreId: IdentityStoreId } = scene.sandbox
    const Operations = [{ AttributePath: 'title', AttributeValue: title }]
    const input = { IdentityStoreId, UserId: PrincipalId, Operations }
    await scene.control('POST', '/do', { service: 'identitystore', operation: 'UpdateUser', input })
    const AccessControlAttributes = [{ Key: 'team', Value: { Source: ['${path:title}'] } }]
    const InstanceAccessControlAttributeConfiguration = { AccessControlAttributes }
    await act('CreateInstanceAccessControlAttributeConfiguration', { InstanceAccessControlAttributeConfiguration })
  }

  const listRoles = async (team: string) => {
    const path = `/start/credentials?account_id=${managementAccountId}&role_name=Payments`
    const { page } = await scene.signIn(path, { attributes: attribute(team) })
    const text = unescapeHtml(page.body)
    const read = (name: string) => new RegExp(`export ${name}="([^"]+)"`).exec(text)?.[1] ?? ''
    const iam = new IAMClient({
      endpoint: scene.sandbox.endpointUrl,
      region: scene.sandbox.region,
      credentials: {
        accessKeyId: read('AWS_ACCESS_KEY_ID'),
        secretAccessKey: read('AWS_SECRET_ACCESS_KEY'),
        sessionToken: read('AWS_SESSION_TOKEN'),
      },
    })
    return iam.send(new ListRolesCommand({}))
  }
  expect((await listRoles('payments')).Roles?.length).toBeGreaterThan(0)
  const web = listRoles('web')
  if (title === 'payments') expect((await web).Roles?.length).toBeGreaterThan(0)
  else await expect(web).rejects.toMatchObject({ name: 'AccessDenied' })
})
