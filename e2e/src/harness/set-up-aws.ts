import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  EntityAlreadyExistsException,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { type SetupOptions, setupSteps } from '@gatehouse/adapter-aws'
import type { Sandbox } from './sandbox.ts'

/**
 * The AWS side of the integration: identity provider, role, permissions. What the generated script does with the AWS
 * command line, by the SDK; like the script it may be run again. Returns the ARN of the role.
 */
export async function setUpAws(
  sandbox: Pick<Sandbox, 'endpointUrl' | 'admin' | 'managementAccountId'>,
  options: SetupOptions,
): Promise<string> {
  const { provider, role, permissions, trustPolicy } = setupSteps(options)
  const iam = new IAMClient({
    region: options.region,
    endpoint: sandbox.endpointUrl,
    credentials: sandbox.admin,
  })
  try {
    await unlessThere(
      iam.send(new CreateOpenIDConnectProviderCommand({ Url: provider.url, ClientIDList: [provider.audience] })),
    )
    const account = sandbox.managementAccountId
    const trust = JSON.stringify(trustPolicy(`arn:aws:iam::${account}:${provider.arnSuffix}`))
    const made = await unlessThere(
      iam.send(
        new CreateRoleCommand({
          RoleName: role.name,
          Description: role.description,
          AssumeRolePolicyDocument: trust,
          Tags: role.tags.map((tag) => ({ ...tag })),
        }),
      ),
    )
    if (!made) await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: role.name, PolicyDocument: trust }))
    const PolicyDocument = JSON.stringify(permissions.document)
    await iam.send(new PutRolePolicyCommand({ RoleName: role.name, PolicyName: permissions.name, PolicyDocument }))
    return `arn:aws:iam::${account}:role/${role.name}`
  } finally {
    iam.destroy()
  }
}

async function unlessThere<T>(creating: Promise<T>): Promise<T | undefined> {
  try {
    return await creating
  } catch (error) {
    if (error instanceof EntityAlreadyExistsException) return undefined
    throw error
  }
}
