import { ApiProblem, type OrganizationView } from '@gatehouse/api'
import { anOrganization } from '@gatehouse/domain/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'
import { organizationIdOf } from './organization-handlers.ts'

const ORGANIZATION = anOrganization()
const { signal } = new AbortController()

type Filters = Partial<Pick<OrganizationView, 'accountFilter' | 'userFilter'>>

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await server.ports.store.commit({ records: [{ put: 'organization', organization: ORGANIZATION }] }, signal)
})
afterAll(() => server?.[Symbol.asyncDispose]())

it('shows the plan of other settings only to who may read the plan', async () => {
  const ana = await server.signIn()
  const text = [
    `kind: role\nversion: v8\nmetadata: {name: only-settings}\nspec: {allow: {rules: [{resources: [plugin], verbs: [update]}]}}\n`,
    `kind: user\nversion: v2\nmetadata: {name: bob@acme.example}\nspec: {roles: [only-settings]}\n`,
  ].join('---\n')
  await ana.applyDocuments({ body: { text, mode: 'replace' } })
  await server.givePassword('bob@acme.example')
  const bob = await server.signIn('bob@acme.example')
  const asked = bob.previewSettings({ params: { name: ORGANIZATION.name }, body: { hybrid: true } })
  const problem: unknown = await asked.catch((error: unknown) => error)
  expect(problem).toBeInstanceOf(ApiProblem)
  expect(problem).toMatchObject({ status: 403, message: expect.stringContaining('"read" on "aws_identity_center"') })
})

it('takes a start URL of AWS only, and leaves one alone that was there before', async () => {
  const own = 'https://aws.acme.example/start'
  const name = 'kept'
  const instanceArn = 'arn:aws:sso:::instance/ssoins-fedcba9876543210'
  const kept = { ...ORGANIZATION, id: organizationIdOf(name), name, instanceArn, startUrl: own }
  await server.ports.store.commit({ records: [{ put: 'organization', organization: kept }] }, signal)
  const ana = await server.signIn()
  const params = { name }
  expect(await ana.editOrganization({ params, body: { hybrid: true } })).toMatchObject({ hybrid: true, startUrl: own })
  for (const set of [ana.editOrganization, ana.previewSettings])
    expect(await set({ params, body: { startUrl: own } }).catch((error: unknown) => error)).toMatchObject({
      status: 400,
      field: 'body.startUrl',
    })
  const startUrl = 'https://d-9067f5b8c1.awsapps.com/start'
  expect(await ana.editOrganization({ params, body: { startUrl } })).toMatchObject({ startUrl })
})

it('refuses filters that can fit nobody and no account, and those that fit everybody without saying so', async () => {
  const ana = await server.signIn()
  const params = { name: ORGANIZATION.name }
  const accounts = (pattern: string): Pick<OrganizationView, 'accountFilter'> => ({
    accountFilter: [{ match: 'include', field: 'id', pattern }],
  })
  await ana.startEnrolment({ body: { name: 'begun' } })
  const edits = [
    (body: Filters) => ana.editOrganization({ params, body }),
    (body: Filters) => ana.previewSettings({ params, body }),
    (body: Filters) => ana.editEnrolment({ params: { name: 'begun' }, body }),
  ]
  for (const edit of edits) {
    const refusal = async (body: Filters) => edit(body).catch((error: unknown) => error)
    expect(await refusal({ userFilter: [{ team: 'cloud' }, {}] })).toMatchObject({
      status: 400,
      field: 'body.userFilter[1]',
      remedy: expect.stringContaining('all users'),
    })
    for (const pattern of ['12', '1234567890123', 'prod'])
      expect(await refusal(accounts(pattern))).toMatchObject({
        status: 400,
        field: 'body.accountFilter[0].pattern',
        remedy: expect.stringMatching(/12 digits.*such as 111122223333/),
      })
  }
  for (const pattern of ['111122223333', '1111*', '^1{12}$'])
    expect(await ana.editOrganization({ params, body: accounts(pattern) })).toMatchObject(accounts(pattern))
})
