import { auditEvent, instant, minus, minutes, plus } from '@gatehouse/domain'
import { anOrganization } from '@gatehouse/domain/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'

const { signal } = new AbortController()
const INSTALLED_AT = instant('2027-03-01T09:00Z')
const ORGANIZATION = { ...anOrganization(), createdAt: INSTALLED_AT }
const ENTITY_ID = `https://eu-west-1.signin.aws.amazon.com/platform/saml/${ORGANIZATION.identityStoreId}`
const params = { name: ORGANIZATION.name }

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server?.[Symbol.asyncDispose]())

const signIn = (entityId: string, time = INSTALLED_AT, success = true) =>
  auditEvent('saml.idp.auth', {
    time,
    success,
    fields: { success, service_provider_entity_id: entityId, sid: '' },
  })

it('the last step is done once somebody was signed in to this AWS since it was installed', async () => {
  const ana = await server.signIn()
  const connect = async () => {
    const { steps } = await ana.getEnrolment({ params })
    const listed = await ana.listEnrolments({})
    expect(listed.items[0]?.steps).toEqual(steps)
    return steps.find(({ step }) => step === 'connect')
  }
  await ana.startEnrolment({ body: params })
  expect(await connect()).toMatchObject({ state: 'later' })

  await server.ports.store.commit({ records: [{ put: 'organization', organization: ORGANIZATION }] }, signal)
  expect(await connect()).toMatchObject({ state: 'open', message: expect.stringContaining('no service provider') })

  const text = `kind: saml_idp_service_provider\nversion: v1\nmetadata: {name: aws}\nspec: {preset: aws-identity-center, entity_id: '${ENTITY_ID}', acs_url: 'https://aws.example/acs'}\n`
  await ana.applyDocuments({ body: { text, mode: 'replace' } })
  expect(await connect()).toMatchObject({ state: 'open' })

  const others = [
    signIn('https://wiki.example'),
    signIn(ENTITY_ID, plus(INSTALLED_AT, minutes(1)), false),
    signIn(ENTITY_ID, minus(INSTALLED_AT, minutes(1))),
  ]
  await server.ports.store.commit({ events: others }, signal)
  expect(await connect()).toMatchObject({ state: 'open' })

  await server.ports.store.commit({ events: [signIn(ENTITY_ID)] }, signal)
  expect(await connect()).toMatchObject({ state: 'done', message: expect.stringContaining('has signed in') })
})

it('the identity source is done once there is a service provider, also one whose entity id names no store', async () => {
  const ana = await server.signIn()
  const source = async () => {
    const { steps, serviceProvider } = await ana.getEnrolment({ params })
    return [steps.find(({ step }) => step === 'identity-source')?.state, serviceProvider]
  }
  expect(await source()).toEqual(['done', 'aws'])
  await ana.deleteDocument({ params: { kind: 'saml_idp_service_provider', name: 'aws' } })
  expect(await source()).toEqual(['open', undefined])
  const text = `kind: saml_idp_service_provider\nversion: v1\nmetadata: {name: portal}\nspec: {preset: aws-identity-center, entity_id: 'https://portal.example', acs_url: 'https://portal.example/acs'}\n`
  await ana.applyDocuments({ body: { text, mode: 'create' } })
  expect(await source()).toEqual(['done', 'portal'])
})
