import { afterAll, describe, expect, it } from 'vitest'
import { waitFor } from '../harness/wait-for.ts'
import { expectNoViolations } from './expect-to-fit.ts'
import { inBrowser } from './in-browser.ts'
import { tabTo } from './keyboard.ts'
import { lookAt } from './look-at.ts'
import { ADMINISTRATOR, ENGINEER, REVIEWER, startWebWorld, type WebWorld } from './web-world.ts'

const CART = 60
/** As long as a reason may be, with markup, a script that runs from right to left, and pictures made of several characters. */
const REASON = `<img src=x onerror="document.title='owned'"> مرحبا 👩‍💻 `.padEnd(4_000, 'very long ')

describe('asking for access', { timeout: 90_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName, { seed: 'generated:64x2x1x1xall' })
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('goes by keyboard alone, from the first page to the request', async () => {
    const { page, complaints } = await world.open(ENGINEER, '/')
    await page.getByRole('heading', { name: 'Waiting for you' }).waitFor()
    // The palette comes a moment after the page.
    await waitFor('the palette', async () => {
      await page.keyboard.press('/')
      return (await page.getByRole('dialog').isVisible()) || undefined
    })
    await page.keyboard.type('account-0003')
    await page.getByRole('button', { name: /^account-0003/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/resources\?search=/)
    const box = page.getByRole('checkbox', { name: /^Ask for Set0000 on account-0003/ })
    await box.waitFor()
    for (let tabs = 0; tabs < 80 && (await box.and(page.locator(':focus')).count()) === 0; tabs++)
      await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    expect(await box.isChecked()).toBe(true)
    await tabTo(page, 'Request access to 1')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Why do you need it?')
    await page.keyboard.type('INC-7')
    await page.getByRole('heading', { name: 'Who has to agree' }).waitFor()
    await tabTo(page, 'Request access')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/requests\/[0-9a-f-]{36}$/)
    await page.getByText('INC-7').waitFor()
    expect(complaints).toEqual([])
  })

  it(`shows ${CART} rows and a reason that means harm harmlessly, to whoever asks and to whoever approves`, async () => {
    const { page, complaints } = await world.open(ENGINEER, '/resources?requestable=true&search=Set0001')
    await page.getByText('63 accounts', { exact: true }).waitFor()
    const open = page.getByRole('checkbox', { name: /^Ask for Set0001 on/, checked: false }).first()
    // Only what is in sight is drawn.
    for (let ticked = 0; ticked < CART;) {
      if ((await open.count()) > 0) {
        await open.click()
        ticked++
        await page.getByRole('button', { name: `Request access to ${ticked}`, exact: true }).waitFor()
      } else await page.mouse.wheel(0, 400)
    }
    await page.getByRole('button', { name: `Request access to ${CART}` }).click()
    await page.getByLabel('Why do you need it?').fill(REASON)
    await page.getByLabel('For how long').fill('2h')
    await page.getByRole('heading', { name: 'Who has to agree' }).waitFor()
    await lookAt(page, 'cart')
    await page.getByRole('button', { name: 'Request access', exact: true }).click()
    await page.waitForURL(/\/requests\/[0-9a-f-]{36}$/)
    await lookAt(page, 'request-mine')
    const reviewer = await world.open(REVIEWER, new URL(page.url()).pathname)
    await reviewer.page.getByRole('heading', { name: 'What it allows, as AWS says now' }).waitFor()
    await lookAt(reviewer.page, 'request-to-review')
    expect(await reviewer.page.title()).not.toContain('owned')
    expect(await reviewer.page.locator('img[src="x"]').count()).toBe(0)
    await reviewer.page.getByLabel('Why').fill('on call')
    await reviewer.page.getByRole('button', { name: 'Approve request' }).click()
    await page.getByRole('button', { name: 'End access now' }).click()
    await lookAt(page, 'request-end', 'brief')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Prolong access' }).click()
    await page.getByLabel('How much longer').waitFor()
    await lookAt(page, 'request-prolong', 'brief')
    expect([...complaints, ...reviewer.complaints]).toEqual([])
  })

  it('is for roles, for bundles and for good, and says when roles need a request of their own', async () => {
    const { accounts, permissionSets } = await world.sandbox.control.world()
    const [assignment, account] = [permissionSets[0]?.arn, accounts[1]?.id]
    const role = (name: string, allow: string) =>
      `kind: role\nversion: v8\nmetadata: {name: ${name}}\nspec: {allow: ${allow}}`
    const text = [
      role('incident-response', `{account_assignments: [{account: "${account}", permission_set: "${assignment}"}]}`),
      role('pages', '{request: {roles: [incident-response]}}'),
      `kind: bundle\nversion: v1\nmetadata: {name: web, description: What the web team looks at}\nspec: {title: Web team, accounts: [{id: "${account}"}], permission_sets: [${permissionSets[0]?.name}]}`,
      `kind: access_list\nversion: v1\nmetadata: {name: pagers}\nspec: {title: Pagers, owners: [{name: ${REVIEWER}}], members: [{name: ${ENGINEER}}], grants: {roles: [pages]}}`,
      `kind: access_list\nversion: v1\nmetadata: {name: lasting}\nspec: {title: Lasting, owners: [{name: ${REVIEWER}}], grants: {roles: [incident-response]}}`,
    ].join('\n---\n')
    await world.client.applyDocuments({ body: { text, mode: 'create' } })
    const { page, complaints } = await world.open(ENGINEER, '/resources')
    await page.getByRole('switch', { name: 'Show requestable resources' }).click()
    const section = page.getByRole('region', { name: 'Roles and bundles' })
    await section.getByRole('checkbox', { name: 'incident-response' }).check()
    await section.getByRole('checkbox', { name: 'Web team' }).check()
    await section.getByText('Bundle of 1 permission set on an account. What the web team looks at').waitFor()
    await lookAt(page, 'roles-and-bundles')
    await page.getByRole('button', { name: 'Request access to 2' }).click()
    const cart = page.getByRole('dialog', { name: 'Request access' })
    await cart.getByText('These are two requests').waitFor()
    expect(await cart.getByRole('button', { name: 'Request access', exact: true }).isDisabled()).toBe(true)
    await lookAt(page, 'cart-two-requests', 'brief')
    await cart.getByRole('button', { name: 'Keep the rest' }).click()
    await cart.getByText('Your roles allow').waitFor()
    await cart.getByLabel('For how long').fill('90m')
    await cart.getByText('It would last 1 h 30 min.').waitFor()
    await cart.getByLabel('For good').check()
    await cart.getByText('You would become a member of "Lasting"').waitFor()
    await lookAt(page, 'cart-for-good', 'brief')
    await cart.getByLabel('Why do you need it?').fill('INC-9')
    await cart.getByRole('button', { name: 'Request access', exact: true }).click()
    await page.waitForURL(/\/requests\/[0-9a-f-]{36}$/)
    const requestAt = (url: string) => world.client.getAccessRequest({ params: { id: url.slice(-36) } })
    expect(await requestAt(page.url())).toMatchObject({ bundles: ['web'], longTerm: { canProceed: true } })
    await page.goto(new URL('/resources?requestable=true&search=incident', page.url()).href)
    await section.getByRole('checkbox', { name: 'incident-response' }).check()
    await page.getByRole('button', { name: 'Request access to 1' }).click()
    await cart.getByText('Role incident-response').waitFor()
    expect(await cart.getByLabel('For good').count()).toBe(0)
    await cart.getByLabel('Why do you need it?').fill('INC-9')
    await cart.getByRole('heading', { name: 'Who has to agree' }).waitFor()
    await cart.getByRole('button', { name: 'Request access', exact: true }).click()
    await page.waitForURL(/\/requests\/[0-9a-f-]{36}$/)
    expect(await requestAt(page.url())).toMatchObject({ roles: ['incident-response'], resources: [] })
    expect(complaints).toEqual([])
  })

  it('calls what is approved and denied by its names, and says who ended it and what AWS confirmed of it', async () => {
    const engineer = await world.signIn(ENGINEER)
    const { items } = await engineer.listResources({ query: { requestable: true, search: 'account-0063' } })
    const [account] = items
    const [kept, left] = account?.permissionSets ?? []
    if (!account || !kept || !left) throw new Error('There are no two permission sets to ask for.')
    const { id } = await engineer.createAccessRequest({
      body: { resources: [kept.resourceId, left.resourceId], reason: 'INC-10' },
    })
    const nameOf = ({ name }: { readonly name: string }) => `${name} on ${account.accountName} (${account.account})`
    const reviewer = await world.open(REVIEWER, `/requests/${id}`)
    await reviewer.page.getByText('Nothing else in the accounts of this request.').waitFor()
    await reviewer.page.getByRole('checkbox', { name: nameOf(left) }).uncheck()
    await lookAt(reviewer.page, 'request-in-part', 'brief')
    await reviewer.page.getByRole('button', { name: 'Approve 1 of 2' }).click()
    await reviewer.page.getByText(`Not approved: ${nameOf(left)}`).waitFor()
    await reviewer.page.getByText(/ approved 1 row$/).waitFor()
    const { page, complaints } = await world.open(ENGINEER, `/requests/${id}`)
    const confirmed = page.getByText(`AWS confirmed ${kept.name} on ${account.accountName}`, { exact: true })
    await confirmed.waitFor()
    const second = await engineer.createAccessRequest({ body: { resources: [left.resourceId], reason: 'INC-11' } })
    await reviewer.page.goto(new URL(`/requests/${second.id}`, page.url()).href)
    const held = reviewer.page.getByRole('region', { name: 'Other access in these accounts' })
    await held.getByText('confirmed by AWS').waitFor()
    expect(await held.innerText()).toContain(kept.name)
    await lookAt(reviewer.page, 'request-held')
    await page.getByRole('button', { name: 'End access now' }).click()
    await page.getByRole('button', { name: 'End the access' }).click()
    await page.getByText(`The access was ended by ${ENGINEER}`).waitFor()
    await page.getByText(`AWS confirmed that ${kept.name} on ${account.accountName} is gone`).waitFor()
    expect(await confirmed.count()).toBe(1)
    expect(await page.getByRole('button', { name: /its roles$/ }).count()).toBe(0)
    expect(await page.locator('dl').getByText(/ left/).count()).toBe(0)
    await page.getByText('ended', { exact: true }).first().waitFor()
    await lookAt(page, 'request-ended')
    expect([...complaints, ...reviewer.complaints]).toEqual([])
  })

  it('is looked for by account in the palette, which leads who may look it up to who has access', async () => {
    const { page } = await world.open(ENGINEER, '/resources?requestable=true')
    await page.getByText('63 accounts', { exact: true }).waitFor()
    const search = async (on: typeof page, text: string) => {
      await waitFor('the palette', async () => {
        await on.keyboard.press('/')
        return (await on.getByRole('dialog').isVisible()) || undefined
      })
      await on.getByRole('textbox', { name: 'Search or jump to' }).fill(text)
    }
    await search(page, 'account-0004')
    await page.getByRole('button', { name: /^account-0004/ }).click()
    await page.getByText('1 account', { exact: true }).waitFor()
    expect(await page.getByRole('textbox', { name: /^Search accounts/ }).inputValue()).toMatch(/^\d{12}$/)
    const admin = await world.open(ADMINISTRATOR, '/roles')
    await admin.page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
    await search(admin.page, 'account-0004')
    await admin.page.getByRole('button', { name: /^Who has access to account-0004/ }).click()
    await admin.page.waitForURL(/\/explorer\?.*account=/)
    expect(new URL(admin.page.url()).searchParams.get('tab')).toBe('who-can')
  })

  it('says beside each permission set why signing in is refused, once, in place of leading there', async () => {
    const { accounts, permissionSets } = await world.sandbox.control.world()
    const [name, account] = ['dana@acme.example', accounts[2]]
    const role = `kind: role
version: v7
metadata: {name: kept-out}
spec:
  options: {idp: {saml: {enabled: false}}}
  allow: {account_assignments: [{account: "${account?.id}", permission_set: "${permissionSets[0]?.arn}"}]}`
    await world.client.applyDocuments({ body: { text: role, mode: 'create' } })
    await world.invite(name, ['kept-out', 'access'])
    const { page, complaints } = await world.open(name, '/resources')
    const denial = page.getByText('Role "kept-out" switches signing in to applications off', { exact: false })
    await page.getByRole('list').getByText('you have it').waitFor()
    // The tile, and the permission set.
    await expect.poll(() => denial.count()).toBe(2)
    expect(await page.getByRole('link', { name: /Log In/ }).count()).toBe(0)
    await lookAt(page, 'resources-refused')
    expect(complaints).toEqual([])
  })

  it('is answered with membership only after a question that says what else the list gives', async () => {
    const rights = (name: string, allow: string) =>
      `kind: role\nversion: v8\nmetadata: {name: ${name}}\nspec: {allow: ${allow}}`
    const list = (title: string, { member, gives }: { member?: string; gives: string }) =>
      `kind: access_list\nversion: v1\nmetadata: {name: ${title}}\nspec: {title: ${title}, owners: [{name: ${REVIEWER}}], members: [${member === undefined ? '' : `{name: ${member}}`}], grants: {roles: [${gives}]}}`
    const { accounts, permissionSets } = await world.sandbox.control.world()
    const assigns = (index: number) =>
      `{account_assignments: [{account: "${accounts[index]?.id}", permission_set: "${permissionSets[0]?.arn}"}]}`
    const text = [
      rights('wanted', assigns(1)),
      rights('besides', assigns(2)),
      rights('asks', '{request: {roles: [wanted]}}'),
      rights('judges', '{review_requests: {roles: [wanted]}}'),
      list('Asking', { member: ENGINEER, gives: 'asks' }),
      list('Judging', { member: REVIEWER, gives: 'judges' }),
      list('Standing', { gives: 'wanted, besides' }),
    ].join('\n---\n')
    await world.client.applyDocuments({ body: { text, mode: 'create' } })
    const engineer = await world.signIn(ENGINEER)
    const { id } = await engineer.createAccessRequest({ body: { roles: ['wanted'], reason: 'INC-8' } })
    const { page, complaints } = await world.open(REVIEWER, `/requests/${id}`)
    await page.getByRole('button', { name: 'Make a member' }).click()
    await page.getByRole('menuitem', { name: 'Standing' }).waitFor()
    await expectNoViolations(page)
    await page.getByRole('menuitem', { name: 'Standing' }).click()
    const dialog = page.getByRole('dialog', { name: `Make ${ENGINEER} a member of "Standing"?` })
    await dialog.getByText('Its members have the roles wanted, besides.').waitFor()
    await expect.poll(() => dialog.innerText()).toContain('2 gained, 0 lost.')
    await lookAt(page, 'request-promote', 'brief')
    await dialog.getByLabel('Until the end of').fill('2099-12-31')
    await dialog.getByLabel('Why').fill('joins the team')
    await dialog.getByRole('button', { name: 'Make a member' }).click()
    await dialog.waitFor({ state: 'detached' })
    const { items } = await world.client.listMembers({ params: { id: 'Standing' } })
    expect(items).toMatchObject([{ name: ENGINEER, reason: 'joins the team', expires: expect.any(String) }])
    expect(complaints).toEqual([])
  })
})
