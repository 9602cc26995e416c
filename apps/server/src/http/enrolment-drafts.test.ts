import { createServer, type Server } from 'node:http'
import { ApiProblem, type GatehouseClient } from '@gatehouse/api'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ANA, PASSWORD, startTestServer, type TestServer } from '../testing/start-test-server.ts'

const NAME = 'acme'
const params = { name: NAME }
const BOB = 'bob@acme.example'
const TOKEN = 'a-token-for-one-address'

let server: TestServer
let ana: GatehouseClient
/** May install, and nothing else. */
let bob: GatehouseClient
let scim: Server
/** What was sent to the endpoint: path and authorization. */
let sent: (readonly [path: string | undefined, authorization: string | undefined])[] = []

beforeAll(async () => {
  server = await startTestServer()
  ana = await server.signIn()
  const text = [
    `kind: role\nversion: v8\nmetadata: {name: only-install}\nspec: {allow: {rules: [{resources: [plugin], verbs: [create]}]}}\n`,
    `kind: user\nversion: v2\nmetadata: {name: ${BOB}}\nspec: {roles: [only-install]}\n`,
  ].join('---\n')
  await ana.applyDocuments({ body: { text, mode: 'replace' } })
  await server.givePassword(BOB)
  bob = await server.signIn(BOB)
  scim = createServer((request, response) => {
    sent.push([request.url, request.headers.authorization])
    response.writeHead(401).end('{}')
  })
  await new Promise<void>((resolve) => scim.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  scim?.close()
  await server?.[Symbol.asyncDispose]()
})
beforeEach(async () => {
  sent = []
  await ana.deleteEnrolment({ params }).catch(() => undefined)
  await ana.startEnrolment({ body: { name: NAME } })
})

const addressOf = (path: string): string => {
  const address = scim.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}/${path}/scim/v2`
}
const codeOf = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'done',
    (error: unknown) => (error instanceof ApiProblem ? [error.status, error.code] : error),
  )

const WHOLE = {
  region: 'eu-west-1',
  instanceArn: 'arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6',
  roleArn: 'arn:aws:iam::111122223333:role/gatehouse',
  defaultOwners: [ANA],
  hybrid: true,
}

describe('installing', () => {
  it('takes the revision that was looked at, and is refused when somebody has changed the enrolment since', async () => {
    const body = { ...WHOLE, scimUrl: addressOf('anas'), scimToken: TOKEN }
    const { revision } = await ana.editEnrolment({ params, body })
    await bob.editEnrolment({ params, body: { defaultOwners: [BOB] } })
    expect(await codeOf(ana.finishEnrolment({ params, body: { revision } }))).toEqual([412, 'stale'])
    expect(await codeOf(ana.checkRole({ params, body: { revision } }))).toEqual([412, 'stale'])
    expect(await codeOf(ana.testScim({ params, body: { revision } }))).toEqual([412, 'stale'])
    expect(sent).toEqual([])
    const without = fetch(`${server.url}/v1/enrolments/${NAME}/finish`, { method: 'POST', ...(await asAna('{}')) })
    expect((await without).status).toBe(400)
  })

  it('asks of whoever installs the rights for all that is installed, whoever gave it', async () => {
    const body = { ...WHOLE, scimUrl: addressOf('anas'), scimToken: TOKEN }
    const { revision } = await ana.editEnrolment({ params, body })
    expect(await codeOf(bob.finishEnrolment({ params, body: { revision } }))).toEqual([403, 'refused'])
  })
})

it('an address in a private network is sent nothing, although somebody insists on it', async () => {
  for (const host of ['10.1.2.3', '169.254.169.254', '[fd00::1]']) {
    const body = { scimUrl: `https://${host}/x/scim/v2`, forceScimUrl: true, scimToken: TOKEN }
    await ana.editEnrolment({ params, body })
    expect(await ana.testScim({ params, body: {} })).toMatchObject({
      outcome: 'not-an-endpoint',
      message: expect.stringContaining('is in a private network'),
      remedy: expect.stringContaining('privateScim'),
    })
    const { revision } = await ana.editEnrolment({ params, body: WHOLE })
    expect(await codeOf(ana.finishEnrolment({ params, body: { revision } }))).toEqual([400, 'invalid-value'])
  }
})

