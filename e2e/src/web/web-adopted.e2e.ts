import { afterAll, describe, expect, it } from 'vitest'
import { enrol, ORGANIZATION, untilAdopted } from '../harness/enrol.ts'
import { waitFor } from '../harness/wait-for.ts'
import { expectNoViolations, expectToFit } from './expect-to-fit.ts'
import { inBrowser } from './in-browser.ts'
import { lookAt } from './look-at.ts'
import { ADMINISTRATOR, ENGINEER, startWebWorld, type WebWorld } from './web-world.ts'

const PATH = `/organizations/${ORGANIZATION}`
const params = { name: ORGANIZATION }

describe('the page of adopted assignments', { timeout: 90_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName, { isEnrolled: false })
    const { client, server, sandbox } = world
    const { control, identityStoreId: IdentityStoreId } = sandbox
    const profile = { DisplayName: 'Ana', Name: { GivenName: 'Ana', FamilyName: 'A' } }
    await control.perform('identitystore', 'CreateUser', { IdentityStoreId, UserName: ENGINEER, ...profile })
    const { id: PrincipalId } = await control.user(ENGINEER)
    const { accounts, permissionSets } = await control.world()
    for (const { id: TargetId } of accounts.filter(({ id }) => id !== sandbox.managementAccountId).slice(0, 3))
      await control.perform('sso-admin', 'CreateAccountAssignment', {
        InstanceArn: sandbox.instanceArn,
        PermissionSetArn: permissionSets[0]?.arn,
        TargetId,
        TargetType: 'AWS_ACCOUNT',
        PrincipalType: 'USER',
        PrincipalId,
      })
    await enrol({ client, server, sandbox, owner: ADMINISTRATOR })
    await untilAdopted(client)
    const { hash: planHash } = await client.getPlan({ params })
    await client.startOrganization({ params, body: { planHash } })
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('is reached from the status, ends two of three, and follows them until AWS has let go', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, PATH)
    await page.getByRole('link', { name: '3 found in AWS and taken over' }).click()
    const table = page.getByRole('region', { name: 'Adopted assignments' })
    const rows = table.getByRole('checkbox', { name: new RegExp(`of ${ENGINEER}`) })
    await rows.nth(2).waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'adopted')
    // What may be done with them is there once some are chosen.
    expect(await page.getByRole('button', { name: /^End / }).count()).toBe(0)
    await rows.nth(0).check()
    await rows.nth(1).check()
    await page.getByRole('button', { name: 'End 2 assignments' }).click()
    const dialog = page.getByRole('dialog', { name: 'End 2 adopted assignments?' })
    await dialog.getByText(new RegExp(`^${ENGINEER} loses .* on 2 accounts$`)).waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'adopted-question', 'brief')
    // What is read anew under the question is not what it is about.
    await page.route(/\/adopted-assignments\?/, async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, body: (await answer.text()).replaceAll('"goes"', '"stays"') })
    })
    await waitFor('the rows to be read anew', async () => {
      await page.evaluate("window.dispatchEvent(new Event('visibilitychange'))")
      return (await table.getByText('kept', { exact: true }).count()) === 3 ? true : undefined
    })
    expect(await dialog.getByText(new RegExp(`^${ENGINEER} loses .* on 2 accounts$`)).isVisible()).toBe(true)
    await page.unrouteAll()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await rows.count()).toBe(3)
    await page.getByRole('button', { name: 'End 2 assignments' }).click()
    await dialog.getByRole('button', { name: 'End 2', exact: true }).click()
    const ended = page.getByRole('region', { name: 'Ended within the last day' })
    await ended.getByText('gone, AWS confirmed').nth(1).waitFor({ timeout: 30_000 })
    await page.getByText('1 adopted assignment', { exact: true }).waitFor()
    expect((await world.sandbox.control.user(ENGINEER)).assignments).toHaveLength(1)
    // The longest words for a time of the last day.
    await page.clock.setFixedTime(Date.now() + 59 * 60_000)
    await page.reload()
    await ended.getByText('59 minutes ago').first().waitFor()
    const cut = await page.evaluate(
      `[...document.querySelectorAll('section[aria-label="Ended within the last day"] td:has(time)')]
        .filter((one) => [one, ...one.children].some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth && clientWidth > 0)).length`,
    )
    expect(cut).toBe(0)
    await lookAt(page, 'adopted-ended')
    expect(complaints).toEqual([])
  })

  it('is reached from what somebody has, with what is looked for in the address', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, `/users/${encodeURIComponent(ENGINEER)}`)
    await page.getByRole('link', { name: 'found in AWS and taken over' }).click()
    await page.waitForURL(/tab=adopted&search=/)
    expect(await page.getByRole('searchbox').inputValue()).toBe(ENGINEER)
    await page.getByText('1 adopted assignment', { exact: true }).waitFor()
    await page.getByRole('searchbox').fill('nobody')
    await page.getByText('None of them is called so.').waitFor()
    expect(page.url()).toContain('search=nobody')
    expect(complaints).toEqual([])
  })

  it.each([
    ['dark', 1280],
    ['light', 375],
  ] as const)('fits the screen, %s at %d pixels', async (scheme, width) => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/', { scheme, width })
    await expectToFit(page, world, `${PATH}?tab=adopted`)
    expect(complaints).toEqual([])
  })

  // The last one: the organization is gone after it.
  it('stays beside the page that removes the organization with what Gatehouse made, and nothing else, in AWS', async () => {
    const { client, sandbox } = world
    const { accounts, permissionSets } = await sandbox.control.world()
    const account = accounts.find(({ id }) => id !== sandbox.managementAccountId)
    const set = permissionSets[1]
    const role = `${set?.name}-on-${account?.name}-${account?.id}`
    const text = `kind: user\nversion: v2\nmetadata: {name: ${ENGINEER}}\nspec: {roles: [access, '${role}']}`
    const heldNow = async () => (await sandbox.control.user(ENGINEER)).assignments.length
    const [adopted, others] = [await heldNow(), (await sandbox.control.world()).groups]
    await client.applyDocuments({ body: { text, mode: 'replace' } })
    await waitFor('AWS to have it', async () => ((await heldNow()) === adopted + 1 ? true : undefined))
    const { page, complaints } = await world.open(ADMINISTRATOR, `${PATH}/removal`)
    const tick = page.getByRole('checkbox', { name: 'Take away in AWS first what Gatehouse made there' })
    await tick.waitFor()
    expect(await tick.isChecked()).toBe(false)
    await tick.check()
    await page.getByText(`${set?.name} on ${account?.name} for ${ENGINEER}`).first().waitFor()
    await page.getByRole('heading', { name: 'Made by Gatehouse, and still in AWS: 1' }).waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'removal-made')
    await page.getByRole('button', { name: 'Remove the organization' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/^AWS lets go of what Gatehouse made there/).waitFor()
    await dialog.getByRole('button', { name: 'Remove the organization' }).click()
    await page.getByText('The removal has begun').waitFor()
    await page.getByText(/; 0 are still there\./).waitFor({ timeout: 30_000 })
    await expectNoViolations(page)
    await lookAt(page, 'removal-begun', 'brief')
    expect(await heldNow()).toBe(adopted)
    await page.getByRole('button', { name: 'End the removal' }).click()
    await dialog.getByRole('button', { name: 'End the removal' }).click()
    await page.getByRole('heading', { name: `${ORGANIZATION} is removed` }).waitFor()
    await page.getByText(/^Of what Gatehouse made, AWS has let go of /).waitFor()
    expect([await heldNow(), (await sandbox.control.world()).groups.length]).toEqual([adopted, others.length])
    expect(complaints).toEqual([])
  })
})
