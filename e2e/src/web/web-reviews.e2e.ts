import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { expectNoViolations } from './expect-to-fit.ts'
import { govern } from './govern-scene.ts'
import { inBrowser } from './in-browser.ts'
import { tabTo } from './keyboard.ts'
import { lookAt } from './look-at.ts'
import { ADMINISTRATOR, ENGINEER, REVIEWER, startWebWorld, type WebWorld } from './web-world.ts'

describe('the review of an access list', { timeout: 60_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
    await govern(world.client)
    await world.client.addMember({ params: { id: 'on-call' }, body: { name: ENGINEER } })
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('goes through a list by keys alone, is left in the middle, and removes somebody', async () => {
    const { page, complaints } = await world.open(REVIEWER, '/reviews')
    await page.getByText('0 of 4 decided').waitFor()
    await tabTo(page, 'On-call')
    await page.keyboard.press('Enter')
    await page.getByRole('row', { name: /person-0002/ }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByText('remove what is chosen, or the row').waitFor()
    await expectNoViolations(page)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    for (const key of ['j', 'x', 'j', 'x', 'a', 'j', 'j', 'k', 'r']) {
      await page.keyboard.press(key)
      await page.waitForTimeout(60)
    }
    await page.getByText('3 of 4 decided').waitFor()
    await page.reload()
    await page.getByText('3 of 4 decided').waitFor()
    await page.getByText('1 to be removed').waitFor()
    await tabTo(page, 'Keep the other 1')
    await page.keyboard.press('Enter')
    await page.getByText('4 of 4 decided').waitFor()
    await tabTo(page, 'Submit review, remove 1')
    await page.keyboard.press('Enter')
    await page
      .getByRole('dialog')
      .getByText(/^person-0001@acme.example: Set0000 on /)
      .waitFor()
    await expectNoViolations(page)
    await page.keyboard.type('left the rotation')
    await tabTo(page, 'Submit review, remove 1')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/reviews$/)
    await page.getByText(/^"On-call" is reviewed. The next one is due on /).waitFor()
    const { items: left } = await world.client.listMembers({ params: { id: 'on-call' } })
    expect(left.map(({ name }) => name)).not.toContain('person-0001@acme.example')
    const [review] = (await world.client.listAccessListReviews({ params: { id: 'on-call' } })).items
    expect(review).toMatchObject({ notes: 'left the rotation', reviewers: [REVIEWER] })
    expect(complaints).toEqual([])
  })

  it('goes on at another machine, and loses nothing that is decided at both', async () => {
    const { page: desk, complaints } = await world.open(REVIEWER, '/reviews/crowd')
    const bruno = await world.signIn(REVIEWER)
    const params = { id: 'crowd', reviewer: REVIEWER }
    const verdicts = async () =>
      (await bruno.getReviewDraft({ params })).verdicts.map(({ name, verdict }) => `${verdict} ${name}`).toSorted()
    const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
    await desk.getByText('0 of 1,200 decided').waitFor()
    for (const key of ['j', 'a', 'j', 'r']) {
      await desk.keyboard.press(key)
      await desk.waitForTimeout(60)
    }
    await desk.getByText('Saved', { exact: true }).waitFor()
    await expect.poll(verdicts).toEqual(['keep crowd-0000', 'remove crowd-0001'])
    await expectNoViolations(desk)

    const { page: home, complaints: complaintsAtHome } = await world.open(REVIEWER, '/reviews/crowd')
    await home.getByText('2 of 1,200 decided').waitFor()
    await home.getByText('1 to be removed').waitFor()
    await button(home, 'Remove crowd-0002').click()
    await button(home, 'Remove crowd-0003').click()
    await home.getByText('Saved', { exact: true }).waitFor()
    await button(desk, 'Keep crowd-0003').click()
    await desk.getByText('What you decided about one member elsewhere is shown here now.').waitFor()
    await desk.getByText('About one member you decided otherwise elsewhere: what you decided here counts.').waitFor()
    await desk.getByText('4 of 1,200 decided').waitFor()
    await desk.getByText('Saved', { exact: true }).waitFor()
    const both = ['keep crowd-0000', 'keep crowd-0003', 'remove crowd-0001', 'remove crowd-0002']
    await expect.poll(verdicts).toEqual(both)
    await expectNoViolations(desk)
    await lookAt(desk, 'review-elsewhere', 'brief')

    // Nobody else finds it, and a list of thousands is reviewed at the pace of the keys.
    const other = await world.open(ADMINISTRATOR, '/reviews/crowd')
    await other.page.getByText('You may look, and not review').waitFor()
    expect(await other.page.getByText(/decided|Saved/).count()).toBe(0)
    await expect(world.client.getReviewDraft({ params })).rejects.toMatchObject({ status: 403 })

    // The sign-in ends: what is decided then stays in this browser, also through a reload.
    await bruno.endOtherSessions({})
    await button(desk, 'Remove crowd-0004').click()
    await desk.getByRole('dialog', { name: 'Your sign-in has ended' }).waitFor()
    await desk.getByText(/^Kept in this browser only: /).waitFor({ state: 'attached' })
    expect(await verdicts()).toEqual(both)
    await desk.reload()
    await world.signInAt(desk, REVIEWER)
    await desk.getByText('5 of 1,200 decided').waitFor()
    await desk.getByText('Saved', { exact: true }).waitFor()
    await expect.poll(verdicts).toEqual([...both, 'remove crowd-0004'].toSorted())

    await button(desk, 'Begin anew').click()
    await desk.getByText('0 of 1,200 decided').waitFor()
    await expect.poll(verdicts).toEqual([])
    const ours = [...complaints, ...complaintsAtHome, ...other.complaints]
    expect(ours.filter((complaint) => !/Failed to load resource: .* 4(?:01|09)/.test(complaint))).toEqual([])
  })

  it('is not submitted with what its reviewer has decided elsewhere and not seen', async () => {
    const { page } = await world.open(REVIEWER, '/reviews/second')
    await page.getByRole('button', { name: /^Keep the other / }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Submit review' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/ stay, and nothing changes in AWS\.$/).waitFor()
    const bruno = await world.signIn(REVIEWER)
    const params = { id: 'second', reviewer: REVIEWER }
    const { version, dueAt, revision } = await bruno.getReviewDraft({ params })
    const verdicts = [{ kind: 'user', name: 'person-0000@acme.example', verdict: 'remove' } as const]
    const elsewhere = { revision, verdicts, ...(version && { version }), ...(dueAt && { dueAt }) }
    await bruno.saveReviewDraft({ params, body: elsewhere })
    await dialog.getByRole('button', { name: 'Submit review' }).click()
    await dialog.getByText('You have changed this review elsewhere in the meantime.').waitFor()
    await dialog.getByRole('button', { name: 'Submit review, remove 1' }).waitFor()
    const noted = await bruno.getReviewDraft({ params })
    await bruno.saveReviewDraft({
      params,
      body: { ...elsewhere, ...(noted.version && { version: noted.version }), verdicts: [], notes: 'left the team' },
    })
    await dialog.getByRole('button', { name: 'Submit review, remove 1' }).click()
    await expect.poll(() => dialog.getByLabel('Notes').inputValue()).toBe('left the team')
    await dialog.getByText('You have changed this review elsewhere in the meantime.').waitFor()
    expect((await world.client.listAccessListReviews({ params: { id: 'second' } })).items).toEqual([])
    await dialog.getByRole('button', { name: 'Go back' }).click()
    await page.getByRole('button', { name: 'Begin anew' }).click()
    await expect.poll(async () => (await bruno.listReviewDrafts({})).items).toEqual([])
  })

  it('is not submitted without a member who came while it was looked at once more', async () => {
    const { page } = await world.open(REVIEWER, '/reviews/second')
    await page.getByRole('button', { name: /^Keep the other / }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Submit review' }).click()
    const dialog = page.getByRole('dialog')
    const submit = dialog.getByRole('button', { name: 'Submit review' })
    await submit.waitFor()
    expect(await submit.isEnabled()).toBe(true)
    const latecomer = 'person-0005@acme.example'
    await world.client.addMember({ params: { id: 'second' }, body: { name: latecomer } })
    await page
      .getByText(/ not decided yet$/)
      .first()
      .waitFor({ state: 'attached' })
    expect(await submit.isEnabled()).toBe(false)
    await dialog.getByText(/ not decided yet$/).waitFor()
    await world.client.removeMember({ params: { id: 'second', member: latecomer }, query: {} })
    await dialog.getByRole('button', { name: 'Go back' }).click()
    const bruno = await world.signIn(REVIEWER)
    const params = { id: 'second', reviewer: REVIEWER }
    const { version = '' } = await bruno.getReviewDraft({ params })
    await bruno.deleteReviewDraft({ params, query: { version } })
  })

  it('stays in the browser while the server can’t be told, and is told later', async () => {
    const { page } = await world.open(REVIEWER, '/reviews/crowd')
    await page.getByText('0 of 1,200 decided').waitFor()
    await page.route(/review-drafts/, (route) => route.abort())
    await page.getByRole('button', { name: 'Keep crowd-0007', exact: true }).click()
    await page.getByText(/^Kept in this browser only: .* can't be reached/).waitFor()
    await page.unroute(/review-drafts/)
    await page.getByText('Saved', { exact: true }).waitFor()
    const bruno = await world.signIn(REVIEWER)
    const { verdicts } = await bruno.getReviewDraft({ params: { id: 'crowd', reviewer: REVIEWER } })
    expect(verdicts).toMatchObject([{ name: 'crowd-0007', verdict: 'keep' }])
    await page.goto(`${world.server.url}/reviews`)
    expect((await bruno.listReviewDrafts({})).items).toMatchObject([{ list: 'crowd', decided: 1 }])
    await page.goto(`${world.server.url}/reviews/crowd`)
    await page.getByText('1 of 1,200 decided').waitFor()
    await page.getByRole('button', { name: 'Begin anew' }).click()
    await page.getByText('0 of 1,200 decided').waitFor()
  })
})