describe('the owners', () => {
  it('are users that there are, and are asked for again when one of them has gone', async () => {
    const LEO = 'leo@acme.example'
    const given = (...defaultOwners: string[]) => ana.editEnrolment({ params, body: { defaultOwners } })
    expect(await given(ANA, LEO).catch((error: unknown) => error)).toMatchObject({
      status: 404,
      field: 'body.defaultOwners[1]',
      message: expect.stringContaining(`"${LEO}"`),
    })
    const preview = async () => (await ana.getEnrolment({ params })).steps[1]
    expect(await preview()).toMatchObject({ step: 'preview', state: 'open' })
    await ana.createUser({ body: { name: LEO, roles: [] } })
    await given(LEO)
    expect(await preview()).toMatchObject({ state: 'done' })
    await ana.deleteDocument({ params: { kind: 'user', name: LEO } })
    expect(await preview()).toMatchObject({ state: 'failed', message: `There is no user "${LEO}": choose others.` })
  })
})

describe('the start URL', () => {
  const OWN = 'https://aws.acme.example/start'

  it('is an address of AWS, which the AWS CLI takes as it is', async () => {
    expect(await ana.editEnrolment({ params, body: { startUrl: OWN } }).catch((error: unknown) => error)).toMatchObject(
      {
        status: 400,
        field: 'body.startUrl',
        remedy: expect.stringMatching(/such as https:\/\/d-1234567890\.awsapps\.com\/start.*"Log In"/),
      },
    )
    const startUrl = 'https://d-9067f5b8c1.awsapps.com/start'
    expect((await ana.editEnrolment({ params, body: { startUrl, portalUrl: OWN } })).given).toMatchObject({ startUrl })
  })

  it('is shown as it was kept before', async () => {
    const { signal } = new AbortController()
    const draft = await server.ports.enrolments.find(NAME, signal)
    if (!draft) throw new Error('no enrolment')
    const kept = { ...draft, given: { startUrl: OWN }, revision: draft.revision + 1 }
    await server.ports.enrolments.save(kept, { replacing: draft.revision, events: [] }, signal)
    expect((await ana.getEnrolment({ params })).given).toEqual({ startUrl: OWN })
  })
})

describe('a check of the role', () => {
  it('uses the integration as a preview does, so it takes the same right', async () => {
    await ana.editEnrolment({ params, body: { ...WHOLE, roleArn: 'no-role' } })
    expect(await codeOf(bob.checkRole({ params, body: {} }))).toEqual([403, 'refused'])
    expect(await codeOf(ana.checkRole({ params, body: {} }))).toEqual([400, 'invalid-value'])
  })

  it('asks AWS nothing while the Region, the instance or the role is none, and names which', async () => {
    for (const [field, wrong] of [
      ['region', 'atlantis'],
      ['instanceArn', 'arn:aws:sso:::instance/7223'],
      ['roleArn', 'arn:aws:iam::1'],
    ] as const) {
      await ana.editEnrolment({ params, body: { ...WHOLE, [field]: wrong } })
      for (const ask of [() => ana.checkRole({ params, body: {} }), () => ana.previewAccounts({ params })])
        expect(await ask().catch((error: unknown) => error)).toMatchObject({ status: 400, field })
      const { steps } = await ana.getEnrolment({ params })
      expect(steps[0]).toMatchObject({ step: 'aws', state: 'open' })
    }
  })
})

const asAna = async (body: string) => {
  const { token } = await server.client().signIn({ body: { user: ANA, password: PASSWORD } })
  return { body, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }
}

