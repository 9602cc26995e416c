import type { Locator, Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { ORGANIZATION } from '../harness/enrol.ts'
import { expectNoViolations } from './expect-to-fit.ts'
import { govern } from './govern-scene.ts'
import { inBrowser } from './in-browser.ts'
import { lookAt } from './look-at.ts'
import { ADMINISTRATOR, ENGINEER, startWebWorld, type WebWorld } from './web-world.ts'

const EMPTY = 'It can’t be left empty.'
/** What the server refuses is answered by a status that the browser complains of by itself. */
const NOT_OURS = /Failed to load resource: (?:net::ERR_FAILED|.* (?:400|404|409|502))/

/** The field is marked, and says so to whoever can't see it. */
async function expectMarked(field: Locator, says: string | RegExp): Promise<void> {
  await expect.poll(() => field.getAttribute('aria-invalid'), { timeout: 5_000 }).toBe('true')
  const ids = (await field.getAttribute('aria-describedby'))?.split(' ') ?? []
  const error = ids.find((id) => id.endsWith('-error')) ?? 'no error line'
  const line = await field.page().locator(`[id="${error}"]`).innerText()
  expect(line).toMatch(says)
}

const isFocused = async (field: Locator): Promise<boolean> =>
  (await field.and(field.page().locator(':focus')).count()) === 1

describe('a form', { timeout: 60_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
    await govern(world.client)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  const ours = (complaints: readonly string[]) => complaints.filter((text) => !NOT_OURS.test(text))
  const button = (page: Page | Locator, name: string): Locator => page.getByRole('button', { name, exact: true })

  it('marks a field that is left empty, leads to the first bad one, and keeps what was typed', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/access-lists/new')
    const [title, owners] = [page.getByLabel('Title'), page.getByRole('combobox', { name: 'Owners', exact: true })]
    const description = page.getByLabel('Description')
    expect(await title.getAttribute('aria-invalid')).toBeNull()
    expect(await page.getByRole('combobox', { name: 'Reviewed' }).inputValue()).toBe('every six months')
    await title.focus()
    await page.keyboard.press('Tab')
    await expectMarked(title, EMPTY)
    // The line that comes does not take the button away from under the pointer.
    await page.reload()
    await title.focus()
    await button(page, 'Create list').click()
    await expectMarked(title, EMPTY)
    await expectMarked(owners, EMPTY)
    await expect.poll(() => isFocused(title)).toBe(true)
    await description.fill('Who answers the phone')
    await button(page, 'Create list').click()
    await expect.poll(() => isFocused(title)).toBe(true)
    await expectNoViolations(page)
    await lookAt(page, 'form-marked', 'brief')

    // Who is a user only the server knows.
    await title.fill('Phones')
    expect(await title.getAttribute('aria-invalid')).toBeNull()
    await owners.fill('nobody@acme.example')
    await page.keyboard.press('Enter')
    await button(page, 'Create list').click()
    await expectMarked(owners, /^There is no user "nobody@acme.example"/)
    await expect.poll(() => isFocused(owners)).toBe(true)
    expect(await description.inputValue()).toBe('Who answers the phone')
    await page.keyboard.press('Backspace')
    await owners.fill('bruno@acme.example')
    await page.keyboard.press('Enter')
    await expect.poll(() => owners.getAttribute('aria-invalid')).not.toBe('true')
    await button(page, 'Create list').click()
    await button(page.getByRole('dialog'), 'Create list').click()
    await page.getByText('The list "Phones" is saved.').waitFor()
    expect(ours(complaints)).toEqual([])
  })

  it('of a list sets what it asks for, who reviews it and what happens when nobody does', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/access-lists/second/edit')
    const field = (role: 'combobox' | 'textbox', name: string) => page.getByRole(role, { name, exact: true })
    const part = (title: string): Locator => page.locator('summary', { hasText: title })
    const [asks, overdue] = [part('What it asks for'), part('Reviewers and overdue reviews')]
    await field('combobox', 'Lists that own it').fill('On-c')
    await page.getByRole('option', { name: /^On-call/ }).click()
    await field('combobox', 'Lists that own it').press('Tab')
    // Known by its title, and not by its id.
    await page.locator('.mantine-Pill-root').getByText('On-call', { exact: true }).waitFor()
    await part('Descriptions of owners').focus()
    await page.keyboard.press('Enter')
    await field('textbox', 'On-call').fill('at night')
    const [type, notice] = [field('combobox', 'Type'), field('textbox', 'Shown to reviewers before that')]
    expect(await type.inputValue()).toBe('reviewed here')
    const nextReview = page.getByLabel('Next review')
    expect(await nextReview.inputValue()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/)
    await nextReview.fill('2031-02-03T04:05')
    await notice.fill('early')
    const roles = field('combobox', 'Roles that members must have')
    expect(await roles.isVisible()).toBe(false)
    await asks.focus()
    await page.keyboard.press('Enter')
    await roles.fill('acces')
    await page.getByRole('option', { name: 'access', exact: true }).waitFor()
    await roles.fill('nothing-like-it')
    await page.keyboard.press('Enter')
    await field('textbox', 'Traits that members must have').fill('team')
    await overdue.focus()
    await page.keyboard.press('Enter')
    await field('combobox', 'Reviewers needed').click()
    await page.getByRole('option', { name: '2', exact: true }).click()
    const [suspend, users] = [
      field('textbox', 'Overdue, it gives nothing after'),
      field('combobox', 'Users it goes to'),
    ]
    await suspend.fill('soon')
    await field('textbox', 'Overdue, it goes to others as well after').fill('7d')
    await button(page, 'Save list').click()
    await expectMarked(field('textbox', 'Traits that members must have'), /^Line 1 is not a name/)
    await expectMarked(users, EMPTY)
    await lookAt(page, 'form-list', 'all')

    await field('textbox', 'Traits that members must have').fill('team = web')
    await users.fill('bruno@acme.example')
    await page.keyboard.press('Enter')
    await button(page, 'Save list').click()
    await expectMarked(notice, /duration/)
    await expect.poll(() => isFocused(notice)).toBe(true)
    await notice.fill('7d')
    await button(page, 'Save list').click()
    await expectMarked(suspend, /duration/)
    await expect.poll(() => isFocused(suspend)).toBe(true)
    await suspend.fill('30d')
    // What is marked does not stay closed.
    await overdue.click()
    await button(page, 'Save list').click()
    await expectMarked(roles, /"nothing-like-it"/)
    await expect.poll(() => isFocused(roles)).toBe(true)
    await page.keyboard.press('Backspace')
    await roles.fill('access')
    await page.keyboard.press('Enter')
    await page.reload()
    await page.getByText('What you typed is kept in this browser until you save it.').waitFor()
    expect(await suspend.inputValue()).toBe('30d')
    const lists = field('combobox', 'Lists it goes to')
    await lists.fill('no-such-list')
    await page.keyboard.press('Enter')
    await button(page, 'Save list').click()
    await expectMarked(lists, /no-such-list/)
    await expect.poll(() => isFocused(lists)).toBe(true)
    await page.keyboard.press('Backspace')
    await button(page, 'Save list').click()
    await button(page.getByRole('dialog'), 'Save list').click()
    await page.getByText('The list "Second" is saved.').waitFor()
    const { spec } = await world.client.getDocument({ params: { kind: 'access_list', name: 'second' } })
    expect(spec).toMatchObject({
      title: 'Second',
      owners: [
        { name: 'bruno@acme.example' },
        { name: 'on-call', description: 'at night', membership_kind: 'MEMBERSHIP_KIND_LIST' },
      ],
      membership_requires: { roles: ['access'], traits: { team: ['web'] } },
      audit: {
        next_audit_date: expect.stringMatching(/^2031-02-0[234]T/),
        notifications: { start: '7d' },
        required_reviewers: 2,
        suspend_after: '30d',
        escalate_after: '7d',
        escalate_to: [{ name: 'bruno@acme.example' }],
      },
    })
    expect(ours(complaints)).toEqual([])
  })

  it('says of a duration, a time and a name what is wrong with it, in place of the contract’s words', async () => {
    const { page, complaints } = await world.open(ENGINEER, '/resources?requestable=true&search=Set0001')
    await page
      .getByRole('checkbox', { name: /^Ask for Set0001 on/ })
      .first()
      .check()
    await button(page, 'Request access to 1').click()
    const [lasts, begins] = [page.getByLabel('For how long'), page.getByLabel('Begins')]
    await lasts.fill('99y')
    await begins.fill('2020-01-01T09:00')
    await page.getByLabel('Why do you need it?').focus()
    await expectMarked(lasts, 'Enter a duration such as 90m, 8h or 4d.')
    await expectMarked(begins, 'It has gone by. Choose a later time.')
    await lasts.fill('15d')
    await button(page, 'Request access').click()
    await expectMarked(lasts, 'Enter a duration of at most 14 days.')
    await expect.poll(() => isFocused(lasts)).toBe(true)
    // The dry run does not say it once more.
    expect(await page.getByText(/body\.|max duration/i).count()).toBe(0)
    await lookAt(page, 'form-request', 'brief')
    await lasts.fill('2h')
    await begins.fill('')
    await button(page, 'Request access').click()
    await page.waitForURL(/\/requests\/[0-9a-f-]{36}$/)
    await button(page, 'Withdraw request').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw request' }).click()
    await page.waitForURL(/\/requests\?show=mine$/)
    expect(ours(complaints)).toEqual([])
  })

  it('marks the name that the server does not take: of a user, a member and a lock', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/users')
    const dialog = page.getByRole('dialog')
    await button(page, 'Create user').click()
    const name = dialog.getByLabel('User name')
    await button(dialog, 'Create user').click()
    await expectMarked(name, EMPTY)
    await name.fill(ENGINEER)
    await button(dialog, 'Create user').click()
    await expectMarked(name, /^There is a user "ana@acme.example" already\./)
    await expect.poll(() => isFocused(name)).toBe(true)
    await expectNoViolations(page)

    await page.goto(`${world.server.url}/access-lists/second`)
    await button(page, 'Add member').click()
    const person = dialog.getByRole('combobox', { name: 'User name' })
    await dialog.getByLabel('Until the end of').fill('2020-01-01')
    await button(dialog, 'Add member').click()
    await expectMarked(person, EMPTY)
    await expectMarked(dialog.getByLabel('Until the end of'), /gone by/)
    await dialog.getByLabel('Until the end of').fill('')
    await person.fill('nobody@acme.example')
    await button(dialog, 'Add member').click()
    await expectMarked(person, /no user "nobody@acme.example"/)

    await page.goto(`${world.server.url}/locks`)
    await button(page, 'Create lock').click()
    await dialog.getByLabel('Why').fill('lost laptop')
    await button(dialog, 'Create lock').click()
    await expectMarked(name, EMPTY)
    await name.fill('nobody@acme.example')
    await button(dialog, 'Create lock').click()
    // Its effect could not be shown: the form is back, as it was.
    await expectMarked(name, /nobody@acme.example/)
    expect(await dialog.getByLabel('Why').inputValue()).toBe('lost laptop')
    expect(ours(complaints)).toEqual([])
  })

  it('of settings takes no address that is none, and no empty limit', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, `/organizations/${ORGANIZATION}/edit`)
    const start = page.getByLabel('AWS access portal URL')
    const before = await start.inputValue()
    await start.fill('portal')
    await page.getByLabel('At least').fill('')
    await button(page, 'Show the effect').click()
    await expectMarked(start, /^Enter an https address/)
    await expectMarked(page.getByLabel('At least'), EMPTY)
    await expect.poll(() => isFocused(page.getByLabel('At least'))).toBe(true)
    await expectNoViolations(page)
    await start.fill(before)
    await expect.poll(() => start.getAttribute('aria-invalid')).toBeNull()
    await button(page, 'Begin anew').click()
    expect(ours(complaints)).toEqual([])
  })

  it('of a role marks what the server finds wrong in a field while it reads along', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/roles/new')
    const [name, longest] = [
      page.getByRole('textbox', { name: 'Name', exact: true }),
      page.getByLabel('Longest session'),
    ]
    await longest.fill('soon')
    await page.getByLabel('Description').focus()
    await expectMarked(longest, /duration/)
    await longest.fill('8h')
    await button(page, 'Add a permission set').click()
    await page.getByRole('combobox', { name: 'Account 1' }).fill('12345')
    await page.getByRole('combobox', { name: 'Permission set 1' }).focus()
    await expectMarked(page.getByRole('combobox', { name: 'Account 1' }), 'An account id has 12 digits.')
    await name.fill('')
    await button(page, 'Create role').click()
    await expectMarked(name, EMPTY)
    await expect.poll(() => isFocused(name)).toBe(true)
    expect(ours(complaints)).toEqual([])
  })

  it('of the audit log takes times in the zone of the viewer, and no range that ends before it begins', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/audit')
    const [from, before] = [page.getByLabel('From', { exact: true }), page.getByLabel('Before', { exact: true })]
    await from.fill('2026-01-02T08:00')
    await before.fill('2026-01-01T08:00')
    await button(page, 'Filter').click()
    await expectMarked(before, 'Choose a time after “From”.')
    await expect.poll(() => isFocused(before)).toBe(true)
    expect(new URL(page.url()).search).toBe('')
    await before.fill('2026-01-03T08:00')
    await button(page, 'Filter').click()
    await page.waitForURL(/from=/)
    const asked = await page.evaluate('new Date("2026-01-02T08:00").toISOString()')
    expect(new URL(page.url()).searchParams.get('from')).toContain(asked)
    // As somebody else wrote it, to the second.
    await page.goto(`${world.server.url}/audit?from=2026-01-02T08:00:30Z&to=2026-01-01T08:00:00Z`)
    await expectMarked(before, 'Choose a time after “From”.')
    await lookAt(page, 'audit-range', 'brief')
    await page.getByLabel('Who').fill('eva')
    await before.fill('')
    await button(page, 'Filter').click()
    await page.waitForURL(/user=eva/)
    expect(decodeURIComponent(page.url())).toContain('2026-01-02T08:00:30Z')
    expect(ours(complaints)).toEqual([])
  })

  it('of an enrolment says what is not chosen, what installing lacks and where it is given, and which role is taken', async () => {
    const params = { name: 'second' }
    await world.client.startEnrolment({ body: params })
    const path = '/organizations/second/enrolment'
    const { page, complaints } = await world.open(ADMINISTRATOR, `${path}/identity-source`)
    const source = page.getByRole('radio').first()
    const sources = page.getByRole('radiogroup', { name: 'Present identity source' })
    await source.focus()
    await page.keyboard.press('Tab')
    await expect.poll(() => source.getAttribute('aria-invalid')).toBe('true')
    await page.getByText('Choose one of them.').waitFor()
    expect(await sources.getAttribute('aria-describedby')).toMatch(/-error\b/)
    await expectNoViolations(page)
    await lookAt(page, 'form-identity-source', 'brief')
    // Whoever thinks better of it before it is saved has not overtaken himself.
    const held = Promise.withResolvers<undefined>()
    const saves = (url: URL): boolean => url.pathname === '/v1/enrolments/second'
    await page.route(saves, async (route) => {
      if (route.request().method() === 'POST') await held.promise
      await route.continue()
    })
    await page.getByRole('checkbox', { name: /hybrid/ }).check()
    await page.getByText('Choose one of them.').waitFor({ state: 'detached' })
    await page.getByRole('checkbox', { name: /hybrid/ }).uncheck()
    await page.getByText('Choose one of them.').waitFor()
    held.resolve(undefined)
    await source.check()
    await page.getByText('Choose one of them.').waitFor({ state: 'detached' })
    const given = async () => (await world.client.getEnrolment({ params })).given
    await expect.poll(given).toMatchObject({ hybrid: false, identitySource: 'identity-center' })
    await page.unroute(saves)
    // Nor does what could not be saved stand in the way of what is chosen after it.
    const lost = Promise.withResolvers<undefined>()
    await page.route(
      saves,
      async (route) => {
        await lost.promise
        await route.abort()
      },
      { times: 1 },
    )
    await page.getByRole('radio').nth(1).check()
    await page.getByRole('radio').nth(2).check()
    lost.resolve(undefined)
    await expect.poll(given).toMatchObject({ identitySource: 'active-directory' })

    // What a choice takes with it has been changed by nobody else for that.
    await world.client.editEnrolment({
      params,
      body: { groupFilter: [{ match: 'include', field: 'name', pattern: 'ops-*' }] },
    })
    await page.goto(`${world.server.url}${path}/preview`)
    await page.getByRole('checkbox', { name: /^Offer a role for every account/ }).uncheck()
    await expect.poll(given).toMatchObject({ rolesSyncMode: 'NONE' })
    expect(await given()).not.toHaveProperty('groupFilter')

    await page.goto(`${world.server.url}${path}/verify`)
    const later = page.getByRole('checkbox', { name: 'Leave the service provider for later' })
    await button(page, 'Install in shadow mode').click()
    const lacks = page.getByRole('alert').filter({ hasText: 'It can’t be installed yet' })
    await expect.poll(() => isFocused(lacks.getByRole('link', { name: '1. The AWS side' }))).toBe(true)
    await expectMarked(later, 'Give the metadata in step 3, or tick this.')
    await expectNoViolations(page)
    await lookAt(page, 'form-install', 'brief')
    await world.client.editEnrolment({
      params,
      body: {
        region: 'nowhere',
        instanceArn: world.sandbox.instanceArn,
        roleArn: 'arn:aws:iam::111122223333:role/GatehouseIdentityCenter',
        defaultOwners: [ADMINISTRATOR],
        scimUrl: world.sandbox.scimUrl,
        scimToken: world.sandbox.scimToken,
      },
    })
    await page.reload()
    await button(page, 'Install in shadow mode').click()
    await expect.poll(() => isFocused(later)).toBe(true)
    await later.check()
    await expect.poll(() => later.getAttribute('aria-invalid')).toBeNull()
    await button(page, 'Install in shadow mode').click()
    await page
      .getByRole('alert')
      .getByText(/"nowhere" is not valid/)
      .waitFor()
    await page.getByRole('link', { name: 'Change it: 1. The AWS side' }).click()
    await page.waitForURL(`**${path}/aws`)

    await page.goto(`${world.server.url}${path}/access`)
    const role = page.getByLabel('Name of the role')
    await role.fill('')
    await button(page, 'Make the role').click()
    await expectMarked(role, EMPTY)
    await role.fill('on-call')
    await button(page, 'Add a permission set').click()
    await button(page, 'Make the role').click()
    await expect.poll(() => isFocused(page.getByRole('combobox', { name: 'Permission set 1' }))).toBe(true)
    await button(page, 'Leave out row 1').click()
    await role.fill('access')
    await button(page, 'Make the role').click()
    await expectMarked(role, /"access"/)
    await expect.poll(() => isFocused(role)).toBe(true)
    expect(ours(complaints)).toEqual([])
  })
})
