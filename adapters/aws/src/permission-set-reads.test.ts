import { instant, minutes, type PermissionSetArn, plus } from '@gatehouse/domain'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aScene, failureOf, type Scene, sweep } from './testing/an-identity-center.ts'
import { fault } from './testing/scripted-aws.ts'

const ARN = 'arn:aws:sso:::permissionSet/ssoins-7223000000000001/ps-1' as PermissionSetArn
const AWS_READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const AWS_BILLING = 'arn:aws:iam::aws:policy/job-function/Billing'
const BOUNDARY = 'GetPermissionsBoundaryForPermissionSet'
const INLINE = 'GetInlinePolicyForPermissionSet'
const MANAGED = 'ListManagedPoliciesInPermissionSet'
const CUSTOMER = 'ListCustomerManagedPolicyReferencesInPermissionSet'

/** A set that allows something in every way there is. */
function script({ aws }: Scene): void {
  aws.on('DescribePermissionSet', { json: { PermissionSet: { Name: 'Ops', RelayState: 'https://console.example' } } })
  aws.on(INLINE, { json: { InlinePolicy: '{"Statement":[]}' } })
  aws.on(
    MANAGED,
    { json: { AttachedManagedPolicies: [{ Arn: AWS_BILLING }], NextToken: 't' } },
    { json: { AttachedManagedPolicies: [{ Arn: AWS_READ_ONLY }, { Arn: AWS_BILLING }] } },
  )
  aws.on(CUSTOMER, { json: { CustomerManagedPolicyReferences: [{ Name: 'b', Path: '/x/' }, { Name: 'b' }] } })
  aws.on(BOUNDARY, { json: { PermissionsBoundary: { CustomerManagedPolicyReference: { Name: 'edge', Path: '/' } } } })
}

describe('a fresh reading of a permission set', () => {
  it('holds everything that the set allows, sorted', async () => {
    await using scene = await aScene()
    script(scene)
    expect(await scene.identityCenter.readPermissionSet(ARN, sweep())).toEqual({
      arn: ARN,
      name: 'Ops',
      description: '',
      sessionDuration: 'PT1H',
      relayState: 'https://console.example',
      policies: {
        inlinePolicy: '{"Statement":[]}',
        managedPolicies: [AWS_READ_ONLY, AWS_BILLING],
        customerManagedPolicies: [
          { name: 'b', path: '/' },
          { name: 'b', path: '/x/' },
        ],
        permissionsBoundary: { customerManagedPolicy: { name: 'edge', path: '/' } },
      },
    })
  })

  it('takes no inline policy and no boundary for what they are: none', async () => {
    await using scene = await aScene()
    script(scene)
    scene.aws.on(INLINE, { json: { InlinePolicy: '' } })
    scene.aws.on(BOUNDARY, fault('ResourceNotFoundException', 'Could not find a permissions boundary.'))
    const { policies } = await scene.identityCenter.readPermissionSet(ARN, sweep())
    expect(policies).not.toHaveProperty('inlinePolicy')
    expect(policies).not.toHaveProperty('permissionsBoundary')
  })

  it('keeps a long inline policy whole', async () => {
    await using scene = await aScene()
    script(scene)
    const InlinePolicy = JSON.stringify({ Statement: [{ Sid: 'x'.repeat(30_000) }] })
    scene.aws.on(INLINE, { json: { InlinePolicy } })
    const { policies } = await scene.identityCenter.readPermissionSet(ARN, sweep())
    expect(policies?.inlinePolicy).toBe(InlinePolicy)
  })

  it('is asked of AWS every time', async () => {
    await using scene = await aScene()
    script(scene)
    const before = await scene.identityCenter.readPermissionSet(ARN, sweep())
    scene.aws.on(MANAGED, { json: { AttachedManagedPolicies: [{ Arn: AWS_BILLING }] } })
    const after = await scene.identityCenter.readPermissionSet(ARN, sweep())
    expect(before.policies?.managedPolicies).toHaveLength(2)
    expect(after.policies?.managedPolicies).toEqual([AWS_BILLING])
  })

  it.each([
    [INLINE, fault('AccessDeniedException', 'not authorized')],
    [MANAGED, fault('AccessDeniedException', 'not authorized')],
    [CUSTOMER, fault('AccessDeniedException', 'not authorized')],
    [BOUNDARY, fault('AccessDeniedException', 'not authorized')],
    [CUSTOMER, fault('UnknownOperationException', 'no such operation')],
    [BOUNDARY, { status: 501, text: '<html>not implemented' }],
  ])('has no policies where %s is not permitted or not known, and asks again later', async (operation, refusal) => {
    let now = instant('2026-03-01T09:00Z')
    const clock = { now: () => now, waitUntil: () => Promise.resolve() }
    await using scene = await aScene({ clock })
    script(scene)
    scene.aws.on(operation, refusal)
    const read = () => scene.identityCenter.readPermissionSet(ARN, sweep())
    expect(await read()).toMatchObject({ name: 'Ops' })
    expect(await read()).not.toHaveProperty('policies')
    expect(scene.aws.calls.filter((call) => call.operation === operation)).toHaveLength(1)
    now = plus(now, minutes(16))
    script(scene)
    expect(await read()).toHaveProperty('policies')
  })

  it('fails when AWS fails, and is never taken for one without policies', async () => {
    await using scene = await aScene()
    script(scene)
    scene.aws.on(MANAGED, fault('InternalServerException', 'no', 500))
    expect(await failureOf(scene.identityCenter.readPermissionSet(ARN, sweep()))).toBe('unavailable')
  })

  it('says that a set is gone, before or while it is read', async () => {
    await using scene = await aScene()
    script(scene)
    scene.aws.on(MANAGED, fault('ResourceNotFoundException', 'Could not find PermissionSet'))
    expect(await failureOf(scene.identityCenter.readPermissionSet(ARN, sweep()))).toBe('not-found')
    scene.aws.on('DescribePermissionSet', fault('ResourceNotFoundException', 'Could not find PermissionSet'))
    expect(await failureOf(scene.identityCenter.readPermissionSet(ARN, sweep()))).toBe('not-found')
  })

  it('is the same for the same policies, whatever their order and pages', async () => {
    await using scene = await aScene()
    script(scene)
    const arns = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(arns, fc.integer({ min: 0, max: 6 }), async (names, cut) => {
        const rows = names.map((Name) => ({ Name, Arn: `arn:aws:iam::aws:policy/${Name}` }))
        scene.aws.on(MANAGED, { json: { AttachedManagedPolicies: rows } })
        const whole = await scene.identityCenter.readPermissionSet(ARN, sweep())
        const turned = rows.toReversed()
        scene.aws.on(
          MANAGED,
          { json: { AttachedManagedPolicies: turned.slice(0, cut), NextToken: 't' } },
          { json: { AttachedManagedPolicies: turned.slice(cut) } },
        )
        expect(await scene.identityCenter.readPermissionSet(ARN, sweep())).toEqual(whole)
      }),
      { numRuns: 30 },
    )
  })
})
