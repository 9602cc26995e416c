import type { Locator, Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { waitFor } from '../harness/wait-for.ts'
import { expectNoViolations } from './expect-to-fit.ts'
import { govern, HOSTILE } from './govern-scene.ts'
import { inBrowser } from './in-browser.ts'
import { labelOfFocus, tabTo } from './keyboard.ts'
import { lookAt } from './look-at.ts'
import { ADMINISTRATOR, ENGINEER, findAxeViolations, REVIEWER, startWebWorld, type WebWorld } from './web-world.ts'

/** A document that can't be read yet is answered by 400, and the browser says so by itself. */
const NOT_OURS = /Failed to load resource: .* 4(?:00|12)/

describe('the pages for governing', { timeout: 60_000 }, () => {
  let world: WebWorld
  let systemRole: string
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
    systemRole = (await govern(world.client)).systemRole
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  const membersOf = async (id: string): Promise<readonly string[]> =>
    (await world.client.listMembers({ params: { id } })).items.map(({ name }) => name)

  it('add a member, say what a removal costs, and take it back', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/access-lists')
    await page.getByLabel('Search by title or description').fill('on-c')
    await page.waitForURL(/\?search=on-c$/)
    await page.getByText('1 list', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'On-call' }).click()
    await page.getByRole('button', { name: 'Add member' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'User name' }).fill(ENGINEER)
    await dialog.getByLabel('Until the end of').fill('2099-12-31')
    await dialog.getByLabel('Why').fill('rotation')
    await dialog.getByRole('button', { name: 'Add member' }).click()
    await page.getByRole('row', { name: /ana@acme.example/ }).waitFor()
    const [added] = (await world.client.listMembers({ params: { id: 'on-call' }, query: { search: ENGINEER } })).items
    expect(added).toMatchObject({ reason: 'rotation', expires: expect.stringMatching(/^2099-12-31|^2100-01-01/) })
    await page.getByRole('button', { name: 'Take out again' }).click()
    await page.getByText(`${ENGINEER} is out of "On-call" again.`).waitFor()
    expect(await membersOf('on-call')).not.toContain(ENGINEER)
    await world.client.addMember({ params: { id: 'on-call' }, body: { name: ENGINEER, reason: 'rotation' } })
    await page.getByRole('row', { name: /ana@acme.example/ }).waitFor()
    await page.getByRole('button', { name: 'Add member' }).click()
    await dialog.getByRole('combobox', { name: 'User name' }).fill(ENGINEER)
    await dialog.getByLabel('Why').fill('rotation, again')
    await dialog.getByRole('button', { name: 'Add member' }).click()
    await page.getByText(`${ENGINEER} was in "On-call" already. End and reason are the new ones.`).waitFor()
    expect(await page.getByRole('button', { name: 'Take out again' }).count()).toBe(0)

    // What AWS has not confirmed is not gone, and is not said to be.
    await page.getByRole('button', { name: 'Remove person-0001@acme.example' }).click()
    await dialog.getByText(/loses this in AWS within a few seconds/).waitFor()
    await dialog.getByText(/those already issued end by .*\d+[:.]\d\d.* at the latest/).waitFor()
    await dialog.getByText(/^Set0000 on /).waitFor()
    await expectNoViolations(page)
    await dialog.getByRole('button', { name: 'Remove member' }).click()
    await page.getByRole('button', { name: 'Add again' }).waitFor()
    expect(await membersOf('on-call')).not.toContain('person-0001@acme.example')
    await page.getByRole('button', { name: 'Add again' }).click()
    await page
      .getByText(`person-0001@acme.example is in "On-call" again, as of now and added by ${ADMINISTRATOR}.`)
      .waitFor()
    expect(await membersOf('on-call')).toContain('person-0001@acme.example')

    // Nobody can be given back a membership whose end has passed.
    const expires = new Date(Date.now() + 1_500).toISOString()
    await world.client.addMember({ params: { id: 'on-call' }, body: { name: 'person-0009@acme.example', expires } })
    await page.getByRole('button', { name: 'Remove person-0009@acme.example' }).click()
    await page.waitForTimeout(1_500)
    await dialog.getByRole('button', { name: 'Remove member' }).click()
    await page.getByText('person-0009@acme.example is out of "On-call".').waitFor()
    expect(await page.getByRole('button', { name: 'Add again' }).count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('draw of a list of thousands what is in sight, read on as one scrolls, and search it all', async () => {
    const { page, complaints } = await world.open(REVIEWER, '/access-lists/crowd')
    const table = page.getByRole('region', { name: 'Members' })
    await table.getByText('crowd-0000').waitFor()
    expect(await table.getByRole('row').count()).toBeLessThan(60)
    expect(await table.getByRole('table').getAttribute('aria-rowcount')).toBe('1201')
    await waitFor('the last row', async () => {
      await table.evaluate((frame) => {
        frame.scrollTop = frame.scrollHeight
      })
      return (await table.getByText('crowd-1199').isVisible()) || undefined
    })
    await page.getByLabel('Search by name').fill('0777')
    await page.getByText('1 member', { exact: true }).waitFor()
    expect(complaints).toEqual([])
  })

  it('let an owner add a member by keyboard alone', async () => {
    const { page, complaints } = await world.open(REVIEWER, '/access-lists/second')
    await page.getByRole('row', { name: /person-0000/ }).waitFor()
    await tabTo(page, 'Add member')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await waitFor('the focus in the dialog', async () =>
      (await labelOfFocus(page)) === 'User name' ? true : undefined,
    )
    await page.keyboard.type(ENGINEER)
    await tabTo(page, 'Add member')
    await page.keyboard.press('Enter')
    await page.getByRole('row', { name: /ana@acme.example/ }).waitFor()
    expect(await membersOf('second')).toContain(ENGINEER)
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await labelOfFocus(page)).toBe('Add member')
    expect(complaints).toEqual([])
  })

  it('save a list with the revision that was read, and lose nothing that was typed', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/access-lists/second/edit')
    await page.getByLabel('Description').fill('mine')
    await page.getByRole('combobox', { name: 'Roles for members' }).fill(systemRole)
    await page.keyboard.press('Enter')
    await world.client.addMember({ params: { id: 'second' }, body: { name: 'person-0009@acme.example' } })
    await page.reload()
    await page.getByText('What you typed is kept in this browser until you save it.').waitFor()
    await page.getByRole('button', { name: 'Save list' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/^\d+ gained, 0 lost/).waitFor()
    await expectNoViolations(page)
    await dialog.getByRole('button', { name: 'Save list' }).click()
    await dialog.getByText('Somebody changed it meanwhile').waitFor()
    await dialog.getByRole('button', { name: 'Save mine in its place' }).click()
    await page.waitForURL(/\/access-lists\/second$/)
    const saved = await world.client.getAccessList({ params: { id: 'second' } })
    expect(saved).toMatchObject({ description: 'mine', grants: { roles: [systemRole] }, memberCount: 4 })
    expect(complaints.filter((complaint) => !NOT_OURS.test(complaint))).toEqual([])
  })

  it('save a user as he was when the form opened, and give nothing back that somebody took meanwhile', async () => {
    const name = 'person-0004@acme.example'
    const user = (roles: string) => `kind: user\nversion: v2\nmetadata: {name: ${name}}\nspec: {roles: [${roles}]}`
    await world.client.applyDocuments({ body: { text: user('editor, access'), mode: 'replace' } })
    const { page } = await world.open(ADMINISTRATOR, `/users/${name}`)
    await page.getByRole('button', { name: 'Edit user' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Traits').fill('team = web')
    await expectNoViolations(page)
    await world.client.applyDocuments({ body: { text: user('access'), mode: 'replace' } })
    // The page behind the form is told of it.
    await page.waitForResponse((response) => response.url().includes(`/v1/documents/user/`))
    await dialog.getByRole('button', { name: 'Save user' }).click()
    await dialog.getByText(/^\d+ gained|^Nobody gains/).waitFor()
    await dialog.getByRole('button', { name: 'Save user' }).click()
    await dialog.getByText('Somebody changed it meanwhile').waitFor()
    expect((await world.client.getUser({ params: { name } })).roles).toEqual(['access'])
    await dialog.getByRole('button', { name: 'Go back' }).click()
    expect(await dialog.getByLabel('Traits').inputValue()).toBe('team = web')
    await page.reload()
    await page.getByRole('button', { name: 'Edit user' }).click()
    expect(await dialog.getByLabel('Traits').inputValue()).toBe('team = web')
    await dialog.getByRole('button', { name: 'Begin anew' }).click()
    expect(await dialog.getByLabel('Traits').inputValue()).toBe('')
  })

  it('say of a list what AWS has of it: how many are in its group, and when that was read', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/access-lists/on-call?tab=about')
    const aws = page.getByRole('region', { name: 'In AWS' })
    await aws.getByText(/^\d+ members? in AWS, last read /).waitFor({ timeout: 40_000 })
    const { groups } = await world.client.getAccessList({ params: { id: 'on-call' } })
    expect(groups[0]).toMatchObject({ side: 'members', memberCount: expect.any(Number), pending: expect.any(Number) })
    await lookAt(page, 'list-in-aws')
    expect(complaints).toEqual([])
  })

  it('create a list that has owners from its first day', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/access-lists/new')
    await page.getByLabel('Title').fill('Brand new')
    await page.getByRole('combobox', { name: 'Owners', exact: true }).fill(REVIEWER)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Create list' }).click()
    await page.getByRole('dialog').getByText('Nobody gains or loses access to an AWS account by this.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Create list' }).click()
    await page.waitForURL(/\/access-lists\/brand-new$/)
    await page.getByRole('heading', { name: 'Brand new' }).waitFor()
    expect(complaints).toEqual([])
  })

  it('show a mistake in a role at its line, and who gains what before it is saved', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/roles/new')
    const yaml = page.getByRole('textbox', { name: 'The role as YAML' })
    const text = (rest: string) => `kind: role\nversion: v8\nmetadata:\n  name: reader\nspec:\n  allow: ${rest}\n`
    await yaml.fill(text('{acount_assignments: []}'))
    const mistake = 'is not a known key. Did you mean "account_assignments"'
    await page.getByRole('status').filter({ hasText: mistake }).waitFor()
    // Under its line, and above it for whoever writes in what it would cover.
    const note = page.locator('.line-notes p').filter({ hasText: mistake })
    const topOf = async (one: Locator): Promise<number> => (await one.boundingBox())?.y ?? NaN
    const lineSix = page.locator('.editor ol li').nth(5)
    const gap = async (): Promise<number> => (await topOf(note)) - (await topOf(lineSix))
    await yaml.press('Control+Home')
    expect(await gap()).toBe(20)
    await lookAt(page, 'role-mistake')
    await yaml.press('Control+End')
    await expect.poll(gap).toBe(-40)
    await page.getByRole('button', { name: 'Line 6' }).click()
    await expect.poll(gap).toBe(20)
    await expectNoViolations(page)
    await yaml.fill(`${'# a comment\n'.repeat(60)}${text('{acount_assignments: []}')}`)
    await page.getByRole('button', { name: 'Line 66' }).click()
    await expect.poll(async () => (await topOf(note)) - (await topOf(page.locator('.editor ol li').nth(65)))).toBe(20)
    await lookAt(page, 'role-mistake-below', 'brief')
    await yaml.fill(text('{}'))
    await page.getByRole('button', { name: 'Add a permission set' }).click()
    await page.getByRole('combobox', { name: 'Permission set 1' }).fill('Set0001')
    await page.getByRole('option', { name: 'Set0001' }).click()
    expect(await yaml.inputValue()).toMatch(/permission_set: arn:aws:sso:::permissionSet/)
    await page.getByText(/it reaches the management account/).waitFor()
    await page.getByRole('combobox', { name: 'Account 1' }).fill('account-0001')
    await page.getByRole('option', { name: /^account-0001 / }).click()
    await page.getByText('It can be read, and there is nothing to warn of.').waitFor()
    await page.getByLabel('Description').fill('Reads: everything')
    expect(await yaml.inputValue()).toContain('"Reads: everything"')
    await page.getByRole('button', { name: 'Create role' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Create role' }).click()
    await page.waitForURL(/\/roles\/reader$/)

    await page.goto(`${world.server.url}/users/${ENGINEER}`)
    await page.getByRole('button', { name: 'Edit user' }).click()
    await page.getByRole('combobox', { name: 'Roles', exact: true }).fill('reader')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'Save user' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1 gained, 0 lost. AWS is told within seconds.').waitFor()
    await dialog.getByRole('button', { name: 'Save user' }).click()
    const access = page.getByRole('region', { name: 'Access to AWS accounts' }).first()
    await access.getByText('the role reader').first().waitFor()
    await access.getByText('confirmed').first().waitFor({ timeout: 40_000 })
    expect(complaints.filter((complaint) => !NOT_OURS.test(complaint))).toEqual([])
  })

  it('complete keys, permission sets and accounts in the YAML of a role, by keyboard alone', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/roles/new')
    const yaml = page.getByRole('textbox', { name: 'The role as YAML' })
    await yaml.fill('kind: role\nversion: v8\nmetadata:\n  name: completed\nspec:\n')
    await yaml.press('Control+End')
    await page.keyboard.type('  al')
    const offers = page.getByRole('listbox', { name: 'What may stand here' })
    await offers.getByRole('option', { name: 'allow' }).waitFor()
    await expectNoViolations(page)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.keyboard.type('    acc')
    await offers.getByRole('option', { name: 'account_assignments' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.keyboard.type('      - account: account-0001')
    await offers.getByRole('option', { name: /^account-0001 / }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.keyboard.type('        permission_set: set0001')
    await offers.getByRole('option', { name: 'Set0001' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('It can be read, and there is nothing to warn of.').waitFor()
    expect(await yaml.inputValue()).toMatch(
      /- account: "\d{12}"\n {8}permission_set: arn:aws:sso:::permissionSet\/\S+$/,
    )
    expect(complaints.filter((complaint) => !NOT_OURS.test(complaint))).toEqual([])
  })

  it('create a user with a one-time link, lock him with what it takes, and unlock him', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/users')
    await page.getByRole('button', { name: 'Create user' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('User name').fill('zoe@acme.example')
    await dialog.getByRole('button', { name: 'Create user' }).click()
    await dialog.getByText(/\/set-password\//).waitFor()
    await expectNoViolations(page)
    await dialog.getByRole('button', { name: 'I have given it' }).click()

    await page.goto(`${world.server.url}/users/${ENGINEER}`)
    await page.getByRole('link', { name: 'Lock user' }).click()
    await dialog.getByLabel('Why').fill('lost laptop')
    await expectNoViolations(page)
    await dialog.getByRole('button', { name: 'Create lock' }).click()
    await dialog.getByText(/^0 gained, \d+ lost/).waitFor()
    await dialog.getByRole('button', { name: 'Create lock' }).click()
    await page.getByRole('row', { name: /^ana@acme.example user lost laptop/ }).waitFor()
    await changeLock(page)
    expect((await world.client.getUser({ params: { name: ENGINEER } })).locked).toBe(true)
    // The user's own page says why and lets him out.
    await page
      .getByRole('row', { name: /ana@acme.example/ })
      .getByRole('link')
      .click()
    await page.getByRole('link', { name: ENGINEER }).click()
    await page.getByText(/lost laptop, and the spare one/).waitFor()
    await page
      .getByRole('region', { name: 'What happened' })
      .getByRole('link', { name: 'lock.created' })
      .first()
      .waitFor()
    await lookAt(page, 'user-locked')
    await page.getByRole('button', { name: 'Unlock user' }).click()
    await dialog.getByText(/counts again at once/).waitFor()
    await expectNoViolations(page)
    await dialog.getByRole('button', { name: 'Remove lock' }).click()
    await page.getByRole('link', { name: 'Lock user' }).waitFor()
    await visit(page, '/locks')
    await page.getByText('Nothing is locked.').waitFor()
    expect((await world.client.getUser({ params: { name: ENGINEER } })).locked).toBe(false)
    await removeTwice(page)
    expect(complaints.filter((complaint) => !NOT_OURS.test(complaint))).toEqual([])
  })

  /** A lock that is removed from the list, made again by the toast, and removed once more. */
  const removeTwice = async (page: Page): Promise<void> => {
    const dialog = page.getByRole('dialog')
    const spec = { target: { user: ENGINEER }, message: 'lost laptop' }
    const text = JSON.stringify({ kind: 'lock', version: 'v2', metadata: { name: 'again' }, spec })
    await world.client.applyDocuments({ body: { text, mode: 'create' } })
    const row = page.getByRole('row', { name: /^ana@acme.example user lost laptop/ })
    for (const after of ['Lock again', undefined]) {
      await row.waitFor()
      await page.getByRole('button', { name: `Remove the lock on ${ENGINEER}` }).click()
      await dialog.getByRole('button', { name: 'Remove lock' }).click()
      await page.getByText('Nothing is locked.').waitFor()
      if (after !== undefined) await page.getByRole('button', { name: after }).first().click()
    }
  }

  /** From the list to the lock's own page, another end and reason there, and back. */
  const changeLock = async (page: Page): Promise<void> => {
    const dialog = page.getByRole('dialog')
    await page
      .getByRole('row', { name: /lost laptop/ })
      .getByRole('link', { name: ENGINEER })
      .click()
    await page.getByRole('heading', { name: `Lock on ${ENGINEER}` }).waitFor()
    await page.getByText(ADMINISTRATOR, { exact: true }).waitFor()
    await lookAt(page, 'lock')
    await page.getByRole('button', { name: 'Edit lock' }).click()
    await dialog.getByLabel('Ends').fill('2099-01-01T12:00')
    await dialog.getByLabel('Why').fill('lost laptop, and the spare one')
    await lookAt(page, 'lock-edit', 'brief')
    // What somebody changed meanwhile is not written over.
    const [lock] = (await world.client.listDocuments({ params: { kind: 'lock' } })).items
    await world.client.applyDocuments({
      body: { text: JSON.stringify({ ...lock, spec: { ...lock?.spec, message: 'theirs' } }), mode: 'replace' },
    })
    await dialog.getByRole('button', { name: 'Save lock' }).click()
    await dialog.getByText('Nobody gains or loses access').waitFor()
    await dialog.getByRole('button', { name: 'Save lock' }).click()
    await dialog.getByText('Somebody changed it meanwhile').waitFor()
    await dialog.getByRole('button', { name: 'Save mine in its place' }).click()
    await page.getByText('lost laptop, and the spare one', { exact: true }).waitFor()
    const saved = await world.client.getDocument({ params: { kind: 'lock', name: lock?.metadata.name ?? '' } })
    expect(saved.spec).toMatchObject({
      created_by: ADMINISTRATOR,
      expires: new Date('2099-01-01T12:00').toISOString().replace('.000', ''),
    })
    await page.goto(`${world.server.url}/locks`)
  }

  it('lose nothing that is typed when the sign-in ends, and go on as soon as the same person is back', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/users')
    await page.getByRole('button', { name: 'Create user' }).click()
    const name = page.getByLabel('User name')
    await name.fill('half-typed@acme.example')
    await world.client.endOtherSessions({})
    const ended = page.getByRole('dialog', { name: 'Your sign-in has ended' })
    await ended.waitFor({ timeout: 30_000 })
    await expectNoViolations(page)
    await page.keyboard.press('Escape')
    const another = page.waitForEvent('popup')
    await ended.getByRole('link', { name: 'Sign in' }).click()
    const other = await another
    await world.signInAt(other, REVIEWER)
    await other.waitForURL((url) => url.pathname === '/')
    const taken = page.getByRole('dialog', { name: `You are signed in as ${REVIEWER} now` })
    await taken.getByText(`goes on by itself once ${ADMINISTRATOR} is signed in again`).waitFor()
    expect(await name.inputValue()).toBe('half-typed@acme.example')
    await other.getByRole('button', { name: /^Account of/ }).click()
    await other.getByRole('menuitem', { name: 'Sign out' }).click()
    await other.waitForURL(/\/sign-in/)
    await world.signInAt(other, ADMINISTRATOR)
    await Promise.all([ended, taken].map((dialog) => dialog.waitFor({ state: 'detached' })))
    expect(await name.inputValue()).toBe('half-typed@acme.example')
    await page.getByRole('dialog').getByRole('button', { name: 'Create user' }).click()
    await page.getByText(/\/set-password\//).waitFor()
  })

  it('add a service provider from its metadata, and change it as a form and as YAML', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/service-providers')
    await page.getByRole('button', { name: 'Add service provider' }).click()
    const dialog = page.getByRole('dialog')
    await expectNoViolations(page)
    await dialog.getByLabel('Name').fill('wiki')
    await dialog
      .getByLabel('Metadata')
      .fill(
        '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://wiki.example/saml"><SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><AssertionConsumerService index="0" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://wiki.example/acs"/></SPSSODescriptor></EntityDescriptor>',
      )
    await dialog.getByRole('button', { name: 'Add service provider' }).click()
    await dialog.getByText('Nobody gains or loses access').waitFor()
    await dialog.getByRole('button', { name: 'Add service provider' }).click()
    await page.waitForURL(/\/service-providers\/wiki$/)
    await page.getByText('https://wiki.example/saml', { exact: true }).waitFor()

    await page.getByRole('button', { name: 'Edit service provider' }).click()
    await dialog.getByLabel('Relay state').fill('pages/start')
    await lookAt(page, 'service-provider-edit')
    await dialog.getByText('YAML', { exact: true }).click()
    const yaml = dialog.getByRole('textbox', { name: 'The service provider as YAML' })
    expect(await yaml.inputValue()).toMatch(/^ {2}relay_state: pages\/start$/m)
    await yaml.fill((await yaml.inputValue()).replace('pages/start', 'pages/main'))
    await lookAt(page, 'service-provider-yaml', 'brief')
    // What somebody changed meanwhile is not written over.
    const params = { kind: 'saml_idp_service_provider', name: 'wiki' } as const
    const wiki = await world.client.getDocument({ params })
    const theirs = { ...wiki, spec: { ...wiki.spec, launch_urls: ['https://wiki.example/'] } }
    await world.client.applyDocuments({ body: { text: JSON.stringify(theirs), mode: 'replace' } })
    await dialog.getByRole('button', { name: 'Save service provider' }).click()
    await dialog.getByText('Nobody gains or loses access').waitFor()
    await dialog.getByRole('button', { name: 'Save service provider' }).click()
    await dialog.getByText('Somebody changed it meanwhile').waitFor()
    await dialog.getByRole('button', { name: 'Save mine in its place' }).click()
    await page.getByText('pages/main', { exact: true }).waitFor()
    expect((await world.client.getDocument({ params })).spec).toMatchObject({ relay_state: 'pages/main' })
    // What was done to it, and who signs in to it, stay apart.
    await page.request.get(`${world.server.url}/saml/login/wiki`)
    await page.reload()
    const [changes, signIns] = [
      page.getByRole('region', { name: 'Changes' }),
      page.getByRole('region', { name: 'Sign-ins' }),
    ]
    await changes.getByRole('listitem').last().getByText('saml.idp.service.provider.create').waitFor()
    expect(await changes.getByRole('listitem').count()).toBeGreaterThanOrEqual(3)
    await signIns.getByText(new RegExp(`by ${ADMINISTRATOR}`)).waitFor()
    await lookAt(page, 'service-provider-history')
    await page.getByRole('link', { name: 'All about this service provider' }).click()
    await page.getByText('service provider wiki').first().waitFor()
    expect(complaints.filter((complaint) => !NOT_OURS.test(complaint))).toEqual([])
  })

  it('show names that mean harm as the text they are', async () => {
    const reason = `\u202Eevil <script>document.title="owned"</script> ${'👩‍💻'.repeat(100)}`
    await world.client.addMember({ params: { id: 'hostile' }, body: { name: 'person-0005@acme.example', reason } })
    const { page, complaints } = await world.open(REVIEWER, '/access-lists/hostile', { width: 320 })
    for (const path of [
      '/access-lists',
      '/access-lists/hostile',
      '/access-lists/hostile?tab=about',
      '/reviews/hostile',
    ]) {
      await visit(page, path)
      await page.getByText(HOSTILE).first().waitFor()
      expect(await page.title()).not.toContain('owned"')
      expect(await page.locator('img[src="x"]').count()).toBe(0)
      expect(await overflowOf(page), path).toBeLessThanOrEqual(0)
    }
    expect(complaints).toEqual([])
  })

  const visit = async (page: Page, path: string): Promise<void> => {
    await page.goto(world.server.url + path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
  }

  it('have nothing for axe to complain of, light and wide or dark and narrow, and fit the screen', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/access-lists')
    for (const path of [
      '/access-lists',
      '/access-lists/hostile',
      '/access-lists/hostile?tab=about',
      '/access-lists/hostile?tab=history',
      '/access-lists/second/edit',
      '/reviews',
      '/reviews/second',
      '/roles',
      '/roles?show=system',
      '/roles/editor',
      '/roles/reader',
      '/roles/reader/edit',
      '/users',
      `/users/${ENGINEER}`,
      '/locks',
      '/service-providers',
      '/service-providers/wiki',
    ]) {
      await visit(page, path)
      for (const [colorScheme, width] of LOOKS) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 800 })
        expect(await findAxeViolations(page), `${path} ${colorScheme}`).toEqual([])
        expect(await overflowOf(page), `${path} ${width}`).toBeLessThanOrEqual(0)
      }
    }
    expect(complaints).toEqual([])
  })
})

/** 320 pixels are a laptop at four hundred per cent. */
const LOOKS = [
  ['light', 1280],
  ['dark', 320],
] as const

const overflowOf = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
