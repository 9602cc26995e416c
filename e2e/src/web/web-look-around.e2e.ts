import { afterAll, describe, expect, it } from 'vitest'
import { govern } from './govern-scene.ts'
import { inBrowser } from './in-browser.ts'
import { ADMINISTRATOR, ENGINEER, REVIEWER, startWebWorld, type WebWorld } from './web-world.ts'

const DAY_MS = 86_400_000

describe('somebody who looks around', { timeout: 60_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
    await govern(world.client)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('finds the accounts again that he asked for, and says from when on and who may approve', async () => {
    const { page, complaints } = await world.open(ENGINEER, '/resources?requestable=true')
    await page
      .getByRole('checkbox', { name: /^Ask for Set0000 on/ })
      .first()
      .check()
    await page.getByText('Recent', { exact: true }).click()
    await page.getByText('1 account', { exact: true }).waitFor()
    await page.reload()
    await page.getByText('1 account', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Request access to 1' }).click()
    await page.getByLabel('Why do you need it?').fill('night shift')
    await page.getByLabel('For how long').fill('2h')
    const begins = new Date(Math.ceil(Date.now() / DAY_MS) * DAY_MS + DAY_MS / 2)
    await page.getByLabel('Begins').fill(begins.toISOString().slice(0, 16))
    await page.getByLabel('Suggested reviewers').fill(REVIEWER)
    await page.getByRole('button', { name: 'Request access', exact: true }).click()
    await page.waitForURL(/\/requests\/[\da-f-]+$/)
    const [request] = (await world.client.listAccessRequests({ query: { limit: 1 } })).items
    expect(request).toMatchObject({ reason: 'night shift', suggestedReviewers: [REVIEWER] })
    const zone = await page.evaluate('new Date().getTimezoneOffset()')
    expect(Date.parse(request?.assumeStartTime ?? '')).toBe(begins.getTime() + Number(zone) * 60_000)
    expect(complaints).toEqual([])
  })

  it('opens the lists in a list one by one', async () => {
    await world.client.addMember({ params: { id: 'second' }, body: { kind: 'list', name: 'on-call' } })
    const { page, complaints } = await world.open(ADMINISTRATOR, '/access-lists/second')
    await page.getByRole('tab', { name: 'What it is and gives' }).click()
    await page.getByRole('button', { name: 'Lists in On-call' }).click()
    await page.getByText('No list is in it.').waitFor()
    await page.getByRole('main').getByRole('link', { name: 'On-call' }).first().click()
    await page.getByRole('heading', { name: 'On-call', level: 1 }).waitFor()
    expect(complaints).toEqual([])
  })

  it('is told on the first page of a secret that runs out', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/account')
    await page.route(/\/v1\/organizations\/[^/]+\/status/, async (route) => {
      const response = await route.fetch()
      const scimToken = { endsBy: new Date(Date.now() + 20 * DAY_MS).toISOString(), givenAt: new Date().toISOString() }
      await route.fulfill({ response, json: { ...((await response.json()) as object), scimToken } }) // as the contract has it
    })
    await page.goto(world.server.url)
    await page.getByRole('link', { name: /^The SCIM token of .* ends$/ }).click()
    await page.waitForURL(/tab=settings/)
    expect(complaints).toEqual([])
  })
})
