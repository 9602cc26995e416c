import { CreateOpenIDConnectProviderCommand } from '@aws-sdk/client-iam'
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, describe, expect, it } from 'vitest'
import { allow, makeRole } from '../testing/iam-scene.ts'
import { startIssuer, type TestIssuer } from '../testing/oidc-issuer.ts'
import { startTestSandbox } from '../testing/sandbox-clients.ts'

const [AUDIENCE, SUBJECT] = ['sts.example', 'system:worker']
const world = await startTestSandbox({ seed: 'empty' })
const [known, stranger, lost] = await Promise.all([startIssuer(), startIssuer(), startIssuer()])
afterAll(() => Promise.all([world, known, stranger].map((resource) => resource[Symbol.asyncDispose]())))

/** A role that trusts the subject of the issuer. */
async function makeTrustingRole(name: string, { issuer, host }: TestIssuer): Promise<string> {
  const provider = await world.iam.send(
    new CreateOpenIDConnectProviderCommand({ Url: issuer, ClientIDList: [AUDIENCE] }),
  )
  const trust = {
    Effect: 'Allow',
    Principal: { Federated: provider.OpenIDConnectProviderArn },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${host}:aud`]: AUDIENCE }, StringLike: { [`${host}:sub`]: 'system:*' } },
  }
  return makeRole(world, name, { trust, may: [allow('organizations:ListAccounts')] })
}

const RoleArn = await makeTrustingRole('worker', known)
const assume = (WebIdentityToken: string, more: object = {}) =>
  world.sts.send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'session', WebIdentityToken, ...more }),
  )
const claims = { aud: AUDIENCE, sub: SUBJECT }
const now = () => Math.floor(Date.now() / 1_000)

describe('a token of an OpenID Connect provider', () => {
  it('is worth credentials of the role', async () => {
    const given = await assume(await known.token(claims), { DurationSeconds: 900 })
    expect(given).toMatchObject({ SubjectFromWebIdentityToken: SUBJECT, Audience: AUDIENCE })
    expect(given.Credentials?.AccessKeyId).toMatch(/^ASIA/)
    expect(Number(given.Credentials?.Expiration) - Date.now()).toBeLessThanOrEqual(900_000)
  })

  it.each<[string, string, () => Promise<string>]>([
    ['another key signed it', 'InvalidIdentityTokenException', () => known.token(claims, 'forged')],
    [
      'nobody signed it',
      'InvalidIdentityTokenException',
      async () => (await known.token(claims)).replace(/\.[^.]*$/, '.'),
    ],
    ['it is no token at all', 'InvalidIdentityTokenException', () => Promise.resolve('nonsense')],
    ['it is for another audience', 'InvalidIdentityTokenException', () => known.token({ ...claims, aud: 'other' })],
    ['another party is authorized', 'InvalidIdentityTokenException', () => known.token({ ...claims, azp: 'other' })],
    ['it is about another subject', 'AccessDenied', () => known.token({ ...claims, sub: 'somebody' })],
    ['it has no subject', 'InvalidIdentityTokenException', () => known.token({ aud: AUDIENCE })],
    ['its issuer is not registered', 'InvalidIdentityTokenException', () => stranger.token(claims)],
    [
      'it names another issuer',
      'InvalidIdentityTokenException',
      () => stranger.token({ ...claims, iss: known.issuer }),
    ],
    ['it has expired', 'ExpiredTokenException', () => known.token({ ...claims, exp: now() - 1 })],
    ['it is more than a day old', 'ExpiredTokenException', () => known.token({ ...claims, iat: now() - 90_000 })],
    ['it comes from the future', 'InvalidIdentityTokenException', () => known.token({ ...claims, nbf: now() + 600 })],
  ])('is refused when %s: %s', async (_what, name, token) => {
    await expect(assume(await token())).rejects.toMatchObject({ name })
  })

  it('is refused when its issuer can not be reached', async () => {
    const lostRole = await makeTrustingRole('lost', lost)
    const token = await lost.token(claims)
    await lost[Symbol.asyncDispose]()
    await expect(assume(token, { RoleArn: lostRole })).rejects.toMatchObject({ name: 'IDPCommunicationErrorException' })
  })

  it('opens only roles that there are, for as long as they allow', async () => {
    const token = await known.token(claims)
    const unknown = assume(token, { RoleArn: `${RoleArn}-2` })
    await expect(unknown).rejects.toMatchObject({ name: 'AccessDenied' })
    await expect(assume(token, { DurationSeconds: 7_200 })).rejects.toMatchObject({ name: 'ValidationError' })
  })
})
