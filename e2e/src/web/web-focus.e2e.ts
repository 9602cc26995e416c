import type { Locator, Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { govern } from './govern-scene.ts'
import { inBrowser } from './in-browser.ts'
import { placeOfFocus } from './keyboard.ts'
import { picture } from './look-at.ts'
import { ADMINISTRATOR, ENGINEER, REVIEWER, startWebWorld, type WebWorld } from './web-world.ts'

/** Whatever still comes after an action, such as what the server says of it, has come by then. */
const SETTLED_MS = 500

/** Where the keys are after an action, and that they stay there. */
async function expectFocus(page: Page, place: RegExp): Promise<void> {
  await expect.poll(() => placeOfFocus(page), { timeout: 10_000 }).toMatch(place)
  await page.waitForTimeout(SETTLED_MS)
  expect(await placeOfFocus(page)).toMatch(place)
}

/** As somebody does who has no mouse. */
const press = (button: Locator): Promise<void> => button.press('Enter')

describe('the focus, by keyboard alone', { timeout: 60_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
    await govern(world.client)
    const role = { kind: 'role', version: 'v8', metadata: { name: 'spare' }, spec: {} }
    await world.client.applyDocuments({ body: { mode: 'create', text: JSON.stringify(role) } })
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true })

  it('goes to the next member of a list when one is removed, and stays there when he is added again', async () => {
    const { page, complaints } = await world.open(REVIEWER, '/access-lists/on-call')
    await press(button(page, 'Remove person-0001@acme.example'))
    await press(page.getByRole('dialog').getByRole('button', { name: 'Remove member' }))
    await button(page, 'Remove person-0001@acme.example').waitFor({ state: 'detached' })
    await expectFocus(page, /^input Choose person-0002/)
    await picture(page, 'focus-members')
    await press(button(page, 'Add again'))
    await button(page, 'Remove person-0001@acme.example').waitFor()
    await expectFocus(page, /^input Choose person-0002/)
    expect(complaints).toEqual([])
  })

  it('stays on a request that is approved, assumed, dropped and ended', async () => {
    const role = { kind: 'role', version: 'v8', metadata: { name: 'debug' }, spec: {} }
    const lists = [
      ['asking', ENGINEER, { request: { roles: ['debug'] } }],
      ['judging', REVIEWER, { review_requests: { roles: ['debug'] } }],
    ] as const
    const documents = lists.flatMap(([name, member, allow]) => [
      { kind: 'role', version: 'v8', metadata: { name }, spec: { allow } },
      {
        kind: 'access_list',
        version: 'v1',
        metadata: { name },
        spec: {
          title: name,
          owners: [{ name: ADMINISTRATOR }],
          members: [{ name: member }],
          grants: { roles: [name] },
        },
      },
    ])
    const text = [role, ...documents].map((document) => JSON.stringify(document)).join('\n---\n')
    await world.client.applyDocuments({ body: { mode: 'create', text } })
    const engineer = await world.signIn(ENGINEER)
    const ask = () => engineer.createAccessRequest({ body: { roles: ['debug'], reason: 'INC-9' } })
    const [approved, denied] = [await ask(), await ask()]

    const reviewer = (await world.open(REVIEWER, `/requests/${approved.id}`)).page
    await press(button(reviewer, 'Approve request'))
    await reviewer.getByText('approved', { exact: true }).first().waitFor()
    await expectFocus(reviewer, /^(h1|section|region) (?!$)/)
    await reviewer.goto(`${world.server.url}/requests/${denied.id}`)
    await press(button(reviewer, 'Deny request'))
    await reviewer.getByText('denied', { exact: true }).first().waitFor()
    await expectFocus(reviewer, /^(h1|section|region) (?!$)/)

    const { page, complaints } = await world.open(ENGINEER, `/requests/${approved.id}`)
    await press(button(page, 'Assume its roles'))
    await expectFocus(page, /^button Drop its roles/)
    await press(button(page, 'Drop its roles'))
    await expectFocus(page, /^button Assume its roles/)
    await press(button(page, 'End access now'))
    await expectFocus(page, /^(button|dialog|section) (?!$)/)
    await press(button(page, 'End the access'))
    await page.getByText('ended', { exact: true }).first().waitFor()
    await expectFocus(page, /^h1 /)
    expect(complaints).toEqual([])
  })

  it('goes to the heading of the page that a deletion, a link or a new thing leads to', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/roles/spare')
    await press(button(page, 'More'))
    await press(page.getByRole('menuitem', { name: 'Delete role' }))
    await press(page.getByRole('dialog').getByRole('button', { name: 'Delete role' }))
    await page.waitForURL(/\/roles$/)
    await expectFocus(page, /^h1 Roles/)
    await press(button(page, 'Put back'))
    await page.getByRole('link', { name: 'spare', exact: true }).waitFor()
    await expectFocus(page, /^h1 Roles/)
    await press(page.getByRole('link', { name: 'Users', exact: true }))
    await expectFocus(page, /^h1 Users/)
    await picture(page, 'focus-heading')
    // The way back is another page, too.
    await page.goBack()
    await expectFocus(page, /^h1 Roles/)
    await page.goto(`${world.server.url}/access-lists/second`)
    await press(button(page, 'More'))
    await press(page.getByRole('menuitem', { name: 'Delete list' }))
    await press(page.getByRole('dialog').getByRole('button', { name: 'Delete list' }))
    await expectFocus(page, /^h1 Access lists/)
    expect(complaints).toEqual([])
  })

  it('returns to what opened a dialog, through the steps of a lock', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/locks')
    await press(button(page, 'Create lock'))
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('User name').fill(ENGINEER)
    await page.keyboard.press('Enter')
    await dialog.getByText(/ lost/).waitFor()
    await expectFocus(page, /^(button|dialog|section|header) (?!$)/)
    await press(dialog.getByRole('button', { name: 'Create lock' }))
    await page.getByRole('row', { name: /^ana@acme.example/ }).waitFor()
    await expectFocus(page, /^button Create lock/)
    await press(button(page, 'Unlock again'))
    await page.getByText(`${ENGINEER} is not locked any more.`).waitFor()
    expect((await world.client.getUser({ params: { name: ENGINEER } })).locked).toBe(false)
    expect(complaints).toEqual([])
  })

  it('is not taken from whoever types elsewhere, nor given to whoever has let it go', async () => {
    const { page } = await world.open(REVIEWER, '/access-lists/on-call')
    const search = page.getByLabel('Search by name')
    await search.focus()
    await world.client.removeMember({ params: { id: 'on-call', member: 'person-0002@acme.example' } })
    await button(page, 'Remove person-0002@acme.example').waitFor({ state: 'detached' })
    await expectFocus(page, /^input /)
    await page.mouse.click(900, 40)
    expect(await placeOfFocus(page)).toMatch(/^nowhere|^main/)
    await world.client.addMember({ params: { id: 'on-call' }, body: { name: 'person-0002@acme.example' } })
    await button(page, 'Remove person-0002@acme.example').waitFor()
    await expectFocus(page, /^nowhere|^main/)
  })
})
