import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import type { TestSandbox } from './sandbox-clients.ts'

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export const policy = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })
export const allow = (action: string, more: object = {}) => ({
  Effect: 'Allow',
  Action: action,
  Resource: '*',
  ...more,
})
export const deny = (action: string, more: object = {}) => ({ ...allow(action, more), Effect: 'Deny' })

/** The keys of a new IAM user of the management account who may do what the statements say. */
export async function makeIamUser(
  { iam }: TestSandbox,
  UserName: string,
  ...statements: readonly object[]
): Promise<Keys> {
  await iam.send(new CreateUserCommand({ UserName }))
  const PolicyDocument = policy(...statements)
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
}

/** The ARN of a new role of the management account. */
export async function makeRole(
  { iam }: TestSandbox,
  RoleName: string,
  { trust, may }: { readonly trust: object; readonly may: readonly object[] },
): Promise<string> {
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trust) }))
  const PolicyDocument = policy(...may)
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }))
  return Role?.Arn ?? ''
}

export function toKeys(
  given: {
    AccessKeyId?: string | undefined
    SecretAccessKey?: string | undefined
    SessionToken?: string | undefined
  } = {},
): Keys {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = given
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}
