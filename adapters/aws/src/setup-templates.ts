import { type PolicyDocument, type SetupOptions, setupSteps } from './setup-steps.ts'

/** Stands for the provider's ARN in the trust policy until each language says it in its own way. */
const PROVIDER = '\0provider\0'

/**
 * The same provider and role as a CloudFormation template, in JSON. The role's ARN is the output `RoleArn`.
 * @throws DomainError `invalid-value` for what AWS would refuse
 */
export function awsicCloudFormation(options: SetupOptions): string {
  const { provider, role, permissions, trustPolicy } = setupSteps(options)
  // `Ref` of a provider is its ARN (CloudFormation Template Reference, "AWS::IAM::OIDCProvider").
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: role.description,
    Resources: {
      IdentityProvider: {
        Type: 'AWS::IAM::OIDCProvider',
        Properties: { Url: provider.url, ClientIdList: [provider.audience] },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: role.name,
          Description: role.description,
          Tags: role.tags,
          AssumeRolePolicyDocument: trustPolicy(PROVIDER),
          Policies: [{ PolicyName: permissions.name, PolicyDocument: permissions.document }],
        },
      },
    },
    Outputs: { RoleArn: { Description: 'Give this to Gatehouse.', Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
  }
  const provided = (_: string, value: unknown): unknown => (value === PROVIDER ? { Ref: 'IdentityProvider' } : value)
  return `${JSON.stringify(template, provided, 2)}\n`
}

/**
 * The same as Terraform text. The role's ARN is the output `gatehouse_role_arn`.
 * @throws DomainError `invalid-value` for what AWS would refuse
 */
export function awsicTerraform(options: SetupOptions): string {
  const { provider, role, permissions, trustPolicy } = setupSteps(options)
  const tags = Object.fromEntries(role.tags.map(({ Key, Value }) => [Key, Value]))
  return `resource "aws_iam_openid_connect_provider" "gatehouse" {
  url            = ${expression(provider.url)}
  client_id_list = [${expression(provider.audience)}]
}

resource "aws_iam_role" "gatehouse" {
  name        = ${expression(role.name)}
  description = ${expression(role.description)}
  tags = ${expression(tags)}
  assume_role_policy = jsonencode(${document(trustPolicy(PROVIDER))})
}

resource "aws_iam_role_policy" "gatehouse" {
  name = ${expression(permissions.name)}
  role = aws_iam_role.gatehouse.name
  policy = jsonencode(${document(permissions.document)})
}

output "gatehouse_role_arn" {
  value = aws_iam_role.gatehouse.arn
}
`
}

const document = (policy: PolicyDocument): string =>
  expression(policy).replaceAll(JSON.stringify(PROVIDER), 'aws_iam_openid_connect_provider.gatehouse.arn')

/** JSON is an expression of Terraform's language but for two openings of templates inside texts; as `terraform fmt` has it. */
const expression = (value: unknown): string =>
  JSON.stringify(value, undefined, 2)
    .replaceAll(/[$%](?=\{)/g, (sign) => sign + sign)
    .replaceAll(/^(\s*"(?:[^"\\]|\\.)*"):/gm, '$1 :')
    .replaceAll('\n', '\n  ')
