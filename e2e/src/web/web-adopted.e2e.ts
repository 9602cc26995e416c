import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findBrowser } from '../harness/browser.ts'
import { enrol, ORGANIZATION, untilAdopted } from '../harness/enrol.ts'
import { expectNoViolations, expectToFit } from './expect-to-fit.ts'
import { lookAt } from './look-at.ts'
import { ADMINISTRATOR, ENGINEER, startWebWorld, type WebWorld } from './web-world.ts'

const browserName = findBrowser()
const PATH = `/organizations/${ORGANIZATION}`
const params = { name: ORGANIZATION }

describe('the page of adopted assignments', { timeout: 90_000 }, () => {
  let world: WebWorld
  beforeEach((test) => {
    if (browserName === undefined) test.skip('there is no Chromium here')
  })
  beforeAll(async () => {
    if (browserName === undefined) return
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
  }, 120_000)
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('is reached from the status, ends two of three, and follows them until AWS has let go', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, PATH)
    await page.getByRole('link', { name: '3 found in AWS and taken over' }).click()
    const table = page.getByRole('region', { name: 'Adopted assignments' })
    const rows = table.getByRole('checkbox', { name: new RegExp(`of ${ENGINEER}`) })
    await rows.nth(2).waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'adopted')
    expect(await page.getByRole('button', { name: 'End 0 assignments' }).isDisabled()).toBe(true)
    await rows.nth(0).check()
    await rows.nth(1).check()
    await page.getByRole('button', { name: 'End 2 assignments' }).click()
    const dialog = page.getByRole('dialog', { name: 'End 2 adopted assignments?' })
    await dialog.getByText(new RegExp(`^${ENGINEER} loses .* on 2 accounts$`)).waitFor()
    await expectNoViolations(page)
    await lookAt(page, 'adopted-question', 'brief')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await rows.count()).toBe(3)
    await page.getByRole('button', { name: 'End 2 assignments' }).click()
    await dialog.getByRole('button', { name: 'End 2', exact: true }).click()
    const ended = page.getByRole('region', { name: 'Ended within the last day' })
    await ended.getByText('gone, AWS confirmed').nth(1).waitFor({ timeout: 30_000 })
    await page.getByText('1 adopted assignment', { exact: true }).waitFor()
    expect((await world.sandbox.control.user(ENGINEER)).assignments).toHaveLength(1)
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
})
