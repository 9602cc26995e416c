import { readFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { waitFor } from '../harness/wait-for.ts'
import { expectNoViolations } from './expect-to-fit.ts'
import { inBrowser } from './in-browser.ts'
import { placeOfFocus } from './keyboard.ts'
import { lookAt } from './look-at.ts'
import { ENGINEER, REVIEWER, startWebWorld, type WebWorld } from './web-world.ts'

const AUDITOR = 'dora@acme.example'
/** Reads everything that bears on access, and changes nothing. */
const READS_ALL = {
  kind: 'role',
  version: 'v7',
  metadata: { name: 'reads-access' },
  spec: {
    allow: {
      rules: [
        {
          resources: ['user', 'role', 'access_list', 'access_request', 'aws_identity_center', 'lock', 'plugin'],
          verbs: ['list', 'read'],
        },
      ],
    },
  },
}

describe('an auditor', { timeout: 90_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
    await world.client.applyDocuments({ body: { text: JSON.stringify(READS_ALL), mode: 'create' } })
    await world.invite(AUDITOR, ['auditor', 'reads-access'])
    await giveAccess(world)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('learns who had what, when, why and by whose approval, and proves that the record was not changed', async () => {
    const { page, complaints } = await world.open(AUDITOR, '/')
    await page.getByRole('link', { name: 'Explorer' }).click()
    await page.getByLabel('Person').fill(ENGINEER)
    await page.getByLabel('AWS account').fill('account-0001')
    await page.getByLabel('Permission set').fill('Set0000')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    const life = page.getByRole('list', { name: /^The life of Set0000 on account-0001/ })
    await life.getByText(`approved by ${REVIEWER}`).waitFor()
    await life.getByText('Confirmed by AWS').waitFor()
    await lookAt(page, 'auditor-why', 'brief')

    await page.getByRole('link', { name: 'Audit log' }).click()
    await page.getByLabel('Event', { exact: true }).fill('access_request.review')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Details of access_request.review' }).click()
    // As the guides and rules of a SIEM have it: on one level, with the name of the cluster.
    const json = page.getByRole('dialog').getByRole('group', { name: 'the event as JSON' })
    await json.getByText(`"${REVIEWER}"`).first().waitFor()
    const { items } = await world.client.listAuditEvents({ query: { event: 'access_request.review' } })
    const { flat, hash } = await world.client.getAuditEvent({ params: { uid: items[0]?.uid ?? '' } })
    expect(flat).toMatchObject({ cluster_name: expect.any(String), ei: 0, event: 'access_request.review' })
    expect(JSON.parse(await json.innerText())).toEqual(flat)
    await page.getByRole('dialog').getByText(hash, { exact: true }).waitFor()
    await lookAt(page, 'auditor-event', 'all')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Verify the chain' }).click()
    await page.getByText(/^Chain intact: [\d,]+ events/).waitFor()
    expect(complaints).toEqual([])
  })

  it('opens an event by its address, also one that the list has not come to', async () => {
    const { items } = await world.client.listAuditEvents({ query: { limit: 1, order: 'oldest' } })
    const first = items[0]
    const { page, complaints } = await world.open(AUDITOR, `/audit?event=nothing.is.called.so&details=${first?.uid}`)
    const dialog = page.getByRole('dialog', { name: `${first?.event} ${first?.code}` })
    await dialog
      .getByRole('group', { name: 'the event as JSON' })
      .getByText(first?.uid ?? '')
      .waitFor()
    await page.keyboard.press('Escape')
    await page.waitForURL(/\/audit\?event=nothing\.is\.called\.so$/)
    expect(complaints).toEqual([])
  })

  it('exports the whole record page by page, stops when asked to or when the page is left, and learns what was not saved', async () => {
    const names = Array.from({ length: 1_100 }, (_, index) => `recorded-${index}`)
    const users = names.map((name) => ({ kind: 'user', version: 'v2', metadata: { name }, spec: { roles: [] } }))
    const text = users.map((user) => JSON.stringify(user)).join('\n---\n')
    await world.client.applyDocuments({ body: { mode: 'create', text } })
    const { page, complaints } = await world.open(AUDITOR, '/audit')
    const saved: string[] = []
    page.on('download', (download) => saved.push(download.suggestedFilename()))
    const exporting = page.getByRole('button', { name: 'Export as JSON lines' })
    const isFurther = (url: URL): boolean =>
      url.searchParams.get('order') === 'oldest' && url.searchParams.has('cursor')
    const held = Promise.withResolvers<undefined>()
    await page.route(isFurther, async (route) => {
      await held.promise
      await route.continue().catch(() => undefined) // nobody waits for it any more
    })
    await exporting.click()
    await page.getByText('1,000 events read').waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'audit-exporting', 'brief')
    await page.getByRole('button', { name: 'Stop', exact: true }).press('Enter')
    await page.getByRole('status').getByText('Stopped: nothing is saved').waitFor()
    await expect.poll(() => placeOfFocus(page)).toBe('group Export')

    await exporting.click()
    await page.getByText('1,000 events read').waitFor()
    const left = page.waitForEvent('requestfailed', (request) => isFurther(new URL(request.url())))
    await page.getByRole('link', { name: 'Explorer' }).click()
    expect((await left).failure()?.errorText).toBe('net::ERR_ABORTED')
    held.resolve(undefined)
    await page.unroute(isFurther)

    await page.goBack()
    await page.route(isFurther, (route) => route.abort())
    await exporting.click()
    await page.getByText(/^The export ended after 1,000 events, and nothing is saved\. Export again/).waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'audit-export-failed', 'brief')
    await page.unroute(isFurther)
    expect(saved).toEqual([])

    const file = page.waitForEvent('download')
    await exporting.click()
    const lines = (await readFile(await (await file).path(), 'utf8')).trimEnd().split('\n')
    const numbers = lines.map((line) => (JSON.parse(line) as { seq: number }).seq) // as the contract has it
    expect(numbers.length).toBeGreaterThan(names.length)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    await page
      .getByRole('status')
      .getByText(`${numbers.length.toLocaleString('en')} events saved as`)
      .waitFor()
    expect(complaints.filter((complaint) => !complaint.includes('ERR_FAILED'))).toEqual([])
  })

  it('goes through the record by keys, and opens one with Enter', async () => {
    const { page, complaints } = await world.open(AUDITOR, '/audit')
    await page.getByRole('region', { name: 'Events' }).getByRole('link').first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await waitFor('the second row', async () =>
      (await page.evaluate("document.activeElement?.closest('tr')?.getAttribute('data-row')")) === '1'
        ? true
        : undefined,
    )
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('In the chain').waitFor()
    await page.keyboard.press('Escape')
    await page.waitForURL((url) => !url.searchParams.has('details'))
    expect(complaints).toEqual([])
  })

  it('is asked for the account of which he wants to know who gets in', async () => {
    const { page } = await world.open(AUDITOR, '/explorer?tab=who-can')
    await page.getByText(/^Name an account, by its name or its 12 digits/).waitFor()
  })

  it('is offered nothing that would change anything', async () => {
    const { page, complaints } = await world.open(AUDITOR, '/')
    const links = page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link')
    await links.filter({ hasText: 'Audit log' }).waitFor()
    const paths = await Promise.all((await links.all()).map((link) => link.getAttribute('href')))
    expect(paths).toEqual(
      expect.arrayContaining(['/access-lists', '/roles', '/users', '/organizations', '/explorer', '/audit']),
    )
    const [request] = (await world.client.listAccessRequests({})).items
    const [list] = (await world.client.listAccessLists({})).items
    for (const path of [...paths, `/requests/${request?.id}`, `/access-lists/${list?.id}`, `/users/${ENGINEER}`]) {
      await page.goto(world.server.url + (path ?? ''))
      await page.locator('main h1').waitFor()
      await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
      // The heads of a table only order it.
      const buttons = await page.locator('main button:not(th button)').allTextContents()
      const changing = buttons.filter((text) => CHANGES.test(text))
      expect({ path, changing }).toEqual({ path, changing: [] })
    }
    expect(complaints).toEqual([])
  })
})

/** What buttons that change something are called. */
const CHANGES =
  /^(Approve|Deny|Add|Create|Delete|Remove|Edit|Save|Lock|Unlock|Start|Release|Take back|Keep|Rotate|End|Promote)/

/** Access that was asked for, approved, and confirmed by AWS. */
async function giveAccess(world: WebWorld): Promise<void> {
  const [ana, bruno] = [await world.signIn(ENGINEER), await world.signIn(REVIEWER)]
  const { items } = await ana.listResources({ query: { requestable: true, search: 'account-0001 Set0000' } })
  const resources = items.flatMap(({ permissionSets }) => permissionSets.map(({ resourceId }) => resourceId))
  const { id } = await ana.createAccessRequest({ body: { resources, reason: 'INC-7' } })
  const { shown } = await bruno.getAccessRequest({ params: { id } })
  const hash = shown && 'hash' in shown ? { shown: shown.hash } : {}
  await bruno.reviewAccessRequest({ params: { id }, body: { verdict: 'approve', reason: 'on call', ...hash } })
  await waitFor('AWS to confirm', async () => {
    const { assignments } = await ana.getAccessRequest({ params: { id } })
    return assignments.every(({ state }) => state === 'confirmed') || undefined
  })
}
