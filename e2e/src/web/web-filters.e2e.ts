import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { ORGANIZATION } from '../harness/enrol.ts'
import { expectNoViolations } from './expect-to-fit.ts'
import { govern } from './govern-scene.ts'
import { inBrowser } from './in-browser.ts'
import { lookAt } from './look-at.ts'
import { ADMINISTRATOR, ENGINEER, startWebWorld, type WebWorld } from './web-world.ts'

describe('what is shown and what not', { timeout: 60_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
    await govern(world.client)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  const filtersOf = (page: Page) => page.getByRole('group', { name: 'Filters' })

  it('reads as a sentence whose parts are taken out by pointer and by keys; going back brings them back', async () => {
    const { page, complaints } = await world.open(
      ADMINISTRATOR,
      '/access-lists/on-call?search=000&kind=user&sort=-joined',
    )
    const filters = filtersOf(page)
    await page.getByText('3 members', { exact: true }).waitFor()
    expect((await filters.innerText()).replaceAll(/\s+/g, ' ')).toBe('where name holds 000 and kind is People Clear')
    await expectNoViolations(page)
    await lookAt(page, 'filters', 'brief')
    await filters.getByRole('button', { name: 'Remove the filter: name holds 000' }).click()
    await page.waitForURL((url) => !url.search.includes('search') && url.search.includes('kind=user'))
    expect(await page.getByRole('searchbox').inputValue()).toBe('')
    const kind = filters.getByRole('button', { name: 'Remove the filter: kind is People' })
    await expect.poll(() => kind.evaluate((button) => button.matches(':focus'))).toBe(true)
    await page.keyboard.press('Delete')
    await page.waitForURL((url) => url.search === '?sort=-joined')
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('main')
    expect(await filters.count()).toBe(0)
    await page.goBack()
    await kind.waitFor()
    await page.goBack()
    await filters.getByRole('button', { name: 'Clear' }).click()
    await page.waitForURL((url) => url.search === '?sort=-joined')
    expect(complaints).toEqual([])
  })

  it('stands in the address, on every page that has filters', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/users?search=ana')
    for (const [path, sentence] of [
      ['/users?search=ana', 'where name holds ana Clear'],
      ['/access-lists?search=crowd', 'where title or description holds crowd Clear'],
      ['/roles?search=reader', 'where name holds reader Clear'],
      ['/requests?show=all&state=pending', 'where state is pending Clear'],
      ['/audit?user=eva&subject=role:on-call', 'Events where who is eva and it is about role:on-call Clear'],
      [`/explorer?user=${ENGINEER}`, `Access where the person is ${ENGINEER} Clear`],
      ['/explorer?tab=who-can&account=account-0001', 'People where the account is account-0001 Clear'],
      ['/resources?requestable=true&search=Set0001', 'where name, id or permission set holds Set0001 Clear'],
    ] as const) {
      await page.goto(world.server.url + path)
      const filters = filtersOf(page)
      await filters.waitFor()
      expect((await filters.innerText()).replaceAll(/\s+/g, ' '), path).toBe(sentence)
      await expectNoViolations(page)
      await filters.getByRole('button', { name: 'Clear' }).click()
      await filters.waitFor({ state: 'detached' })
      await page.goBack()
      await filters.waitFor()
    }
  })

  it('says times as the reader has dates written, and the address as the contract has them', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/account')
    await page.getByLabel('Language of dates').selectOption('de')
    await page.goto(`${world.server.url}/audit?from=2026-01-31T08:30:00Z&to=soon`)
    const filters = filtersOf(page)
    await filters.waitFor()
    const german = await page.evaluate(
      'new Intl.DateTimeFormat("de", { dateStyle: "medium", timeStyle: "long" }).format(new Date("2026-01-31T08:30:00Z"))',
    )
    expect(german).toContain('31.01.2026')
    // What is no time is said as it is.
    expect((await filters.innerText()).replaceAll(/\s+/g, ' ')).toBe(
      `Events where it was at or after ${String(german)} and it was before soon Clear`,
    )
    expect(await filters.locator('[lang="de"]').innerText()).toBe(german)
    await expectNoViolations(page)
    await lookAt(page, 'filters-times', 'brief')
    await filters.getByRole('button', { name: `Remove the filter: it was before soon` }).click()
    await page.waitForURL(
      (url) => url.searchParams.get('from') === '2026-01-31T08:30:00Z' && !url.searchParams.has('to'),
    )
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([])
  })

  it('has the look of the explorer and the open drawer in the address, and going back shuts it', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/explorer?user=person-0000@acme.example')
    await page.getByRole('radiogroup', { name: 'How to show it' }).getByText('Table').click()
    await page.waitForURL(/look=table/)
    await page.getByRole('region', { name: 'Ways to the access' }).waitFor()
    await page.goBack()
    await page.getByRole('region', { name: 'Ways to the access' }).waitFor({ state: 'detached' })

    const { page: engineer } = await world.open(ENGINEER, '/resources?requestable=true')
    await engineer
      .getByRole('checkbox', { name: /^Ask for Set0001 on/ })
      .first()
      .check()
    await engineer.getByRole('button', { name: 'Request access to 1' }).click()
    await engineer.waitForURL(/cart=true/)
    await engineer.getByRole('dialog', { name: 'Request access' }).waitFor()
    await engineer.reload()
    await engineer.getByRole('dialog', { name: 'Request access' }).waitFor()
    await engineer.goBack()
    await engineer.getByRole('dialog').waitFor({ state: 'detached' })
    await engineer.getByRole('button', { name: 'Request access to 1' }).waitFor()
  })

  it('of an organization stands in the address too: which accounts, of whose plan, and whose calls', async () => {
    const path = `/organizations/${ORGANIZATION}`
    const { page, complaints } = await world.open(ADMINISTRATOR, `${path}?tab=plan`)
    const accounts = page.getByRole('searchbox', { name: 'Only on AWS accounts called' })
    await accounts.fill('account-0001')
    await page.waitForURL(`**${path}?tab=plan&account=account-0001`)
    await page.getByText('Shown are assignments on these accounts.').waitFor()
    await lookAt(page, 'plan-of-accounts', 'brief')

    await page.getByRole('tab', { name: 'Settings' }).click()
    const side = page.getByRole('radiogroup', { name: 'By the filter' })
    const named = page.getByRole('searchbox', { name: 'Search by name or id' })
    await side.getByText('Outside').click()
    await named.fill('0001')
    await page.waitForURL(`**${path}?tab=settings&show=outside&search=0001`)
    await page.getByText('No account fits.').waitFor()
    await lookAt(page, 'accounts-outside', 'brief')
    await page.setViewportSize({ width: 1280, height: 400 })

    await page.getByRole('tab', { name: 'Status' }).click()
    const service = page.getByLabel('Service')
    await service.scrollIntoViewIfNeeded()
    const scrolled = await page.evaluate('scrollY')
    await service.selectOption('SCIM')
    await page.waitForURL(`**${path}?service=scim`)
    await page.getByText('limit 25/s').waitFor()
    expect(scrolled).toBeGreaterThan(0)
    expect(await page.evaluate('scrollY'), 'the chart stays under the pointer').toBe(scrolled)
    await page.reload()
    await page.getByText('limit 25/s').waitFor()
    expect(await service.inputValue()).toBe('scim')

    for (const wanted of [path, `${path}?tab=settings&show=outside&search=0001`]) {
      await page.goBack()
      await page.waitForURL(`**${wanted}`)
    }
    await page.reload()
    expect(await named.inputValue()).toBe('0001')
    expect(await side.getByRole('radio', { name: 'Outside' }).isChecked()).toBe(true)
    await page.goBack()
    await expect.poll(() => side.getByRole('radio', { name: 'All' }).isChecked()).toBe(true)
    await page.goBack()
    await page.waitForURL(`**${path}?tab=plan&account=account-0001`)
    await page.reload()
    expect(await accounts.inputValue()).toBe('account-0001')
    await page.getByText('Shown are assignments on these accounts.').waitFor()
    await page.goto(`${world.server.url}${path}?service=nonsense`)
    expect(await service.inputValue()).toBe('sso-admin')
    await page.goto(`${world.server.url}${path}?tab=plan&account=${'x'.repeat(257)}`)
    await page.getByText('Enter at most 256 characters.').waitFor()
    await accounts.fill('account-0001')
    await page.getByText('Shown are assignments on these accounts.').waitFor()
    expect(await accounts.evaluate((field) => field.matches(':focus'))).toBe(true)
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([])
  })
})
