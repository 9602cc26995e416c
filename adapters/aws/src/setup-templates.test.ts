import { spawnSync } from 'node:child_process'
import { expect, describe, it } from 'vitest'
import { awsicSetupScript } from './setup-script.ts'
import { type SetupOptions, setupSteps } from './setup-steps.ts'
import { awsicCloudFormation, awsicTerraform } from './setup-templates.ts'

const options: SetupOptions = {
  issuer: 'https://gatehouse.example.com',
  audience: 'sts.amazonaws.com',
  roleName: 'gatehouse-identity-center',
  region: 'eu-central-1',
  organizationId: 'org-1',
  integrationName: 'aws-identity-center',
}
const INSTANCE = 'arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6'
const EVERYTHING = {
  batchPolling: true,
  permissionSetContents: true,
  organizationDetails: true,
  managementAccountGrants: true,
  managementAccountRemovals: true,
}
const PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/gatehouse.example.com'

interface Policies {
  readonly trust: unknown
  readonly permissions: unknown
}

/** What bash makes of the script's texts. */
function ofScript(given: SetupOptions): Policies {
  const [before = ''] = awsicSetupScript(given).split('\ncat <<PLAN')
  const aws = `aws() { printf '111122223333\\tarn:aws:sts::111122223333:assumed-role/admin/me'; }`
  const script = `${aws}\n${before}\nprintf '%s\\0%s' "$trust" "$policy"`
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
  const [trust = '', permissions = ''] = stdout.split('\0')
  if (trust === '') throw new Error(stderr)
  return { trust: JSON.parse(trust), permissions: JSON.parse(permissions) }
}

function ofCloudFormation(given: SetupOptions): Policies {
  const arn = (_: string, value: unknown): unknown =>
    JSON.stringify(value) === '{"Ref":"IdentityProvider"}' ? PROVIDER : value
  const { Properties } = JSON.parse(awsicCloudFormation(given), arn).Resources.Role
  return { trust: Properties.AssumeRolePolicyDocument, permissions: Properties.Policies[0].PolicyDocument }
}

function ofTerraform(given: SetupOptions): Policies {
  const [trust, permissions] = [...awsicTerraform(given).matchAll(/jsonencode\((.*?)\n {2}\}\)\n/gs)].map(([, text]) =>
    JSON.parse(
      `${text}}`
        .replaceAll(/^(\s*"(?:[^"\\]|\\.)*") :/gm, '$1:')
        .replaceAll('aws_iam_openid_connect_provider.gatehouse.arn', JSON.stringify(PROVIDER))
        .replaceAll(/([$%])\1\{/g, (_, sign: string) => `${sign}{`),
    ),
  )
  return { trust, permissions }
}

describe('script, CloudFormation and Terraform (GD-22)', () => {
  it.each<[string, Partial<SetupOptions>]>([
    ['as in the guide', {}],
    ['kept to the instance, with the two polling actions', { instanceArn: INSTANCE, extras: { batchPolling: true } }],
    ['with every box ticked', { extras: EVERYTHING }],
    ['with names that are code elsewhere', { organizationId: 'a\'${b}%{c}"\\', integrationName: '${x}' }],
  ])('say the same two policies %s', (_, changes) => {
    const given = { ...options, ...changes }
    // A lone opening would be a template of Terraform's.
    expect(awsicTerraform(given)).not.toMatch(/(?<![$%])[$%]\{/)
    const { trustPolicy, permissions } = setupSteps(given)
    const same = JSON.parse(JSON.stringify({ trust: trustPolicy(PROVIDER), permissions: permissions.document }))
    expect(ofScript(given)).toEqual(same)
    expect(ofCloudFormation(given)).toEqual(same)
    expect(ofTerraform(given)).toEqual(same)
  })

  it('give the role the same name, description and tags', () => {
    const { role, provider } = setupSteps(options)
    const { Role, IdentityProvider } = JSON.parse(awsicCloudFormation(options)).Resources
    expect(Role.Properties).toMatchObject({ RoleName: role.name, Description: role.description, Tags: role.tags })
    expect(IdentityProvider.Properties).toEqual({ Url: provider.url, ClientIdList: [provider.audience] })
    for (const text of [role.name, role.description, provider.url, ...role.tags.map(({ Value }) => Value)])
      expect(awsicTerraform(options)).toContain(JSON.stringify(text))
  })

  it('reach no other instance, permission set or action when kept to one', () => {
    const { Statement } = setupSteps({ ...options, instanceArn: INSTANCE }).permissions.document
    const free = Statement.flatMap(({ Resource, Action }) => (Resource === '*' ? (Action as string[]) : [])) // as written
    expect(free.filter((action) => action.startsWith('sso:'))).toEqual([])
    expect(Statement.find(({ Sid }) => Sid === 'IdentityCenter')?.Resource).toEqual([
      INSTANCE,
      'arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/*',
      'arn:aws:sso:::account/*',
    ])
    const all = (steps: ReturnType<typeof setupSteps>): string[] =>
      steps.permissions.document.Statement.flatMap(({ Action }) => Action as string[]).toSorted() // as written
    expect(all(setupSteps({ ...options, instanceArn: INSTANCE }))).toEqual(all(setupSteps(options)))
  })
})
