import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DetachRolePolicyCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListRolesCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { describe, expect, it } from 'vitest'
import { allow, policy } from '../testing/iam-scene.ts'
import { startTestSandbox, until } from '../testing/sandbox-clients.ts'

const TRUST = policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' })
const RoleName = 'worker'

async function startScene() {
  const world = await startTestSandbox({ seed: 'empty', knobs: { iamBurst: 1_000 } })
  const { iam } = world
  const createRole = async (name: string, more: object = {}) =>
    (await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: TRUST, ...more }))).Role
  const createPolicy = async (PolicyName: string) =>
    (await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: policy(allow('s3:*')) }))).Policy?.Arn
  return { ...world, createRole, createPolicy }
}

describe('IAM', () => {
  it('refuses second things of a name, in any letter case', async () => {
    await using scene = await startScene()
    const { iam } = scene
    const taken = { name: 'EntityAlreadyExistsException' }
    await scene.createRole(RoleName)
    await expect(scene.createRole('WORKER', { Path: '/team/' })).rejects.toMatchObject(taken)
    await iam.send(new CreateUserCommand({ UserName: 'ana' }))
    await expect(iam.send(new CreateUserCommand({ UserName: 'Ana' }))).rejects.toMatchObject(taken)
    await scene.createPolicy('p')
    await expect(scene.createPolicy('P')).rejects.toMatchObject(taken)
    const provider = new CreateOpenIDConnectProviderCommand({ Url: 'https://idp.example', ClientIDList: ['x'] })
    await iam.send(provider)
    await expect(iam.send(provider)).rejects.toMatchObject(taken)
  })

  it('deletes a role only when its policies are gone', async () => {
    await using scene = await startScene()
    const { iam } = scene
    const conflict = { name: 'DeleteConflictException' }
    const PolicyArn = await scene.createPolicy('p')
    await scene.createRole(RoleName)
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: policy(allow('s3:*')) }))
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
    await expect(iam.send(new DeleteRoleCommand({ RoleName }))).rejects.toMatchObject(conflict)
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject(conflict)
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }))
    await expect(iam.send(new DeleteRoleCommand({ RoleName }))).rejects.toMatchObject(conflict)
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }))
    await iam.send(new DeleteRoleCommand({ RoleName }))
    await expect(iam.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({ name: 'NoSuchEntityException' })
    await iam.send(new DeletePolicyCommand({ PolicyArn }))
  })

  it('deletes a user only when its keys are gone, and gives it two at most', async () => {
    await using scene = await startScene()
    const { iam } = scene
    const UserName = 'ana'
    await iam.send(new CreateUserCommand({ UserName }))
    const createKey = () => iam.send(new CreateAccessKeyCommand({ UserName }))
    await createKey()
    await createKey()
    await expect(createKey()).rejects.toMatchObject({ name: 'LimitExceededException' })
    const refused = iam.send(new DeleteUserCommand({ UserName }))
    await expect(refused).rejects.toMatchObject({ name: 'DeleteConflictException' })
  })

  it('gives policies back as they were written, URL-encoded, and takes no malformed ones', async () => {
    await using scene = await startScene()
    const { iam } = scene
    const role = await scene.createRole(RoleName)
    expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? '')).toBe(TRUST)
    const PolicyDocument = policy(allow('s3:Get*'))
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }))
    const read = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'own' }))
    expect(decodeURIComponent(read.PolicyDocument ?? '')).toBe(PolicyDocument)
    const malformed = { name: 'MalformedPolicyDocumentException' }
    for (const text of [
      'no JSON',
      '{}',
      TRUST,
      policy({ Effect: 'Allow', Action: 's3:*' }),
      policy({ Effect: 'Maybe' }),
    ]) {
      const put = iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: text }))
      await expect(put).rejects.toMatchObject(malformed)
    }
    const trust = iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }))
    await expect(trust).rejects.toMatchObject(malformed)
  })

  it('pages through what it lists, in the order of names', async () => {
    await using scene = await startScene()
    const names = ['b', 'e', 'a', 'd', 'c']
    for (const name of names) await scene.createRole(name, { Path: '/team/' })
    const seen: string[] = []
    let Marker: string | undefined
    do {
      const page: {
        Roles?: { RoleName?: string | undefined }[] | undefined
        IsTruncated?: boolean | undefined
        Marker?: string | undefined
      } = await scene.iam.send(
        new ListRolesCommand({ PathPrefix: '/team/', MaxItems: 2, ...(Marker === undefined ? {} : { Marker }) }),
      )
      expect(page.IsTruncated).toBe(page.Marker !== undefined)
      seen.push(...(page.Roles ?? []).map((role) => role.RoleName ?? ''))
      Marker = page.Marker
    } while (Marker !== undefined)
    expect(seen).toEqual(names.toSorted())
    const nonsense = scene.iam.send(new ListUsersCommand({ Marker: 'nonsense' }))
    await expect(nonsense).rejects.toMatchObject({ name: 'InvalidInputException' })
  })

  it('keeps the roles of Identity Center from everybody', async () => {
    await using scene = await startTestSandbox({ seed: 'acme' })
    const { iam, sso, sandbox } = scene
    const { permissionSets, users } = await scene.control('GET', '/world')
    await sso.send(
      new CreateAccountAssignmentCommand({
        InstanceArn: sandbox.instanceArn,
        PermissionSetArn: permissionSets[0].arn,
        TargetType: 'AWS_ACCOUNT',
        TargetId: sandbox.managementAccountId,
        PrincipalType: 'USER',
        PrincipalId: users[0].id,
      }),
    )
    const reserved = await until(async () => {
      const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: '/aws-reserved/sso.amazonaws.com/' }))
      return Roles[0]?.RoleName
    })
    const blocked = { name: 'UnmodifiableEntityException' }
    const destroy = iam.send(new DeleteRoleCommand({ RoleName: reserved }))
    await expect(destroy).rejects.toMatchObject(blocked)
    const own = { RoleName: reserved, PolicyName: 'x', PolicyDocument: policy(allow('*')) }
    await expect(iam.send(new PutRolePolicyCommand(own))).rejects.toMatchObject(blocked)
    const forged = { RoleName, Path: '/aws-reserved/x/', AssumeRolePolicyDocument: TRUST }
    await expect(iam.send(new CreateRoleCommand(forged))).rejects.toMatchObject({ name: 'InvalidInputException' })
  })

  it('knows OpenID Connect providers without their scheme, and forgets them without asking twice', async () => {
    await using scene = await startScene()
    const { iam } = scene
    const made = await iam.send(
      new CreateOpenIDConnectProviderCommand({ Url: 'https://idp.example/realm', ClientIDList: ['x'] }),
    )
    const provider = { OpenIDConnectProviderArn: made.OpenIDConnectProviderArn }
    expect(made.OpenIDConnectProviderArn).toMatch(/:oidc-provider\/idp\.example\/realm$/)
    const read = await iam.send(new GetOpenIDConnectProviderCommand(provider))
    expect(read).toMatchObject({ Url: 'idp.example/realm', ClientIDList: ['x'] })
    await iam.send(new DeleteOpenIDConnectProviderCommand(provider))
    await iam.send(new DeleteOpenIDConnectProviderCommand(provider))
    const gone = iam.send(new GetOpenIDConnectProviderCommand(provider))
    await expect(gone).rejects.toMatchObject({ name: 'NoSuchEntityException' })
  })
})
