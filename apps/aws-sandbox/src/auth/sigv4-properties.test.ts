import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import { ListInstancesCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { allow, type Keys, makeRole, toKeys } from '../testing/iam-scene.ts'
import { startTestSandbox } from '../testing/sandbox-clients.ts'

const world = await startTestSandbox({
  seed: 'empty',
  knobs: { organizationsTps: 10_000, organizationsBurst: 10_000, stsTps: 10_000 },
})
afterAll(() => world[Symbol.asyncDispose]())
const { endpointUrl: endpoint, region, admin, managementAccountId } = world.sandbox
const trust = { Effect: 'Allow', Principal: { AWS: managementAccountId }, Action: 'sts:AssumeRole' }
const RoleArn = await makeRole(world, 'anything', { trust, may: [allow('organizations:DescribeOrganization')] })
const { Credentials } = await world.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }))
const credentialsBySort = { user: admin, session: toKeys(Credentials) }

/** What a client may be set up to send besides the call itself: a base path, a query, a header. */
interface Surroundings {
  readonly segments: readonly string[]
  readonly slash: boolean
  readonly query: Readonly<Record<string, string>>
  readonly header: string
}
interface OutgoingRequest {
  path: string
  query: Record<string, string>
  headers: Record<string, string>
}

/** Dots on their own would be folded away by the HTTP client after it signed. */
const segment = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((text) => !/^\.+$/.test(text))
const surroundings: fc.Arbitrary<Surroundings> = fc.record({
  segments: fc.array(segment.map(encodeURIComponent), { maxLength: 3 }),
  slash: fc.boolean(),
  query: fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), fc.string({ unit: 'grapheme', maxLength: 6 }), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  header: fc.string({ unit: fc.constantFrom('a', ' ', '\t', ',', ';', '=', '"'), maxLength: 12 }),
})

async function describeOrganization(credentials: Keys, { segments, slash, query, header }: Surroundings) {
  const client = new OrganizationsClient({ endpoint, region, credentials: { ...credentials }, maxAttempts: 1 })
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as OutgoingRequest // what every HTTP client of the SDK sends
      request.path = `/${segments.join('/')}${slash && segments.length > 0 ? '/' : ''}`
      request.query = { ...query }
      request.headers['x-amz-meta-note'] = header
      return next(args)
    },
    { step: 'build', priority: 'low' }, // before the SDK signs
  )
  return client.send(new DescribeOrganizationCommand({}))
}

describe("the SDK's own signatures", () => {
  it('fit whatever the base path, the query and the headers hold, for keys and for sessions', async () => {
    const sorts = fc.constantFrom('user' as const, 'session' as const)
    await fc.assert(
      fc.asyncProperty(sorts, surroundings, async (sort, around) => {
        const answer = await describeOrganization(credentialsBySort[sort], around)
        expect(answer.Organization?.MasterAccountId).toBe(managementAccountId)
      }),
      { numRuns: 150 },
    )
  })

  it('never fit under another secret, whatever that is', async () => {
    const secrets = fc.string({ minLength: 1, maxLength: 40 }).filter((secret) => secret !== admin.secretAccessKey)
    await fc.assert(
      fc.asyncProperty(secrets, async (secretAccessKey) => {
        const credentials = { ...admin, secretAccessKey }
        const sts = new STSClient({ endpoint, region, credentials, maxAttempts: 1 })
        await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
          name: 'SignatureDoesNotMatch',
        })
      }),
      { numRuns: 50 },
    )
  })

  it('are for one service: what is signed for SSO Admin says nothing to Organizations', async () => {
    const client = new SSOAdminClient({ endpoint, region, credentials: { ...admin }, maxAttempts: 1 })
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as OutgoingRequest // as above
        request.headers['x-amz-target'] = 'AWSOrganizationsV20161128.DescribeOrganization'
        return next(args)
      },
      { step: 'build', priority: 'low' },
    )
    await expect(client.send(new ListInstancesCommand({}))).rejects.toThrow(
      "Credential should be scoped to correct service: 'organizations'.",
    )
  })
})
