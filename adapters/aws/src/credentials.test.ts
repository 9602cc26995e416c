import { describe, expect, it, vi } from 'vitest'
import { systemCredentials, webIdentityCredentials } from './credentials.ts'
import { aScene, failureOf, INSTANCE, sweep } from './testing/an-identity-center.ts'
import { fault, stsCredentials, stsFault } from './testing/scripted-aws.ts'

const never = new AbortController().signal
const inAnHour = (): Date => new Date(Date.now() + 3_600_000)
const ROLE = 'arn:aws:iam::111122223333:role/gatehouse'
const WEB = 'AssumeRoleWithWebIdentity'
const instance = { json: { InstanceArn: INSTANCE, IdentityStoreId: 'd-1' } }

const webIdentity = (token = () => Promise.resolve('a.b.c')) =>
  webIdentityCredentials({ roleArn: ROLE, sessionName: 'gatehouse acme/1', token, region: 'eu-central-1' })

describe('credentials by web identity', () => {
  it('sign calls until shortly before they end, and are then made anew', async () => {
    const credentials = webIdentity()
    await using scene = await aScene({ credentials })
    scene.aws.on(WEB, stsCredentials(WEB, 'ASIA1', inAnHour()), stsCredentials(WEB, 'ASIA2', inAnHour()))
    scene.aws.on('DescribeInstance', instance)
    await scene.identityCenter.describeInstance(sweep())
    await scene.identityCenter.describeInstance(sweep())
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 56 * 60_000)
    await scene.identityCenter.describeInstance(sweep())
    expect(scene.aws.calls.map(({ operation }) => operation)).toEqual([
      WEB,
      'DescribeInstance',
      'DescribeInstance',
      WEB,
      'DescribeInstance',
    ])
    expect(scene.aws.calls[0]?.input).toMatchObject({
      RoleArn: ROLE,
      RoleSessionName: 'gatehouse-acme-1',
      WebIdentityToken: 'a.b.c',
    })
    expect(scene.aws.calls[2]?.authorization).toContain('Credential=ASIA1/')
    expect(scene.aws.calls[4]?.authorization).toContain('Credential=ASIA2/')
  })

  it('are made anew when AWS calls them expired, and the call repeated once, a write too (D5-15)', async () => {
    await using scene = await aScene({ credentials: webIdentity() })
    scene.aws.on(WEB, stsCredentials(WEB, 'ASIA1', inAnHour()), stsCredentials(WEB, 'ASIA2', inAnHour()))
    scene.aws.on('DescribeInstance', fault('ExpiredTokenException', 'expired'), instance)
    await scene.identityCenter.describeInstance(sweep())
    expect(scene.aws.calls.at(-1)?.authorization).toContain('Credential=ASIA2/')
    scene.aws.on('DescribeInstance', fault('ExpiredTokenException', 'expired'))
    expect(await failureOf(scene.identityCenter.describeInstance(sweep()))).toBe('expired-credentials')
    expect(scene.aws.calls.filter(({ operation }) => operation === 'DescribeInstance')).toHaveLength(4)
  })

  it('are made once for callers that come together', async () => {
    await using scene = await aScene({ credentials: webIdentity() })
    scene.aws.on(WEB, stsCredentials(WEB, 'ASIA1', inAnHour()))
    scene.aws.on('DescribeInstance', instance)
    await Promise.all([1, 2, 3].map(() => scene.identityCenter.describeInstance(sweep())))
    expect(scene.aws.calls.filter(({ operation }) => operation === WEB)).toHaveLength(1)
  })

  it("are kept for a while though a server's clock says that they have ended", async () => {
    const credentials = webIdentity()
    await using scene = await aScene()
    scene.aws.on(WEB, stsCredentials(WEB, 'ASIA1', new Date(0)))
    const first = await credentials.get(never)
    expect(await credentials.get(never)).toBe(first)
  })

  it('are asked for again, with a new token, when STS could not reach us or the token was too old', async () => {
    let made = 0
    const credentials = webIdentity(() => Promise.resolve(`token${(made += 1)}`))
    await using scene = await aScene()
    scene.aws.on(
      WEB,
      stsFault('IDPCommunicationError', 'could not reach'),
      stsFault('ExpiredTokenException', 'token expired'),
      stsCredentials(WEB, 'ASIA1', inAnHour()),
    )
    expect(await credentials.get(never)).toMatchObject({ accessKeyId: 'ASIA1', sessionToken: 'session-ASIA1' })
    expect(scene.aws.calls.map(({ input }) => input['WebIdentityToken'])).toEqual(['token1', 'token2', 'token3'])
  })

  it.each([
    [stsFault('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403), 'access-denied'],
    [stsFault('InvalidIdentityToken', 'Incorrect token audience'), 'access-denied'],
    [{ text: 'garbage', type: 'text/xml' }, 'unavailable'],
    [{ text: '<AssumeRoleWithWebIdentityResponse/>', type: 'text/xml' }, 'unavailable'],
    ['reset' as const, 'unavailable'],
  ])('fail with a reason, never with a bug (%#)', async (answer, expected) => {
    await using scene = await aScene()
    scene.aws.on(WEB, answer)
    expect(await failureOf(webIdentity().get(never))).toBe(expected)
  })
})

describe('a clock that is wrong', () => {
  it("is corrected by the server's, and the call repeated once (D5-16)", async () => {
    await using scene = await aScene()
    const date = new Date(Date.now() + 3_600_000)
    const json = { __type: 'InvalidSignatureException', message: 'Signature expired' }
    scene.aws.on('DescribeInstance', { status: 400, json, date }, { ...instance, date })
    await scene.identityCenter.describeInstance(sweep())
    expect(scene.aws.calls).toHaveLength(2)
    scene.aws.on('DescribeInstance', { status: 400, json, date })
    expect(await failureOf(scene.identityCenter.describeInstance(sweep()))).toBe('access-denied')
  })
})

describe('credentials of the system', () => {
  it('assume the role with the external id, from what the SDK finds', async () => {
    await using scene = await aScene()
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIASYSTEM')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
    scene.aws.on('AssumeRole', stsCredentials('AssumeRole', 'ASIA1', inAnHour()))
    const credentials = systemCredentials({ roleArn: ROLE, externalId: 'ours', region: 'eu-central-1' })
    expect(await credentials.get(never)).toMatchObject({ accessKeyId: 'ASIA1' })
    expect(scene.aws.calls[0]?.input).toMatchObject({ RoleArn: ROLE, ExternalId: 'ours' })
    expect(scene.aws.calls[0]?.authorization).toContain('Credential=AKIASYSTEM/')
  })
})
