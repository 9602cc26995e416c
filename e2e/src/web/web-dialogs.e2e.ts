import type { Document } from '@gatehouse/api'
import { afterAll, describe, expect, it } from 'vitest'
import { expectNoViolations } from './expect-to-fit.ts'
import { govern } from './govern-scene.ts'
import { ORGANIZATION } from '../harness/enrol.ts'
import { inBrowser } from './in-browser.ts'
import { labelOfFocus } from './keyboard.ts'
import { lookAt } from './look-at.ts'
import { waitFor } from '../harness/wait-for.ts'
import { ADMINISTRATOR, ENGINEER, REVIEWER, startWebWorld, type WebWorld } from './web-world.ts'

const OTHER_ROLE = { kind: 'role', version: 'v8', spec: { options: { max_session_ttl: '2h' } } }
const OTHER_PROVIDER = {
  kind: 'saml_idp_service_provider',
  version: 'v1',
  spec: { entity_id: 'https://other.example/saml', acs_url: 'https://other.example/acs' },
}
const withOwners = (document: Document, ...names: readonly string[]) => ({
  ...document,
  status: undefined,
  spec: { ...document.spec, owners: [{ name: REVIEWER }, ...names.map((name) => ({ name }))] },
})

describe('what stands before a page', { timeout: 60_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
    await govern(world.client)
    const role = { kind: 'role', version: 'v8', metadata: { name: 'spare' }, spec: {} }
    const provider = {
      kind: 'saml_idp_service_provider',
      version: 'v1',
      metadata: { name: 'wiki' },
      spec: { entity_id: 'https://wiki.example/saml', acs_url: 'https://wiki.example/acs' },
    }
    const text = [role, provider].map((document) => JSON.stringify(document)).join('\n---\n')
    await world.client.applyDocuments({ body: { mode: 'create', text } })
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it.each([
    [ADMINISTRATOR, '/access-lists/second', 'More', 'Delete list'],
    [ADMINISTRATOR, '/roles/spare', 'More', 'Delete role'],
    [ADMINISTRATOR, '/users/person-0000@acme.example', 'More', 'Delete user'],
    [ADMINISTRATOR, '/service-providers/wiki', 'More', 'Delete service provider'],
    [ENGINEER, '/account', `Account of ${ENGINEER}`, 'Sign out'],
  ])('opens as a menu that axe has nothing against: for %s at %s, "%s"', async (user, path, button, item) => {
    const { page, complaints } = await world.open(user, path)
    await page.getByRole('button', { name: button, exact: true }).click()
    await page.getByRole('menuitem', { name: item }).waitFor()
    await expectNoViolations(page)
    await lookAt(page, `menu-${path.slice(1, 6)}`, 'brief')
    // Each of them is reached by the arrows.
    await page.keyboard.press('End')
    await expect.poll(() => labelOfFocus(page)).toBe(item)
    expect(complaints).toEqual([])
  })

  it('shows a one-time link, how often a list is reviewed and what a sign-out ends, with nothing for axe to complain of', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/users/person-0000@acme.example')
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Make a one-time password link' }).click()
    await dialog.getByText(/\/set-password\//).waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'password-link', 'brief')

    await page.goto(`${world.server.url}/account`)
    await world.signIn(ADMINISTRATOR)
    await page.getByRole('button', { name: 'Sign out all others' }).click()
    await dialog.getByRole('button', { name: /^Sign out/ }).waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'sign-out-everywhere', 'brief')

    const { page: reviewer } = await world.open(REVIEWER, '/reviews/second')
    await reviewer.getByRole('button', { name: /^Keep the other / }).click()
    await reviewer.getByRole('button', { name: 'Submit review' }).click()
    await reviewer.getByRole('dialog').getByRole('combobox', { name: 'Reviewed' }).click()
    await reviewer.getByRole('option', { name: 'every month' }).waitFor()
    await expectNoViolations(reviewer)
    await lookAt(reviewer, 'review-frequency', 'brief')
    expect(complaints).toEqual([])
  })

  it('asks before something is deleted, and says what that means', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/account')
    const dialog = page.getByRole('dialog')
    for (const [path, buttons, says] of [
      ['/users/person-0000@acme.example', ['More', 'Delete user'], /^The user is signed out everywhere/],
      ['/roles/spare', ['More', 'Delete role'], /^A role that a user or a list still has is kept/],
      ['/access-lists/second', ['More', 'Delete list'], /^2 members lose what only this list gives, /],
      ['/service-providers/wiki', ['More', 'Delete service provider'], /^Nobody signs in to it/],
    ] as const) {
      await page.goto(world.server.url + path)
      for (const name of buttons)
        await page.getByRole('button', { name }).or(page.getByRole('menuitem', { name })).click()
      await dialog.getByText(says).first().waitFor()
      await page.waitForLoadState('networkidle')
      await expectNoViolations(page)
      await dialog.getByRole('button', { name: 'Leave it' }).click()
      await dialog.waitFor({ state: 'detached' })
    }
    expect(complaints).toEqual([])
  })

  it('asks whether the group that a list was made from goes with it, and says what that means for its members', async () => {
    const { items } = await world.client.listAccessLists({ query: { limit: 100 } })
    const imported = items.find(({ labels }) => labels['teleport.dev/origin'] === 'aws-identity-center')
    const group = imported?.title ?? ''
    const assignments = async (): Promise<number> => (await world.sandbox.control.group(group)).assignments.length
    const before = await assignments()
    const { page, complaints } = await world.open(ADMINISTRATOR, `/access-lists/${imported?.id}`)
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Delete list' }).click()
    await dialog.getByText(/^Its members keep in AWS what the group has there/).waitFor()
    await expectNoViolations(page)
    await dialog.getByRole('checkbox', { name: 'Delete its group in AWS, too' }).check()
    await dialog.getByText(/what only this list gives, in AWS within seconds, and its group goes there/).waitFor()
    await dialog.getByText(/^(\d+ gained, \d+ lost|Nobody gains or loses)/).waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'delete-imported-list', 'brief')
    await dialog.getByRole('button', { name: 'Delete list' }).click()
    // The group has more assignments than go by themselves.
    await dialog.getByRole('button', { name: /^Delete list: all \d+ removals are meant$/ }).click()
    await page.waitForURL(`${world.server.url}/access-lists`)
    // It goes once nothing is assigned to it any more.
    await waitFor('the assignments of the group to go', async () => ((await assignments()) < before ? true : undefined))
    expect(complaints.filter((text) => !text.includes('409'))).toEqual([])
  })

  it.each([
    ['role', '/roles', 'Delete role', 'The role "spare"'],
    ['saml_idp_service_provider', '/service-providers', 'Delete service provider', 'The service provider "wiki"'],
  ] as const)(
    'puts a deleted %s back, unless there is another of that name by now',
    async (kind, path, verb, words) => {
      const name = kind === 'role' ? 'spare' : 'wiki'
      const params = { kind, name }
      const contentOf = async () => {
        const { metadata, spec } = await world.client.getDocument({ params })
        return { name: metadata.name, spec }
      }
      const { page, complaints } = await world.open(ADMINISTRATOR, '/account')
      const dialog = page.getByRole('dialog')
      const remove = async (): Promise<void> => {
        await page.goto(`${world.server.url}${path}/${name}`)
        await page.getByRole('button', { name: 'More' }).click()
        await page.getByRole('menuitem', { name: verb }).click()
        await dialog.getByRole('button', { name: verb }).click()
        await page.waitForURL(`${world.server.url}${path}`)
        await expect(world.client.getDocument({ params })).rejects.toThrow(/no .*"(spare|wiki)"/)
      }
      const before = await contentOf()
      await remove()
      await page.getByRole('button', { name: 'Put back' }).waitFor()
      await expectNoViolations(page)
      await lookAt(page, `put-back-${kind}`, 'brief')
      await page.getByRole('button', { name: 'Put back' }).click()
      await page.getByText(`${words} is there again.`).waitFor()
      expect(await contentOf()).toEqual(before)
      await page.getByRole('link', { name, exact: true }).waitFor()

      await remove()
      const other = { ...(kind === 'role' ? OTHER_ROLE : OTHER_PROVIDER), metadata: { name } }
      await world.client.applyDocuments({ body: { mode: 'create', text: JSON.stringify(other) } })
      const made = await contentOf()
      await page.getByRole('button', { name: 'Put back' }).click()
      await page.getByText(new RegExp(`^${words} is not put back: There is a .* already`, 'i')).waitFor()
      expect(await contentOf()).toEqual(made)
      expect(made).not.toEqual(before)
      expect(complaints.filter((text) => !text.includes('409'))).toEqual([])
    },
  )

  it('puts an owner of a list and a role of a person back, unless somebody has changed it since', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/account')
    const dialog = page.getByRole('dialog')
    const params = { kind: 'access_list', name: 'second' } as const
    const specOf = async () => (await world.client.getDocument({ params })).spec
    await world.client.applyDocuments({
      body: {
        mode: 'update',
        text: JSON.stringify(withOwners(await world.client.getDocument({ params }), ADMINISTRATOR)),
      },
    })
    const before = await specOf()
    const save = async (): Promise<void> => {
      await page.goto(`${world.server.url}/access-lists/second/edit`)
      const owners = page.getByRole('combobox', { name: 'Owners', exact: true })
      await owners.focus()
      await page.keyboard.press('Backspace')
      await page.getByRole('button', { name: 'Save list' }).click()
      await dialog.getByRole('button', { name: 'Save list' }).click()
      await page.getByText('The list "Second" is saved.').waitFor()
    }
    await save()
    expect(await specOf()).not.toEqual(before)
    await page.getByRole('button', { name: 'Put back' }).click()
    await page.getByText('The list "Second" is as it was before.').waitFor()
    expect(await specOf()).toEqual(before)

    await save()
    const saved = await world.client.getDocument({ params })
    const renamed = { ...saved, spec: { ...saved.spec, description: 'changed by another' }, status: undefined }
    await world.client.applyDocuments({ body: { mode: 'update', text: JSON.stringify(renamed) } })
    await page.getByRole('button', { name: 'Put back' }).click()
    await page.getByText(/^The list "Second" is not put back: .* changed by somebody else/).waitFor()
    expect(await specOf()).toMatchObject({ description: 'changed by another' })

    const person = 'person-0003@acme.example'
    const rolesOf = async () => (await world.client.getUser({ params: { name: person } })).roles
    await page.goto(`${world.server.url}/users/${person}`)
    await page.getByRole('button', { name: 'Edit user' }).click()
    await page.getByRole('combobox', { name: 'Roles', exact: true }).fill('requester')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'Save user' }).click()
    await dialog.getByRole('button', { name: 'Save user' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await rolesOf()).toEqual(['requester'])
    await page.getByRole('button', { name: 'Put back' }).click()
    await page.getByText(`The user ${person} is as it was before.`).waitFor()
    expect(await rolesOf()).toEqual([])
    expect(complaints.filter((text) => !text.includes('412'))).toEqual([])
  })

  it('fills the settings of an organization in as they were, and shows the effect before they are saved again', async () => {
    const params = { name: ORGANIZATION }
    const { page, complaints } = await world.open(ADMINISTRATOR, `/organizations/${ORGANIZATION}/edit`)
    const dialog = page.getByRole('dialog')
    const save = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Show the effect' }).click()
      await dialog.getByRole('button', { name: 'Save' }).click()
      await page.waitForURL(/\?tab=settings$/)
    }
    const policyOf = async () => (await world.client.getOrganization({ params })).driftPolicy['member-added']
    await page.getByLabel('A member is added').selectOption({ label: 'report it' })
    await save()
    expect(await policyOf()).toBe('report')
    await page.getByRole('button', { name: 'Put back' }).click()
    await page.waitForURL(/\/edit$/)
    expect(await page.getByLabel('A member is added').inputValue()).toBe('revert')
    expect(await policyOf()).toBe('report')
    await save()
    expect(await policyOf()).toBe('revert')
    expect(complaints).toEqual([])
  })

  it('finds by a word what can be made, for whoever may, and opens it by its address', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/account')
    const palette = page.getByRole('textbox', { name: 'Search or jump to' })
    const dialog = page.getByRole('dialog')
    const choose = async (label: string): Promise<void> => {
      await page.getByRole('button', { name: /^Search or jump to/ }).click()
      await palette.fill(label.toLowerCase())
      await dialog.getByRole('button', { name: label }).waitFor()
      await page.waitForLoadState('networkidle')
      await expectNoViolations(page)
      await dialog.getByRole('button', { name: label }).click()
      await palette.waitFor({ state: 'detached' })
    }
    for (const [label, path, title] of [
      ['Create user', '/users', 'Who is to be a user?'],
      ['Create lock', '/locks', 'What is to be locked?'],
      ['Add service provider', '/service-providers', 'Which application signs people in here?'],
      ['Add new integration', '/organizations', 'What do you want to integrate?'],
    ] as const) {
      await choose(label)
      await page.waitForURL(`${world.server.url}${path}?add=true`)
      await dialog.getByRole('heading', { name: title }).waitFor()
      await page.reload()
      await dialog.getByRole('heading', { name: title }).waitFor()
      await page.keyboard.press('Escape')
      await page.waitForURL(world.server.url + path)
      await dialog.waitFor({ state: 'detached' })
    }
    await choose('Create New Role')
    await page.getByRole('heading', { level: 1, name: 'Create New Role' }).waitFor()
    await page.getByRole('button', { name: 'Create role' }).waitFor()
    expect(complaints).toEqual([])

    const { page: other } = await world.open(ENGINEER, '/account')
    await other.getByRole('button', { name: /^Search or jump to/ }).click()
    await other.getByRole('textbox', { name: 'Search or jump to' }).fill('access')
    await other.getByRole('button', { name: 'Request access' }).waitFor()
    await other.getByRole('textbox', { name: 'Search or jump to' }).fill('create')
    await other.getByText('Nothing is called so.').waitFor()
    await other.goto(`${world.server.url}/users?add=true`)
    await other.getByRole('alert').first().waitFor()
    expect(await other.getByRole('dialog').count()).toBe(0)
  })

  it('keeps in the palette the row that is lit, whatever is found later, and lights one as soon as there is one', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/account')
    const typed = page.getByRole('textbox', { name: 'Search or jump to' })
    const rows = page.getByRole('dialog').locator('[data-action]')
    const lit = page.getByRole('dialog').locator('[data-selected]')
    const lists = Promise.withResolvers<void>()
    await page.route(/\/v1\/access-lists\?/, async (route) => {
      await lists.promise
      await route.continue()
    })
    await page.getByRole('button', { name: /^Search or jump to/ }).click()
    await typed.fill('co')
    await rows.filter({ hasText: 'Who has access to account-0001' }).waitFor()
    await page.keyboard.press('ArrowDown')
    const chosen = (await lit.textContent()) ?? ''
    const next = (await rows.nth(2).textContent()) ?? ''
    expect(await rows.nth(1).textContent()).toBe(chosen)
    lists.resolve()
    await rows.filter({ hasText: 'Second' }).waitFor()
    expect(await lit.textContent()).toBe(chosen)
    expect(await rows.nth(1).textContent()).not.toBe(chosen)
    await page.keyboard.press('ArrowDown')
    expect(await lit.textContent()).toBe(next)

    await typed.fill('crow')
    await lit.filter({ hasText: 'Crowd' }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/access-lists\/crowd$/)
    expect(complaints).toEqual([])
  })

  it('ends a page whose browser somebody else has signed in with, and forgets what was typed', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/users?add=true')
    const typed = page.getByLabel('User name')
    await typed.fill('half-typed@acme.example')
    await page.context().clearCookies()
    const other = await page.context().newPage()
    await other.goto(`${world.server.url}/sign-in?return=%2F`)
    await world.signInAt(other, REVIEWER)
    await other.waitForURL((url) => url.pathname === '/')
    const dialog = page.getByRole('dialog', { name: `You are signed in as ${REVIEWER} now` })
    await dialog.getByText(`is not for ${REVIEWER}`).waitFor()
    await expectNoViolations(page)
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Reload the page' }).click()
    await page.getByRole('button', { name: `Account of ${REVIEWER}` }).waitFor()
    await dialog.waitFor({ state: 'detached' })
    expect(await typed.count()).toBe(0)
  })
})
