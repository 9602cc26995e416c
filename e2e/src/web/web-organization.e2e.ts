import { afterAll, describe, expect, it } from 'vitest'
import { ORGANIZATION } from '../harness/enrol.ts'
import { waitFor } from '../harness/wait-for.ts'
import { expectNoViolations, expectToFit } from './expect-to-fit.ts'
import { inBrowser } from './in-browser.ts'
import { tabTo } from './keyboard.ts'
import { lookAt } from './look-at.ts'
import { ADMINISTRATOR, ENGINEER, findAxeViolations, startWebWorld, type WebWorld } from './web-world.ts'

const PATH = `/organizations/${ORGANIZATION}`

describe('the pages about AWS', { timeout: 90_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName, { isStarted: false })
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  /** Reads AWS until at least so many changes wait for a person, and says how many do. */
  const driftOf = (least: number): Promise<number> =>
    waitFor('AWS to show what was changed', async () => {
      const params = { name: ORGANIZATION }
      await world.client.getPlan({ params, query: { refresh: true, limit: 1 } })
      const { totals } = await world.client.getOrganizationStatus({ params, query: { limit: 1 } })
      return totals.drift >= least ? totals.drift : undefined
    })

  it('let an administrator read the plan, start, and see that AWS equals the decisions', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/organizations')
    await page.getByRole('link', { name: ORGANIZATION, exact: true }).click()
    await page.getByRole('tab', { name: 'Plan' }).click()
    await page
      .getByRole('region', { name: 'Operations' })
      .getByText(/^Create user .*ana@acme.example/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Start writing to AWS' }).click()
    await page
      .getByRole('dialog')
      .getByText(/^It begins with 3 additions and changes and 0 removals/)
      .waitFor()
    await expectNoViolations(page)
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByRole('tab', { name: 'Status' }).click()
    await page.getByText('AWS equals the decisions.').waitFor({ timeout: 30_000 })
    expect((await world.client.getOrganization({ params: { name: ORGANIZATION } })).mode).toBe('active')
    expect(complaints).toEqual([])
  })

  it('hold removals that nobody decided, until somebody lets the ones go that he means', async () => {
    const { control, identityStoreId: IdentityStoreId } = world.sandbox
    const [group] = (await control.world()).groups
    if (!group) throw new Error('There is no group.')
    const members = async (): Promise<number> => (await control.group(group.displayName)).members.length
    const [before, strangers] = [await members(), 12]
    const ids: string[] = []
    for (let i = 0; i < strangers; i++) {
      const UserName = `stranger-${i}@acme.example`
      const profile = { DisplayName: '<i>Stranger</i>', Name: { GivenName: 'S', FamilyName: 'T' } }
      await control.perform('identitystore', 'CreateUser', { IdentityStoreId, UserName, ...profile })
      ids.push((await control.user(UserName)).id)
    }
    const params = { name: ORGANIZATION }
    // What AWS shows comes late: a reading would see a few of them, and few are taken back unasked.
    await world.client.editOrganization({ params, body: { driftPolicy: { 'member-added': 'report' } } })
    for (const UserId of ids) {
      const member = { GroupId: group.id, MemberId: { UserId } }
      await control.perform('identitystore', 'CreateGroupMembership', { IdentityStoreId, ...member })
    }
    await driftOf(strangers)
    await world.client.editOrganization({ params, body: { driftPolicy: { 'member-added': 'revert' } } })
    const { page, complaints } = await world.open(ADMINISTRATOR, `${PATH}?tab=plan`)
    await page.getByRole('button', { name: 'Read AWS again' }).click()
    await page.getByText(`but for ${strangers} held back`).waitFor({ timeout: 30_000 })
    await page.getByRole('tab', { name: 'Status' }).click()
    await page.getByRole('heading', { name: `Held back: ${strangers}` }).waitFor()
    await page.getByRole('checkbox').first().check()
    await page.getByRole('button', { name: 'Let 1 go ahead' }).click()
    await page
      .getByRole('dialog')
      .getByText(/^What they name is removed in AWS/)
      .waitFor()
    await expectNoViolations(page)
    await page.getByRole('button', { name: 'Remove 1' }).click()
    await page.getByRole('heading', { name: `Held back: ${strangers - 1}` }).waitFor({ timeout: 30_000 })
    await waitFor('the removal', async () => ((await members()) === before + strangers - 1 ? true : undefined))
    expect(complaints).toEqual([])
  })

  it('leave to a person what policy only reports: one change is taken back in AWS, and another is kept here', async () => {
    const { control, identityStoreId: IdentityStoreId } = world.sandbox
    const [group] = (await control.world()).groups
    if (!group) throw new Error('There is no group.')
    const params = { name: ORGANIZATION }
    await world.client.editOrganization({ params, body: { driftPolicy: { 'member-added': 'report' } } })
    for (const name of ['kept', 'unwanted']) {
      const UserName = `${name}@acme.example`
      const profile = { DisplayName: name, Name: { GivenName: name, FamilyName: name } }
      await control.perform('identitystore', 'CreateUser', { IdentityStoreId, UserName, ...profile })
      const MemberId = { UserId: (await control.user(UserName)).id }
      await control.perform('identitystore', 'CreateGroupMembership', { IdentityStoreId, GroupId: group.id, MemberId })
    }
    await waitFor('AWS to show what was changed', async () => {
      const { notes } = await world.client.getPlan({ params, query: { refresh: true } })
      return ['kept@', 'unwanted@'].every((who) => notes.some(({ message }) => message.startsWith(who))) || undefined
    })
    const { page, complaints } = await world.open(ADMINISTRATOR, '/account')
    // What can't be read of one organization hides nothing of another.
    await page.route('**/v1/organizations', async (route) => {
      const response = await route.fetch()
      const body = (await response.json()) as { items: readonly object[] } // as the contract has it
      await route.fulfill({ response, json: { ...body, items: [{ ...body.items[0], name: 'gone' }, ...body.items] } })
    })
    await page.goto(`${world.server.url}/drift`)
    await page.getByRole('alert').waitFor()
    const change = (name: string) =>
      page.getByRole('checkbox', { name: `${name}@acme.example was put into group ${group.displayName} in AWS.` })
    await change('unwanted').check({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Take back 1 in AWS' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('AWS is changed within seconds').waitFor()
    await expectNoViolations(page)
    await page.getByRole('button', { name: 'Take back 1', exact: true }).click()
    await change('unwanted').waitFor({ state: 'detached', timeout: 30_000 })
    // The server takes it in, and has not read AWS again yet.
    const answer = { json: { released: 1 } }
    await page.route('**/release', (route) => route.fulfill(answer), { times: 1 })
    for (const says of [/Kept by you/, undefined]) {
      await change('kept').check()
      await page.getByRole('button', { name: 'Keep 1 here, too' }).click()
      await dialog.getByText('Nothing is written to AWS.').waitFor()
      await expectNoViolations(page)
      await page.getByRole('button', { name: 'Keep 1', exact: true }).click()
      await dialog.waitFor({ state: 'detached' })
      if (says !== undefined) await page.getByText(says).waitFor()
    }
    await change('kept').waitFor({ state: 'detached', timeout: 30_000 })
    const { members } = await control.group(group.displayName)
    expect(members).toContain('kept@acme.example')
    expect(members).not.toContain('unwanted@acme.example')
    const found = await world.client.listAuditEvents({ query: { event: 'aws_identity_center.drift.decided' } })
    expect(found.items.map(({ user }) => user)).toEqual([ADMINISTRATOR, ADMINISTRATOR])
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([])
  })

  it('let all changes of a kind be chosen, also those that are not shown yet, and ask once before they are taken back', async () => {
    const { control, identityStoreId: IdentityStoreId } = world.sandbox
    const [group] = (await control.world()).groups
    if (!group) throw new Error('There is no group.')
    const crowd = 1_040
    const params = { name: ORGANIZATION }
    await world.client.editOrganization({
      params,
      body: { driftPolicy: { 'member-added': 'report', 'assignment-added': 'report' } },
    })
    const others = await driftOf(0)
    for (let i = 0; i < crowd; i++) {
      const UserName = `crowd-${i}@acme.example`
      const profile = { DisplayName: 'Crowd', Name: { GivenName: 'C', FamilyName: 'D' } }
      const user = await control.perform('identitystore', 'CreateUser', { IdentityStoreId, UserName, ...profile })
      const MemberId = { UserId: (user as { UserId: string }).UserId } // as AWS answers
      await control.perform('identitystore', 'CreateGroupMembership', { IdentityStoreId, GroupId: group.id, MemberId })
    }
    const all = (await driftOf(others + crowd)).toLocaleString('en')
    const { page, complaints } = await world.open(ADMINISTRATOR, '/drift', { width: 320, height: 256 })
    await page.getByText(`0 of ${all} chosen`).waitFor({ timeout: 30_000 })
    expect(await page.getByRole('checkbox').count()).toBe(100)
    await page.getByRole('button', { name: 'Show more' }).click()
    expect(await page.getByRole('checkbox').count()).toBe(200)
    // By keys: the second change, and back to the first.
    for (const key of ['j', 'j', 'k', 'x']) await page.keyboard.press(key)
    await page.getByText(`1 of ${all} chosen`).waitFor()
    expect(await page.getByRole('checkbox').first().isChecked()).toBe(true)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).getByText('choose the change, or not').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByLabel('Kind of change').selectOption({ label: 'A member is added' })
    await page.waitForURL(/kind=member-added/)
    await lookAt(page, 'drift-of-many')
    await page.setViewportSize({ width: 320, height: 256 })
    await page.getByLabel('Kind of change').focus()
    await tabTo(page, 'Choose all of this kind')
    await page.keyboard.press('Enter')
    await page.getByText(`${all} of ${all} chosen`).waitFor()
    await page.getByRole('button', { name: `Choose all ${all}` }).waitFor()
    await tabTo(page, `Take back ${all} in AWS`)
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: `Take back ${all} changes in AWS?` })
    await dialog.getByText(/^and [\d,]+ more$/).waitFor()
    await expectNoViolations(page)
    await tabTo(page, `Take back ${all}`)
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Nothing was changed in AWS that waits').waitFor({ timeout: 60_000 })
    await waitFor('the removals in AWS', async () => {
      const { members } = await control.group(group.displayName)
      return members.some((name) => name.startsWith('crowd-')) ? undefined : true
    })
    expect(complaints).toEqual([])
  })

  it('say which accounts the filter kept out and let in, when a reading finds them so', async () => {
    const params = { name: ORGANIZATION }
    const { items } = await world.client.listOrganizationAccounts({ params, query: { limit: 1 } })
    const account = `${items[0]?.name} (${items[0]?.id})`
    const { page, complaints } = await world.open(ADMINISTRATOR, PATH, { width: 320 })
    const leaveOut = [{ match: 'exclude', field: 'id', pattern: items[0]?.id ?? '' }] as const
    for (const [says, filter] of [
      [`Kept out by the filter: ${account}`, [...leaveOut]],
      [`Let in by the filter: ${account}`, []],
    ] as const) {
      await world.client.editOrganization({ params, body: { accountFilter: [...filter] } })
      await world.client.getPlan({ params, query: { refresh: true } })
      await page.getByText(says).waitFor({ timeout: 30_000 })
    }
    await expectNoViolations(page)
    await lookAt(page, 'account-moves')
    await page.getByRole('link', { name: 'Earlier ones' }).click()
    await page.getByRole('button', { name: 'Details of aws_identity_center.accounts.moved' }).first().waitFor()
    expect(complaints).toEqual([])
  })

  it('show what the last hour took of the quotas, as pictures and as figures', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, PATH, { scheme: 'dark' })
    const calls = page.getByRole('region', { name: 'Calls to AWS' })
    await calls.getByText(/^[\d,.]+ calls since/).waitFor()
    await calls.locator('path.area[d^=M]').waitFor()
    await calls.getByText('Show the figures').click()
    await calls.getByRole('region', { name: 'Calls of SSO Admin' }).getByRole('rowheader').first().waitFor()
    expect(await findAxeViolations(page)).toEqual([])
    await calls.getByLabel('Service').selectOption('SCIM')
    await calls.getByText('Show the figures').click()
    await calls.getByText('limit 25/s').waitFor()
    await page.getByRole('heading', { name: "From a decision to AWS's confirmation" }).waitFor()
    await page.getByRole('heading', { name: 'Assignments in flight' }).waitFor()
    expect(complaints).toEqual([])
  })

  it('show every way that leads somebody to what he has, and who gets into an account', async () => {
    const [list] = (await world.client.listAccessLists({})).items
    await world.client.addMember({ params: { id: list?.id ?? '' }, body: { name: ENGINEER, reason: '<b>hired</b>' } })
    const name = ENGINEER
    const { page, complaints } = await world.open(ADMINISTRATOR, '/explorer')
    await page.getByLabel('Person').fill(name)
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    const graph = page.getByRole('region', { name: `How ${name} comes to the access` })
    await graph.getByRole('link').first().waitFor()
    await page.getByText('Table', { exact: true }).click()
    await page.getByRole('region', { name: 'Ways to the access' }).getByRole('link').first().click()
    const life = page.getByRole('list', { name: /^The life of .+ on .+/ })
    await life.getByText('Decided').waitFor()
    await life.getByText('Confirmed by AWS').waitFor({ timeout: 30_000 })
    expect(await findAxeViolations(page)).toEqual([])
    await page.getByText('Graph', { exact: true }).click()
    // Every step leads on: the list, the person, and who else gets into the account.
    await graph
      .getByRole('link', { name: list?.title ?? '' })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: list?.title ?? '' }).waitFor()
    await page.goBack()
    await lookAt(page, 'access-graph', 'brief')
    await graph.getByRole('link', { name }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await page.goBack()
    await graph.getByRole('link', { name: /Set/ }).last().click()
    await page.getByRole('region', { name: 'People' }).getByRole('link', { name }).waitFor()
    await page.getByRole('tab', { name: 'What a change would do' }).click()
    await page.getByLabel(/^Roles, lists or users/).fill('kind: lock\nversion: v2\nmetadata:\n  name: l\nspec: {}')
    await page.getByRole('button', { name: 'Show who would gain' }).click()
    await page
      .getByRole('alert')
      .getByText(/target/)
      .first()
      .waitFor()
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([])
  })

  it('find events by what the address says, show all of one, prove the chain and hand the events out', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/audit')
    await page.getByLabel('Event', { exact: true }).fill('plugin.create')
    await page.keyboard.press('Enter')
    await page.waitForURL(/[?&]event=plugin.create/)
    await page.getByRole('button', { name: 'Details of plugin.create' }).click()
    await page.getByRole('dialog').getByText('Hash before it').waitFor()
    expect(await findAxeViolations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Verify the chain' }).click()
    await page.getByText(/^Chain intact: [\d,]+ events/).waitFor()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export as JSON lines' }).click()
    const lines = await linesOf(await (await saved).createReadStream())
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['plugin.create'])
    expect(complaints).toEqual([])
  })

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 320],
  ] as const)('have nothing for axe to complain of, %s at %d pixels, and fit the screen', async (scheme, width) => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/', { scheme, width })
    const paths = [
      '/',
      '/organizations',
      ...['', '?tab=plan', '?tab=settings'].map((tab) => PATH + tab),
      '/drift',
      '/explorer',
      '/explorer?tab=who-can',
      '/explorer?tab=what-if',
      '/audit',
    ]
    for (const path of paths) await expectToFit(page, world, path)
    expect(complaints).toEqual([])
  })

  it('look at a removal that AWS is busy with when the server says that something has changed, and seldom otherwise', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/account')
    let [asked, answered] = [0, 0]
    await page.route(/\/removal\/preview/, async (route) => {
      asked++
      const response = await route.fetch()
      const begun = { by: ADMINISTRATOR, since: new Date().toISOString(), assignments: 1, groups: 0, memberships: 0 }
      await route.fulfill({ response, json: { ...((await response.json()) as object), begun } }) // as the contract has it
      answered++
    })
    await page.clock.install()
    const listening = page.waitForResponse(/\/v1\/changes\?/)
    await page.goto(`${world.server.url}${PATH}/removal`)
    await listening
    await page.getByText('The removal has begun').waitFor()
    const pass = async (seconds: number): Promise<void> => {
      await page.clock.runFor(seconds * 1_000)
      await expect.poll(() => answered).toBe(asked)
    }
    // What was read before the server was listened to is read once more.
    await pass(5)
    const before = asked
    for (let times = 0; times < 6; times++) await pass(2.5)
    expect(asked).toBeGreaterThan(before)
    // One by the clock, and one for what the engine may have told meanwhile.
    expect(asked).toBeLessThanOrEqual(before + 2)
    const quiet = asked
    await world.client.getPlan({ params: { name: ORGANIZATION }, query: { refresh: true, limit: 1 } })
    await expect.poll(() => asked, { timeout: 8_000 }).toBeGreaterThan(quiet)
    expect(complaints).toEqual([])
  })

  it('show what a long look at a removal has found although more changes meanwhile', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/account')
    const LONG_MS = 4_500
    let asked = 0
    await page.route(/\/removal\/preview/, async (route) => {
      const assignments = ++asked
      const response = await route.fetch()
      const begun = { by: ADMINISTRATOR, since: new Date().toISOString(), assignments, groups: 0, memberships: 0 }
      const json = { ...((await response.json()) as object), begun } // as the contract has it
      if (assignments > 1) await new Promise((resolve) => setTimeout(resolve, LONG_MS))
      await route.fulfill({ response, json }).catch(() => undefined) // nobody waits for it any more
    })
    await page.goto(`${world.server.url}${PATH}/removal`)
    await page.getByText('let go of 1 assignment and').waitFor()
    const later = page.getByText(/let go of \d+ assignments and/)
    const changeMore = async (): Promise<true | undefined> => {
      await world.client.getPlan({ params: { name: ORGANIZATION }, query: { refresh: true, limit: 1 } })
      return (await later.count()) > 0 ? true : undefined
    }
    await waitFor('a later look', changeMore, { everyMs: 1_000 })
    expect(complaints).toEqual([])
  })

  it('are each served at the address that the navigation has for them', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/')
    const links = page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link')
    await links.first().waitFor()
    for (const link of await links.all()) {
      const path = (await link.getAttribute('href')) ?? ''
      const answer = await fetch(world.server.url + path, { redirect: 'manual' })
      // Whoever is not signed in is sent to sign in, and comes back.
      expect({ path, status: answer.status }).toEqual({ path, status: 303 })
    }
  })

  it('are not offered to whoever may not see them', async () => {
    const { page } = await world.open(ENGINEER, '/')
    await page.getByRole('link', { name: 'Resources', exact: true }).waitFor()
    expect(await page.getByRole('link', { name: 'Organizations' }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Audit log' }).count()).toBe(0)
    await page.goto(`${world.server.url}/audit`)
    await page
      .getByRole('alert')
      .getByText(/may not perform the action "list" on "event"/)
      .waitFor()
  })
})

async function linesOf(stream: AsyncIterable<Buffer>): Promise<string[]> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8').trimEnd().split('\n')
}
