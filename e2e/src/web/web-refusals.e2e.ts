import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { ORGANIZATION, prepareAws } from '../harness/enrol.ts'
import { inBrowser } from './in-browser.ts'
import { lookAt } from './look-at.ts'
import { ADMINISTRATOR, startWebWorld, type WebWorld } from './web-world.ts'

const params = { name: ORGANIZATION }

describe('what AWS refuses', { timeout: 90_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('is told in its own words, with what to do, for as long as it is refused', async () => {
    const { control, managementAccountId } = world.sandbox
    const { accounts, permissionSets } = await control.world()
    const account = accounts.find(({ id }) => id !== managementAccountId)
    const words = 'explicit deny in a service control policy'
    const refusal = { kind: 'error', code: 'AccessDeniedException', message: words }
    await control.addFault({ ...refusal, service: 'sso-admin', operation: 'CreateAccountAssignment' })
    const assignment = { account: account?.id, permission_set: permissionSets[0]?.arn }
    const role = { kind: 'role', version: 'v8', metadata: { name: 'refused' } }
    const user = {
      kind: 'user',
      version: 'v2',
      metadata: { name: 'refused@acme.example' },
      spec: { roles: ['refused'] },
    }
    const documents = [{ ...role, spec: { allow: { account_assignments: [assignment] } } }, user]
    const text = documents.map((document) => JSON.stringify(document)).join('\n---\n')
    await world.client.applyDocuments({ body: { text, mode: 'create' } })

    const { page, complaints } = await world.open(ADMINISTRATOR, `/organizations/${ORGANIZATION}?tab=status`)
    const operations = page.getByRole('region', { name: 'Operations on the way' })
    const row = operations.getByRole('row', { name: `Assign ${permissionSets[0]?.name} on ${account?.name}` })
    await row.getByText(words).waitFor({ timeout: 30_000 })
    await row.getByText(/^The role lacks a permission in AWS, or AWS forbids it/).waitFor()
    await page.getByText('1 write failed and is tried again.').first().waitFor()
    await lookAt(page, 'status-refused')
    await control.clearFaults()
    await page.getByText('AWS equals the decisions.').waitFor({ timeout: 60_000 })
    expect(await row.count()).toBe(0)
    expect(complaints).toEqual([])
  })
})

describe('a step of the enrolment that is refused', { timeout: 90_000 }, () => {
  let world: WebWorld
  let page: Page
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName, { isEnrolled: false })
    const { region, instanceArn, managementAccountId } = world.sandbox
    await world.client.startEnrolment({ body: params })
    const roleArn = `arn:aws:iam::${managementAccountId}:role/GatehouseIdentityCenter`
    await world.client.editEnrolment({ params, body: { region, instanceArn, integration: 'aws-oidc', roleArn } })
    ;({ page } = await world.open(ADMINISTRATOR, `/organizations/${ORGANIZATION}/enrolment/aws`))
    page.setDefaultTimeout(20_000)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('says that AWS does not let Gatehouse take the role, in its own words', async () => {
    await page.getByRole('button', { name: 'Check the role' }).click()
    await page
      .getByText(/^The role can not be assumed: .*No OpenIDConnect provider/)
      .first()
      .waitFor()
    await page.getByText(/^Run the script again in this account/).waitFor()
    await page.getByRole('link', { name: /^1. .* failed: / }).waitFor()
    await lookAt(page, '1-denied', 'brief')
  })

  it('names the service provider that has the entity id already', async () => {
    const { entityId, metadataUrl } = (await world.sandbox.control.identitySource()).serviceProvider
    const spec = { entity_id: entityId, acs_url: 'https://other.example/acs' }
    const provider = { kind: 'saml_idp_service_provider', version: 'v1', metadata: { name: 'elsewhere' }, spec }
    await world.client.applyDocuments({ body: { text: JSON.stringify(provider), mode: 'create' } })
    await page.getByRole('link', { name: /^3. Identity source/ }).click()
    const metadata = await (await fetch(metadataUrl)).text()
    await page.getByLabel('Service provider metadata').fill(metadata)
    await page.getByLabel('Name of the service provider').focus()
    await page
      .getByText(/elsewhere/)
      .first()
      .waitFor()
    await lookAt(page, '3-taken', 'brief')
  })

  it('is not told to switch off the SCIM that hybrid mode lives by', async () => {
    await page.getByRole('link', { name: /^4. SCIM/ }).click()
    const off = page.getByText(/switch that off/)
    await off.waitFor()
    await world.client.editEnrolment({ params, body: { hybrid: true } })
    await page.reload()
    await page.getByText(/^Leave the SCIM of your identity provider on/).waitFor()
    expect(await off.count()).toBe(0)
    await world.client.editEnrolment({ params, body: { hybrid: false } })
  })

  it('leads nobody to a sign-in that there is not: without a service provider, connecting says so', async () => {
    const { client, sandbox, server } = world
    await prepareAws({ client, server, sandbox, owner: ADMINISTRATOR })
    const { scimUrl, scimToken } = sandbox
    const body = { scimUrl, scimToken, defaultOwners: [ADMINISTRATOR], serviceProviderMetadata: null }
    const { revision } = await client.editEnrolment({ params, body })
    await client.finishEnrolment({ params, body: { revision, withoutServiceProvider: true } })
    await page.goto(`${server.url}/organizations/${ORGANIZATION}/enrolment/connect`)
    await page
      .getByRole('main')
      .getByText(/no service provider for AWS's access portal/)
      .first()
      .waitFor()
    await page.getByText(/^tsh login/).waitFor()
    expect(await page.getByRole('link', { name: 'Log In' }).count()).toBe(0)
    await lookAt(page, '7-no-provider', 'brief')
    const steps = page.getByRole('navigation', { name: 'Steps' })
    await steps.getByText(/^to do: Nobody can sign in to AWS/).waitFor()
    await steps.getByRole('link', { name: /Identity source/ }).click()
    await page
      .getByRole('alert')
      .getByText(/until the metadata is added/)
      .waitFor()
    await lookAt(page, '3-no-provider', 'brief')
    await page.getByRole('link', { name: 'Add a service provider' }).click()
    await page.getByRole('dialog').getByLabel('Name').waitFor()
  })
})
