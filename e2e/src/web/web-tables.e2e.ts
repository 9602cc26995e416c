import type { Locator, Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { waitFor } from '../harness/wait-for.ts'
import { expectNoViolations } from './expect-to-fit.ts'
import { govern } from './govern-scene.ts'
import { inBrowser } from './in-browser.ts'
import { labelOfFocus } from './keyboard.ts'
import { lookAt } from './look-at.ts'
import { ADMINISTRATOR, ENGINEER, REVIEWER, startWebWorld, type WebWorld } from './web-world.ts'

const REMOVALS = /\/member-removals$/

const person = (index: number): string => `person-000${index}@acme.example`

describe('tables', { timeout: 60_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
    await govern(world.client)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  const namesIn = (page: Page, label: string): Promise<readonly string[]> =>
    page.getByRole('region', { name: label }).locator('tbody tr[data-row] a').allTextContents()
  const membersOf = async (id: string): Promise<readonly string[]> =>
    (await world.client.listMembers({ params: { id } })).items.map(({ name }) => name)

  it('are put in order by their head, which says so and is in the address; going back goes back', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/users')
    const head = page.getByRole('columnheader', { name: 'User' })
    await head.waitFor()
    expect(await head.getAttribute('aria-sort')).toBe('ascending')
    await head.getByRole('button').click()
    await page.waitForURL(/sort=-name/)
    // All of them, of which the page has read two hundred.
    await waitFor('the last first', async () =>
      (await namesIn(page, 'Users'))[0]?.startsWith('person-0009') ? true : undefined,
    )
    expect(await head.getAttribute('aria-sort')).toBe('descending')
    expect(await labelOfFocus(page)).toBe('User')
    await lookAt(page, 'users-sorted', 'brief')
    await page.reload()
    await waitFor('the order', async () =>
      (await namesIn(page, 'Users'))[0]?.startsWith('person-0009') ? true : undefined,
    )
    await page.goBack()
    await page.waitForURL((url) => url.search === '')
    await waitFor('the order before', async () => ((await namesIn(page, 'Users'))[0] === ENGINEER ? true : undefined))
    // The server has no order by it, and a part of the users can't be ordered here.
    expect(await page.getByRole('columnheader', { name: 'Own roles' }).getByRole('button').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('of which all rows are here are put in order here', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/roles')
    const before = await waitFor('the roles', async () => {
      const names = await namesIn(page, 'Roles')
      return names.length > 1 ? names : undefined
    })
    await page.getByRole('columnheader', { name: 'Role' }).getByRole('button').click()
    await waitFor('the other order', async () =>
      (await namesIn(page, 'Roles'))[0] === before.at(-1) ? true : undefined,
    )
    expect(await namesIn(page, 'Roles')).toEqual(before.toReversed())
  })

  it('have rows as high as somebody wants, of whom a browser remembers it', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/users')
    const heightOfRow = async (): Promise<unknown> => {
      await page.locator('tbody tr[data-row="3"]').waitFor()
      return page.evaluate(`(() => {
        const top = (row) => document.querySelector('tr[data-row="' + row + '"]').getBoundingClientRect().top
        return (top(7) - top(3)) / 4
      })()`)
    }
    expect(await heightOfRow()).toBe(40)
    await page.goto(`${world.server.url}/account`)
    await page.getByRole('radiogroup', { name: 'Rows of tables' }).getByText('Compact').click()
    await page.goto(`${world.server.url}/users`)
    expect(await heightOfRow()).toBe(32)
    await lookAt(page, 'users-compact', 'brief')
    const table = page.getByRole('region', { name: 'Users' })
    await waitFor('the last row', async () => {
      await table.evaluate((frame) => {
        frame.scrollTop = frame.scrollHeight
      })
      return (await table.getByText('person-0009').isVisible()) || undefined
    })
  })

  it('of members say and search in their address which are shown', async () => {
    const { page } = await world.open(REVIEWER, '/access-lists/second')
    const kinds = page.getByRole('radiogroup', { name: 'Which members' })
    await page.getByRole('row', { name: /person-0000/ }).waitFor()
    await kinds.getByText('Lists', { exact: true }).click()
    await page.waitForURL(/kind=list/)
    await page.getByText('Nobody in this list is called so.').waitFor()
    await page.reload()
    await page.getByText('Nobody in this list is called so.').waitFor()
    await page.goBack()
    await page.getByRole('row', { name: /person-0000/ }).waitFor()
    expect(await kinds.getByRole('radio', { name: 'All' }).isChecked()).toBe(true)
  })

  it('let several members be chosen and removed after one question, by keys alone, and be added again', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/access-lists/on-call')
    await page.getByRole('row', { name: /person-0000/ }).waitFor()
    await page.keyboard.press('j')
    await waitFor('the first row', async () =>
      (await page.locator('tr[data-active]').getAttribute('data-row')) === '0' ? true : undefined,
    )
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    const bar = page.getByRole('group', { name: 'What is chosen' })
    await bar.getByText('2 chosen').waitFor()
    await page.getByRole('searchbox').fill('0001')
    await bar.getByText('2 chosen, 1 of them not shown').waitFor()
    await page.getByRole('searchbox').fill('')
    await bar.getByText('2 chosen', { exact: true }).waitFor()
    await lookAt(page, 'members-chosen', 'brief')
    await bar.getByRole('button', { name: 'Remove 2 members' }).click()
    const dialog = page.getByRole('dialog', { name: 'Remove 2 members from "On-call"?' })
    await dialog.getByText(/those already issued end by .*\d+[:.]\d\d.* at the latest/).waitFor()
    await dialog.getByText(/^person-0000@acme\.example: .*Set0000 on /).waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'members-removal', 'brief')

    // They go together or not at all: here the server is not reached at first.
    await page.route(REMOVALS, (route) => route.abort())
    await dialog.getByRole('button', { name: 'Remove 2 members' }).click()
    await dialog.getByText(/can't be reached/).waitFor()
    await expectNoViolations(page)
    expect(await membersOf('on-call')).toHaveLength(3)
    await page.unroute(REMOVALS)
    await dialog.getByRole('button', { name: 'Remove 2 members' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('2 members are out of "On-call".').waitFor()
    await bar.waitFor({ state: 'detached' })
    expect(await membersOf('on-call')).toEqual([person(2)])
    await page.getByRole('button', { name: 'Add again' }).click()
    await waitFor('both of them', async () => ((await membersOf('on-call')).length === 3 ? true : undefined))
    expect(complaints.filter((text) => !text.includes('ERR_FAILED'))).toEqual([])
  })

  it('ask for the number of many members to be removed, each of which could go without one', async () => {
    await makeTeams('first')
    const { page, complaints } = await world.open(ADMINISTRATOR, '/access-lists/first')
    const dialog = await askToRemove(page, ['first a', 'first b'])
    await dialog.getByText(/^These are 100 removals: 100 memberships end\./).waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'members-removal-number', 'brief')
    await dialog.getByRole('button', { name: 'Remove 2 members: all 100 removals are meant' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await membersOf('first')).toEqual(['first-100', 'first-101'])
    expect(complaints).toEqual([])
  })

  it('leave out of a removal whoever is out already, and ask anew where that is another number', async () => {
    await makeTeams('second-try')
    const { page, complaints } = await world.open(ADMINISTRATOR, '/access-lists/second-try')
    const [one, other] = ['second-try-100', 'second-try-101']
    const takeOut = (member: string) => world.client.removeMember({ params: { id: 'second-try', member } })
    const chosen = ['second-try a', 'second-try b', one, other]
    const dialog = await askToRemove(page, chosen, () => takeOut(one))
    await dialog.getByText('1 member is out of the list already.').waitFor()
    await takeOut(other)
    await dialog.getByRole('button', { name: 'Remove 3 members: all 101 removals are meant' }).click()
    await dialog.getByText('The list was changed meanwhile, and nobody has been removed').waitFor()
    await dialog.getByText('2 members are out of the list already.').waitFor()
    const again = 'Remove 2 members: all 100 removals are meant'
    await waitFor('the button to be asked for again', async () =>
      (await labelOfFocus(page)) === again ? true : undefined,
    )
    expect(await membersOf('second-try')).toHaveLength(2)
    await expectNoViolations(page)
    await lookAt(page, 'members-removal-refused', 'brief')
    await dialog.getByRole('button', { name: again }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await membersOf('second-try')).toEqual([])
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([])
  })

  /** A list of two people and two lists with fifty people each. */
  const makeTeams = async (id: string): Promise<void> => {
    const people = Array.from({ length: 102 }, (_, index) => ({ name: `${id}-${index}` }))
    const teams = { a: people.slice(0, 50), b: people.slice(50, 100) }
    const lists = Object.keys(teams).map((team) => ({ name: `${id}-${team}`, membership_kind: 'MEMBERSHIP_KIND_LIST' }))
    const list = (name: string, title: string, members: readonly object[]) => ({
      kind: 'access_list',
      version: 'v1',
      metadata: { name },
      spec: { title, owners: [{ name: ADMINISTRATOR }], members, grants: { roles: [] } },
    })
    const documents = [
      ...people.map((metadata) => ({ kind: 'user', version: 'v2', metadata, spec: { roles: [] } })),
      ...Object.entries(teams).map(([team, members]) => list(`${id}-${team}`, `${id} ${team}`, members)),
      list(id, id, [...lists, ...people.slice(100)]),
    ]
    const text = documents.map((document) => JSON.stringify(document)).join('\n---\n')
    await world.client.applyDocuments({ body: { mode: 'create', text } })
  }
  /** Asks to remove what is chosen, which something else may have happened to by then. */
  const askToRemove = async (
    page: Page,
    chosen: readonly string[],
    meanwhile?: () => Promise<unknown>,
  ): Promise<Locator> => {
    for (const name of chosen) await page.getByRole('checkbox', { name: `Choose ${name}`, exact: true }).check()
    await meanwhile?.()
    await page.getByRole('button', { name: `Remove ${chosen.length} members` }).click()
    return page.getByRole('dialog')
  }

  it('of system roles call accounts and permission sets by their names', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/roles?show=system')
    const row = page.getByRole('region', { name: 'System roles' }).getByRole('row').nth(1)
    await row.getByText(/^account-\d{4} \(\d{12}\)$/).waitFor()
    expect(await row.getByRole('cell').nth(2).innerText()).toMatch(/^Set\d{4}$/)
  })

  it('are gone through by keys that the page names, unless somebody types', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/access-lists')
    for (const [path, label] of [
      ['/access-lists', 'Access lists'],
      ['/users', 'Users'],
      ['/roles', 'Roles'],
      ['/reviews', 'Lists to review'],
    ] as const) {
      await page.goto(world.server.url + path)
      if (path === '/reviews') continue
      await page.getByRole('region', { name: label }).getByRole('link').first().waitFor()
      const names = await namesIn(page, label)
      await page.keyboard.press('j')
      await waitFor(`the first of ${label}`, async () => ((await labelOfFocus(page)) === names[0] ? true : undefined))
      await page.keyboard.press('j')
      await waitFor(`the second of ${label}`, async () => ((await labelOfFocus(page)) === names[1] ? true : undefined))
      await page.keyboard.press('k')
      await waitFor(`the first again`, async () => ((await labelOfFocus(page)) === names[0] ? true : undefined))
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys' }).getByText('the next row').waitFor()
      await expectNoViolations(page)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.getByRole('searchbox').first().fill('j')
      await page.getByRole('searchbox').first().press('?')
      expect(await page.getByRole('dialog').count()).toBe(0)
    }
    await page.goto(`${world.server.url}/access-lists`)
    await page.getByRole('link', { name: 'Crowd' }).waitFor()
    const [first = ''] = await namesIn(page, 'Access lists')
    await page.keyboard.press('j')
    await waitFor('the first', async () => ((await labelOfFocus(page)) === first ? true : undefined))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: first }).waitFor()
    // The palette keeps its own.
    await page.keyboard.press('/')
    await page.getByRole('dialog', { name: 'Search or jump to' }).waitFor()
  })

  it('let a reviewer deny and approve what waits, each after a question that says what it gives', async () => {
    const ana = await world.signIn(ENGINEER)
    const { items } = await ana.listResources({ query: { requestable: true } })
    const sets = items.flatMap(({ permissionSets }) => permissionSets)
    const ids = sets.filter(({ access }) => access === 'requestable').map(({ resourceId }) => resourceId)
    for (const id of ids.slice(0, 3)) await ana.createAccessRequest({ body: { resources: [id], reason: 'tables' } })
    const { page, complaints } = await world.open(REVIEWER, '/requests?show=reviewable')
    await page.getByText('3 requests', { exact: true }).waitFor()
    await page.keyboard.press('j')
    await waitFor('the first row', async () =>
      (await page.locator('tr[data-active]').count()) === 1 ? true : undefined,
    )
    // The newest comes first: the keys stay with the row that they have come to.
    const [again = ''] = ids
    const later = await ana.createAccessRequest({ body: { resources: [again], reason: 'later' } })
    await page.getByText('4 requests', { exact: true }).waitFor()
    await page.keyboard.press('d')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('tables').waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'request-denial', 'brief')
    await dialog.getByLabel('Why').fill('not today')
    await dialog.getByRole('button', { name: 'Deny request' }).click()
    await page.getByText('3 requests', { exact: true }).waitFor()
    await ana.deleteAccessRequest({ params: { id: later.id } })
    await page.getByText('2 requests', { exact: true }).waitFor()
    // The row that the keys had come to is gone, and they are on the next one.
    await waitFor('the focus on a row', async () =>
      (await page.locator('tr[data-active] input:focus').count()) === 1 ? true : undefined,
    )
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByText('2 chosen').waitFor()
    await page.keyboard.press('a')
    await dialog.getByRole('heading', { name: 'What it allows, as AWS says now' }).nth(1).waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'requests-approval', 'brief')
    await dialog.getByRole('button', { name: 'Approve 2 requests' }).click()
    await page.getByText('Nobody waits for your review.').waitFor()
    const states = (await ana.listAccessRequests({ query: { mine: true } })).items.map(({ state }) => state)
    expect(states.toSorted()).toEqual(['approved', 'approved', 'denied'])
    expect(complaints).toEqual([])
  })
})