it('there are at most twenty enrolments at a time', async () => {
  const names = Array.from({ length: 19 }, (_, i) => `more-${i}`)
  for (const name of names) await ana.startEnrolment({ body: { name } })
  expect(await codeOf(ana.startEnrolment({ body: { name: 'one-too-many' } }))).toEqual([409, 'conflict'])
  expect(await codeOf(ana.startEnrolment({ body: { name: NAME } }))).toEqual([409, 'already-exists'])
  for (const name of names) await ana.deleteEnrolment({ params: { name } })
  expect(await codeOf(ana.startEnrolment({ body: { name: 'one-more' } }))).toBe('done')
  await ana.deleteEnrolment({ params: { name: 'one-more' } })
})

describe('what is done with an enrolment', () => {
  it('is in the audit log: who gave what, where the token was sent, how checks went; never the token', async () => {
    await bob.editEnrolment({ params, body: { scimUrl: addressOf('bobs'), scimToken: TOKEN, region: 'eu-west-1' } })
    await bob.testScim({ params, body: {} })
    await bob.editEnrolment({ params, body: { scimUrl: addressOf('others') } })
    await ana.deleteEnrolment({ params })
    const { items } = await ana.listAuditEvents({ query: { limit: 4 } })
    expect(items.map(({ code, user, fields }) => [code, user, fields])).toEqual([
      ['GH053I', ANA, { name: NAME }],
      [
        'GH051I',
        BOB,
        {
          name: NAME,
          revision: 4,
          changed: ['scimUrl', 'scimToken'],
          scim_token: 'forgotten',
          scim_url: addressOf('others'),
          force_scim_url: false,
        },
      ],
      [
        'GH052W',
        BOB,
        {
          name: NAME,
          step: 'scim',
          success: false,
          message: 'The server answered 401.',
          scim_url: addressOf('bobs'),
        },
      ],
      [
        'GH051I',
        BOB,
        {
          name: NAME,
          revision: 2,
          changed: ['region', 'scimUrl', 'scimToken'],
          scim_token: 'given',
          scim_url: addressOf('bobs'),
          force_scim_url: false,
        },
      ],
    ])
    expect(JSON.stringify(items)).not.toContain(TOKEN)
    const begun = await ana.listAuditEvents({ query: { event: 'enrolment.create', limit: 1 } })
    expect(begun.items).toMatchObject([{ code: 'GH050I', user: ANA, fields: { name: NAME } }])
  })
})

describe('the SCIM token of an enrolment', () => {
  it('is for the address that it was given with: another address has it forgotten', async () => {
    await ana.editEnrolment({ params, body: { scimUrl: addressOf('anas'), scimToken: TOKEN } })
    expect(await bob.editEnrolment({ params, body: { scimUrl: addressOf('bobs') } })).toMatchObject({
      hasScimToken: false,
    })
    expect(await codeOf(bob.testScim({ params, body: {} }))).toEqual([400, 'invalid-value'])
    await bob.editEnrolment({ params, body: { scimUrl: addressOf('anas') } })
    expect(await codeOf(bob.testScim({ params, body: {} }))).toEqual([400, 'invalid-value'])
    expect(sent).toEqual([])
    await bob.editEnrolment({ params, body: { scimUrl: addressOf('bobs'), scimToken: 'bobs' } })
    await bob.testScim({ params, body: {} })
    expect(sent).toEqual([['/bobs/scim/v2/ServiceProviderConfig', 'Bearer bobs']])
  })

  it('stays with its address when that is given again, or something else', async () => {
    await ana.editEnrolment({ params, body: { scimUrl: addressOf('anas'), scimToken: TOKEN } })
    await bob.editEnrolment({ params, body: { scimUrl: addressOf('anas'), region: 'eu-west-1', defaultOwners: [ANA] } })
    await ana.testScim({ params, body: {} })
    expect(sent).toEqual([['/anas/scim/v2/ServiceProviderConfig', `Bearer ${TOKEN}`]])
  })
})
