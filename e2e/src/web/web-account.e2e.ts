import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { fillSignIn } from '../harness/browser.ts'
import { type AccountWorld, ADMINISTRATOR, PASSWORD, startAccountWorld } from './account-world.ts'
import { expectNoViolations, expectToFit } from './expect-to-fit.ts'
import { inBrowser } from './in-browser.ts'
import { findAxeViolations } from './web-world.ts'

const NEW_PASSWORD = 'another horse battery staple'
/** 320 pixels are a laptop at four hundred per cent. */
const LOOKS = [
  ['light', 1280],
  ['dark', 1280],
  ['dark', 320],
  ['light', 320],
] as const

describe('one’s own account', { timeout: 60_000 }, () => {
  let world: AccountWorld
  inBrowser(async (browserName) => {
    world = await startAccountWorld(browserName)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  const open = async (path: string) => {
    const opened = await world.window()
    await opened.page.goto(world.server.url + path)
    await fillSignIn(opened.page, { user: ADMINISTRATOR, password: PASSWORD })
    await opened.page.waitForURL(world.server.url + path)
    return opened
  }
  const signInElsewhere = () => world.server.signIn(ADMINISTRATOR, PASSWORD)
  const rows = (page: Page, title: string) => page.getByRole('table', { name: title }).getByRole('row')

  it('begins at a sign-in page that says where the link is, and ends on the first page', async () => {
    const { page, complaints } = await world.window()
    await page.goto(world.server.url)
    await page.getByRole('heading', { name: 'Nobody has a password here yet' }).waitFor()
    expect(await findAxeViolations(page)).toEqual([])
    await page.goto(world.server.url + (world.server.bootstrapLink() ?? ''))
    await page.getByLabel('New password').fill(PASSWORD)
    await page.getByLabel('The same again').fill(PASSWORD)
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByText('The first page then shows what is left to set up.').waitFor()
    expect(await findAxeViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Go to sign in' }).click()
    expect(await page.getByText('Nobody has a password here yet').count()).toBe(0)
    await fillSignIn(page, { user: ADMINISTRATOR, password: PASSWORD })
    await page.getByRole('link', { name: 'Home', exact: true }).waitFor()
    expect(complaints).toEqual([])
  })

  it('is reached from the menu and the palette, and shows where one is signed in', async () => {
    const [first, second] = [await signInElsewhere(), await signInElsewhere()]
    const { page, complaints } = await open('/')
    await page.getByRole('button', { name: `Account of ${ADMINISTRATOR}` }).click()
    await page.getByRole('menuitem', { name: 'Account' }).click()
    await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor()
    await page.goto(world.server.url)
    await page.getByRole('button', { name: /^Search or jump to/ }).click()
    await page.getByRole('textbox', { name: 'Search or jump to' }).fill('password')
    await page.getByRole('button', { name: /^Account: password/ }).click()
    await page.getByRole('row', { name: /Chrome on Linux.*this one/ }).waitFor()
    expect(await rows(page, 'Command lines').count()).toBe(3)
    await page
      .getByRole('button', { name: /^Sign out the command line/ })
      .first()
      .click()
    await page.getByText(/^Signed out: the command line/).waitFor()
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Where you are signed in')
    const outcomes = await Promise.allSettled([first.getMe(), second.getMe()])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await page.getByRole('button', { name: 'Sign out all others' }).click()
    await page.getByRole('dialog').getByText('has to sign in again').waitFor()
    await expectNoViolations(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out all others' }).click()
    await page.getByText('No command line is signed in.').waitFor()
    await expect(Promise.any([first.getMe(), second.getMe()])).rejects.toBeDefined()
    expect(complaints).toEqual([])
  })

  it('changes the password, says what is wrong beside its field, and ends all other sessions', async () => {
    const elsewhere = await signInElsewhere()
    const { page, complaints } = await open('/account')
    const [present, fresh, again] = ['Present password', 'New password', 'The new one again'].map((label) =>
      page.getByLabel(label),
    )
    if (!present || !fresh || !again) throw new Error('There are three fields.')
    await present.fill('wrong')
    await fresh.fill('short')
    await again.fill('other')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Enter 12 characters or more.').waitFor()
    await page.getByText('The two differ.').waitFor()
    await fresh.fill(NEW_PASSWORD)
    await again.fill(NEW_PASSWORD)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Enter your present password.').waitFor()
    expect(await present.getAttribute('aria-invalid')).toBe('true')
    await expectNoViolations(page)
    await present.fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('Your password is changed.').waitFor()
    expect(await present.inputValue()).toBe('')
    await expect(elsewhere.getMe()).rejects.toMatchObject({ status: 401 })
    const back = await world.server.signIn(ADMINISTRATOR, NEW_PASSWORD)
    await back.changePassword({ body: { current: NEW_PASSWORD, password: PASSWORD } })
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([])
  })

  it('keeps colours and the form of dates in this browser', async () => {
    const { page, complaints } = await open('/account')
    await page.getByText('Dark', { exact: true }).click()
    await page.getByLabel('Language of dates').selectOption('de')
    await page.getByText('24 hours', { exact: true }).click()
    await page.reload()
    await page.getByText('this one').waitFor()
    expect(await page.evaluate('document.documentElement.dataset.mantineColorScheme')).toBe('dark')
    expect(await page.getByLabel('Language of dates').inputValue()).toBe('de')
    expect(await page.getByText('Now is').textContent()).toMatch(/^Now is \d\d\.\d\d\.\d{4}, \d\d:\d\d:\d\d \S+\.$/)
    await page.getByRole('table', { name: 'Browsers' }).getByRole('time').first().focus()
    await page
      .getByRole('tooltip')
      .getByText(/^\d\d\.\d\d\.\d{4}, \d\d:/)
      .waitFor()
    await page.getByText('As the system').click()
    await page.waitForFunction('document.documentElement.dataset.mantineColorScheme === "light"')
    expect(complaints).toEqual([])
  })

  it('signs a command line in by keyboard alone, once one has compared the code', async () => {
    const login = await world.startLogin()
    const { page, complaints } = await world.window()
    await page.goto(`${world.server.url}/device`)
    await page.getByLabel('User name').focus()
    await page.keyboard.type(ADMINISTRATOR)
    await page.keyboard.press('Tab')
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await page.locator('#code:focus').waitFor()
    await page.keyboard.type(login.code.toLowerCase())
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Is this your terminal?' }).waitFor()
    await page.getByText(login.code, { exact: true }).waitFor()
    expect(await findAxeViolations(page)).toEqual([])
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'The command line is signed in' }).waitFor()
    expect(await findAxeViolations(page)).toEqual([])
    expect(await login.ended, login.said()).toBe(0)
    expect(login.said()).toContain(ADMINISTRATOR)
    await page.getByRole('link', { name: 'See where you are signed in' }).click()
    await rows(page, 'Command lines').nth(1).waitFor()
    expect(complaints).toEqual([])
  })

  it('says of a wrong code what to do, and lets it be typed again', async () => {
    const { page } = await open('/device')
    await page.getByLabel('Code in the terminal').fill('bcdf-ghjk')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('No command line waits under this code.').waitFor()
    expect(await page.getByLabel('Code in the terminal').inputValue()).toBe('bcdf-ghjk')
    expect(await findAxeViolations(page)).toEqual([])
  })

  it('has nothing for axe to complain of in either scheme, wide and narrow, and fits the screen', async () => {
    const { page, complaints } = await open('/account')
    for (const [colorScheme, width] of LOOKS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      for (const path of ['/account', '/device']) await expectToFit(page, world, path)
      const asked = await world.server.client().askForDeviceCode({ body: { machine: 'x'.repeat(64) } })
      await page.getByLabel('Code in the terminal').fill(asked.userCode)
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByText('as it says').waitFor()
      expect(await findAxeViolations(page)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      await page.getByRole('button', { name: 'Refuse' }).click()
      await page.getByRole('heading', { name: 'Refused' }).waitFor()
      const { deviceCode } = asked
      expect(await world.server.client().redeemDeviceCode({ body: { deviceCode } })).toEqual({ state: 'refused' })
    }
    expect(complaints).toEqual([])
  })
})
