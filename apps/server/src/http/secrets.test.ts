import { contract, createOpenApi, type GatehouseClient } from '@gatehouse/api'
import { anOrganization } from '@gatehouse/domain/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browse } from '../testing/browse.ts'
import { SAMPLE_CALLS } from '../testing/sample-calls.ts'
import { ANA, PASSWORD, startTestServer, type TestServer } from '../testing/start-test-server.ts'

const SCIM_TOKEN = 'scim-token-that-nobody-may-read'
const { signal } = new AbortController()

let server: TestServer
let ana: GatehouseClient
beforeAll(async () => {
  server = await startTestServer()
  await enrol()
  ana = await server.signIn()
  await ana.addSamlCertificate({})
})
afterAll(() => server[Symbol.asyncDispose]())

async function enrol(): Promise<void> {
  const organization = anOrganization()
  const records = [{ put: 'organization', organization, scimToken: SCIM_TOKEN }] as const
  await server.ports.store.commit({ records }, signal)
}

/** They end or open a session, call AWS, or wait for an engine, which this server has not. */
const NOT_ASKED: readonly (keyof typeof contract)[] = [
  'signIn',
  'signOut',
  'installOrganization',
  'startOrganization',
  'getPlan',
  'getOrganizationStatus',
  'listOrganizationAccounts',
  'release',
  'createLink',
]

/** They change nothing without an engine, for which they wait. */
const WAITING: readonly (keyof typeof contract)[] = ['previewSettings', 'endAdoptedAssignments']

/** What every endpoint answers to an administrator, about records that are there, and what it says of others. */
async function everyAnswer(): Promise<readonly string[]> {
  const answers: string[] = []
  // the contract's own names
  const names = (Object.keys(contract) as (keyof typeof contract)[]).filter((name) => !NOT_ASKED.includes(name))
  const ask = async (name: keyof typeof contract): Promise<void> => {
    for (const args of [SAMPLE_CALLS[name], aboutWhatIsThere(name)]) {
      // Every call fits its own endpoint; the loop over all of them forgets which.
      const answer = await (ana[name] as (args: unknown) => Promise<unknown>)(args).catch((error: unknown) => error)
      answers.push(`${name}: ${JSON.stringify(answer)} ${String(answer)}`)
    }
  }
  // Some wait for an engine that is not there; what changes nothing can wait together.
  const isRead = (name: keyof typeof contract) => contract[name].method === 'GET' || WAITING.includes(name)
  const isLast = (name: keyof typeof contract) => name === 'removeOrganization'
  await Promise.all(names.filter(isRead).map(ask))
  for (const name of names.filter((one) => !isRead(one) && !isLast(one))) await ask(name)
  for (const name of names.filter(isLast)) await ask(name)
  await enrol()
  const browser = browse(server)
  for (const path of ['/openapi.json', '/.well-known/openid-configuration', '/saml/metadata', '/saml/metadata-values'])
    answers.push(await (await browser.get(path)).text())
  return answers
}

function aboutWhatIsThere(name: keyof typeof contract): unknown {
  const sample = SAMPLE_CALLS[name]
  if (!('params' in sample)) return sample
  const params = { ...sample.params, ...('kind' in sample.params ? { kind: 'plugin' } : {}) }
  return { ...sample, params: 'name' in params ? { ...params, name: anOrganization().name } : params }
}

describe('what settings show', () => {
  it('D4-38 holds no secret: no token of SCIM, no key, no hash of a password, whoever asks', async () => {
    const answers = await everyAnswer()
    expect(answers.some((answer) => answer.includes(anOrganization().scimUrl))).toBe(true)
    for (const answer of answers)
      for (const secret of [SCIM_TOKEN, PASSWORD, 'PRIVATE KEY', '$argon2', '"d":"'])
        expect(answer.includes(secret) ? answer : '').toBe('')
  }, 120_000)
  it('D4-38 is the same in the audit log', async () => {
    const { items } = await ana.listAuditEvents({ query: { limit: 1000 } })
    expect(items.length).toBeGreaterThan(3)
    const log = JSON.stringify(items)
    for (const secret of [SCIM_TOKEN, PASSWORD, 'PRIVATE KEY', '$argon2']) expect(log).not.toContain(secret)
  })
})

describe('credentials around the model', () => {
  it('D4-37 are given by no endpoint: none answers with keys, tokens or assertions for AWS', () => {
    const openApi = createOpenApi({ publicAddress: 'https://gatehouse.acme.example', version: '1' })
    const suspicious = /secret|access.?key|session.?token|assertion|credential|^token$|password|bearer|jwt/i
    const given = propertiesGiven(openApi).filter((name) => suspicious.test(name))
    // A session of one's own; and where AWS's credentials come from, without them.
    expect([...new Set(given)].toSorted()).toEqual(['credentials', 'token', 'useSystemCredentials'])
  })
  it('D4-37 are none of the server’s: the role by which it reaches AWS is named, and nothing of it is handed out', async () => {
    const organization = await ana.getOrganization({ params: { name: anOrganization().name } })
    expect(organization.credentials).toEqual({
      source: 'oidc',
      integration: 'idc-role',
      roleArn: 'arn:aws:iam::100000000000:role/gatehouse',
    })
    // Tokens of the issuer are signed for the server alone: there is no address that gives one.
    const browser = browse(server)
    for (const path of ['/token', '/oauth/token', '/oauth2/token', '/v1/token', '/v1/credentials', '/authorize'])
      expect((await browser.get(path)).status).toBe(404)
  })
  it('D4-37 are no second way in: a session ends with its person, whichever way it was opened', async () => {
    await ana.applyDocuments({
      body: { text: 'kind: user\nmetadata: {name: zoe@acme.example}\nspec: {roles: [editor]}', mode: 'create' },
    })
    await server.givePassword('zoe@acme.example')
    const zoe = await server.signIn('zoe@acme.example')
    expect((await zoe.getMe({})).user.name).toBe('zoe@acme.example')
    const lock = 'kind: lock\nversion: v2\nmetadata: {name: l}\nspec: {target: {user: zoe@acme.example}}'
    await ana.applyDocuments({ body: { text: lock, mode: 'create' } })
    await expect(zoe.listUsers({ query: {} })).rejects.toMatchObject({ status: expect.any(Number) as number })
    expect((await ana.getMe({})).user.name).toBe(ANA)
  })
})

/** Names of properties in answers, at any depth. */
function propertiesGiven(openApi: unknown): readonly string[] {
  const found: string[] = []
  visit(openApi, false)
  return found

  function visit(node: unknown, isAnswer: boolean): void {
    if (typeof node !== 'object' || node === null) return
    for (const [key, inner] of Object.entries(node)) {
      if (isAnswer && key === 'properties') found.push(...Object.keys(inner as object)) // what JSON schema has there
      visit(inner, isAnswer || key === 'responses' || key === 'schemas')
    }
  }
}
