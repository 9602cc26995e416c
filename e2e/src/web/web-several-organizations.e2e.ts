import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { connectSaml } from '../harness/connect-saml.ts'
import { ORGANIZATION as FIRST, prepareAws } from '../harness/enrol.ts'
import type { Sandbox } from '../harness/sandbox.ts'
import { startTwoOrganizations, type TwoOrganizations } from '../harness/two-organizations.ts'
import { waitFor } from '../harness/wait-for.ts'
import { asText, roleDocument, userDocument } from '../journey/documents.ts'
import { carryMetadata } from './carry-metadata.ts'
import { inBrowser } from './in-browser.ts'
import { lookAt, picture } from './look-at.ts'
import { ADMINISTRATOR, ENGINEER, REVIEWER, startWebWorld, type WebWorld } from './web-world.ts'

const SECOND = 'acme-labs'
const PATH = `/organizations/${SECOND}/enrolment`
/** Of the second organization by its seed: accounts with the management account, groups, people. */
const [ACCOUNTS, GROUPS, PEOPLE] = [5, 4, 8]
const NOT_OURS = /Failed to load resource: .* (?:400|404|409)/

let aws: TwoOrganizations
let world: WebWorld
inBrowser(async (browserName) => {
  // Names are the same in both as far as those of the first go.
  aws = await startTwoOrganizations(
    { seed: 'generated:4x3x6x2x4' },
    { seed: `generated:${ACCOUNTS}x3x${PEOPLE}x${GROUPS}x8:second`, args: ['--iam-lag', '0,0'] },
  )
  world = await startWebWorld(browserName, { aws })
  await connectSaml(world.client, aws.first)
})
afterAll(async () => {
  await world?.[Symbol.asyncDispose]()
  await aws?.stop()
})

// One enrolment in one window, beside an organization that is written to: each test goes on where the one before has ended.
describe('the enrolment of a second organization on the web', { timeout: 90_000 }, () => {
  let page: Page
  let complaints: string[]
  inBrowser(async () => {
    ;({ page, complaints } = await world.open(ADMINISTRATOR, '/organizations'))
    page.setDefaultTimeout(15_000)
  })
  const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name} `) })

  it('begins beside the first, under a name of its own', async () => {
    await row(FIRST).getByText('yes', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Add new integration' }).click()
    const name = page.getByLabel('Name of the organization')
    expect(await name.inputValue()).toBe(`${FIRST}-2`)
    await name.fill(FIRST)
    await page.getByRole('button', { name: 'Enrol AWS Identity Center' }).click()
    await page
      .getByRole('dialog')
      .getByText(new RegExp(`"${FIRST}"`))
      .waitFor()
    expect(await name.getAttribute('aria-invalid')).toBe('true')
    await lookAt(page, 'several-0-taken', 'brief')
    await name.fill(SECOND)
    await page.getByRole('button', { name: 'Enrol AWS Identity Center' }).click()
    await page.waitForURL(`**${PATH}/aws`)
    expect(complaints.splice(0).filter((text) => !NOT_OURS.test(text))).toEqual([])
  })

  it('tries the role in the AWS that its ARN names (step 1)', async () => {
    const { client, server } = world
    const { second: sandbox } = aws
    await page.getByLabel('Region').fill(sandbox.region)
    await page.getByLabel('Instance ARN').fill(sandbox.instanceArn)
    const roleArn = await prepareAws({ client, server, sandbox, owner: ADMINISTRATOR, organization: SECOND })
    await page.getByLabel('Role ARN').fill(roleArn)
    await page.keyboard.press('Enter')
    await page.getByRole('table', { name: 'Permissions of the role' }).waitFor({ timeout: 30_000 })
    await page.getByText(/^The role may do what was tried/).waitFor({ timeout: 30_000 })
    await lookAt(page, 'several-1-aws', 'brief')
    expect(complaints.splice(0)).toEqual([])
  })

  it('shows its own accounts and groups (step 2)', async () => {
    await page.getByRole('link', { name: 'Next: What is there' }).click()
    await page.getByText(`${ACCOUNTS} of ${ACCOUNTS} accounts are inside the filters.`).waitFor({ timeout: 30_000 })
    await page.getByRole('row', { name: new RegExp(`${aws.second.managementAccountId}`) }).waitFor()
    expect(await page.getByText(aws.first.managementAccountId).count()).toBe(0)
    await page.getByRole('button', { name: `Make ${ADMINISTRATOR} the owner` }).click()
    await page.getByText('Groups', { exact: true }).last().click()
    await page.getByText(`${GROUPS} of ${GROUPS} groups are inside the filters.`).waitFor()
    await lookAt(page, 'several-2-preview', 'brief')
    expect(complaints.splice(0)).toEqual([])
  })

  it('carries the metadata of its own, and leaves the service provider of the first (step 3)', async () => {
    await page.getByRole('link', { name: 'Next: Identity source' }).click()
    await page.getByRole('radio', { name: 'Identity Center directory' }).check()
    await page.getByText(/people of Identity Center could not sign in here today/).waitFor({ timeout: 30_000 })
    await carryMetadata(page, aws.second)
    await lookAt(page, 'several-3-identity-source', 'brief')
    expect(complaints.splice(0)).toEqual([])
  })

  it('tries its own SCIM (step 4)', async () => {
    await page.getByRole('link', { name: 'Next: SCIM' }).click()
    await page.getByRole('textbox', { name: 'SCIM endpoint' }).fill(aws.second.scimUrl)
    await page.getByLabel('Access token').fill(aws.first.scimToken)
    await page.keyboard.press('Enter')
    await page.getByText('AWS does not take the token').waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Test the connection' }).isEnabled()).toBe(true)
    await page.getByLabel('Access token').fill(aws.second.scimToken)
    await page.keyboard.press('Enter')
    await page.getByText('AWS takes the address and the token').waitFor()
    expect(complaints.splice(0).filter((text) => !NOT_OURS.test(text))).toEqual([])
  })

  it('is installed in shadow mode, shows its own lists and plan, and starts (step 5)', async () => {
    const before = await aws.second.control.world()
    await page.getByRole('link', { name: 'Next: Verify' }).click()
    await page.getByRole('button', { name: 'Install in shadow mode' }).click()
    const lists = page.getByRole('table', { name: 'Groups and their lists' })
    await lists.getByRole('row', { name: /^group-0003 / }).waitFor({ timeout: 40_000 })
    const operations = page.getByRole('region', { name: 'Operations' })
    await operations.getByText(`Create user ${ENGINEER}`).waitFor({ timeout: 30_000 })
    await page.getByText(/^Nothing until you start; then the plan: \d+ changes? in AWS/).waitFor()
    await lookAt(page, 'several-5-verify')
    expect((await aws.second.control.world()).assignments).toEqual(before.assignments)
    await page.getByRole('button', { name: 'Start writing to AWS' }).click()
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByText('AWS equals the decisions.', { exact: true }).waitFor({ timeout: 40_000 })
    expect((await aws.second.control.user(ENGINEER)).active).toBe(true)
    expect(complaints.splice(0)).toEqual([])
  })

  it('makes a role beside the one of the first (step 6)', async () => {
    await world.client.applyDocuments({
      body: { text: asText([roleDocument('identity-center-access', {})]), mode: 'replace' },
    })
    await page.getByRole('link', { name: 'Next: Roles people need' }).click()
    await page.getByRole('button', { name: 'Make the role' }).click()
    const role = page.getByLabel('Name of the role')
    await expect.poll(() => role.getAttribute('aria-invalid')).toBe('true')
    await page.getByText(/^There is a role "identity-center-access" already/).waitFor()
    await lookAt(page, 'several-6-taken', 'brief')
    await role.fill('labs-access')
    await page.getByRole('button', { name: 'Add a permission set' }).click()
    await page.getByRole('combobox', { name: 'Permission set 1' }).fill('Set0001')
    await page.getByRole('option', { name: 'Set0001' }).click()
    const { accounts, permissionSets } = await aws.second.control.world()
    const account = accounts.find(({ name }) => name === 'account-0001')
    await page.getByRole('combobox', { name: 'Account 1' }).fill('account-0001')
    await page.getByRole('option', { name: `(${account?.id})` }).click()
    const yaml = page.getByRole('group', { name: 'The role as YAML' })
    await yaml.filter({ hasText: permissionSets.find(({ name }) => name === 'Set0001')?.arn ?? '' }).waitFor()
    await page.getByRole('button', { name: 'Make the role' }).click()
    await page.getByText('The role "labs-access" is made.').waitFor()
    expect(complaints.splice(0).filter((text) => !NOT_OURS.test(text))).toEqual([])
  })

  it('leads to its own portal (step 7), and is closed', async () => {
    await page.getByRole('link', { name: 'Next: Connect' }).click()
    await lookAt(page, 'several-7-connect', 'brief')
    const portal = page.context().waitForEvent('page')
    await page.getByRole('link', { name: 'Log In' }).click()
    const opened = await portal
    await opened.waitForURL(`${aws.second.portalUrl}**`)
    await expect.poll(() => opened.title()).toContain('AWS accounts')
    await opened.close()
    await page.getByRole('button', { name: 'Close the enrolment' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Close the enrolment' }).click()
    await page.waitForURL(new RegExp(`/organizations/${SECOND}$`))
    expect(complaints.splice(0)).toEqual([])
  })

  it('is in the list beside the first, each with its state', async () => {
    await page.goto(`${world.server.url}/organizations`)
    for (const [name, sandbox] of [
      [FIRST, aws.first],
      [SECOND, aws.second],
    ] as const) {
      await row(name).getByText(sandbox.managementAccountId).waitFor()
      await row(name).getByText('yes', { exact: true }).waitFor()
    }
    await lookAt(page, 'several-8-organizations')
    expect(complaints.splice(0)).toEqual([])
  })
})

describe('a person with access in two organizations', { timeout: 90_000 }, () => {
  it('signs in to the portal of each at Gatehouse, and finds the account of each there', async () => {
    const places = [await givenIn(aws.first), await givenIn(aws.second)]
    const account_assignments = places.map(({ account, set }) => ({ account: account.id, permission_set: set.arn }))
    const text = asText([roleDocument('both', { account_assignments }), userDocument(ENGINEER, ['access', 'both'])])
    await world.client.applyDocuments({ body: { text, mode: 'replace' } })
    for (const { sandbox } of places)
      await waitFor('the assignment in AWS', async () => {
        return (await sandbox.control.user(ENGINEER)).assignments.length === 1 || undefined
      })
    const { page } = await world.open(ENGINEER, '/')
    for (const { sandbox, account, set } of places) {
      // AWS's own readers lag behind the assignment.
      await waitFor(`the account in the portal of ${sandbox.organizationId}`, async () => {
        await page.goto(sandbox.portalUrl)
        await page.waitForURL(`${sandbox.portalUrl}**`)
        await expect.poll(() => page.title()).toContain('AWS accounts')
        return (await page.getByText(account.id).count()) > 0 || undefined
      })
      await page.getByText(set.name).first().waitFor()
      await picture(page, `several-9-portal-${sandbox.organizationId}`)
      expect((await sandbox.control.signIns(1))[0]).toMatchObject({ outcome: 'signed-in', userName: ENGINEER })
    }
  })

  it('finds both on one page of resources, each account and each organization with a "Log In" of its own', async () => {
    const { page, complaints } = await world.open(ENGINEER, '/resources')
    await page.getByText('2 accounts', { exact: true }).waitFor()
    const applications = page.getByRole('region', { name: 'Applications' })
    for (const [name, sandbox] of [
      [FIRST, aws.first],
      [SECOND, aws.second],
    ] as const) {
      const tile = applications.getByRole('link', { name: `Log In to ${name}` })
      expect(await tile.getAttribute('href')).toBe(sandbox.portalUrl)
      const { account } = await givenIn(sandbox)
      const row = page.getByRole('listitem').filter({ hasText: account.id })
      await row.getByText(name, { exact: true }).waitFor()
      const opened = page.context().waitForEvent('page')
      await row.getByRole('link', { name: 'Log In' }).click()
      const portal = await opened
      await portal.waitForURL(`${sandbox.portalUrl}**`)
      await portal.getByText(account.id).first().waitFor()
      await portal.close()
    }
    await lookAt(page, 'several-10-resources')
    expect(complaints).toEqual([])
  })

  it('asks for accounts of both in one request, whose approval both confirm', async () => {
    const others = await Promise.all(
      [aws.first, aws.second].map(async (sandbox) => {
        const { accounts, permissionSets } = await sandbox.control.world()
        const account = accounts.findLast(({ id }) => id !== sandbox.managementAccountId)
        const set = permissionSets.at(-1)
        if (!account || !set) throw new Error('the seed has too little')
        return { sandbox, account, set }
      }),
    )
    const account_assignments = others.map(({ account, set }) => ({ account: account.id, permission_set: set.arn }))
    const text = asText([
      roleDocument('wanted', { account_assignments }),
      roleDocument('asks', { request: { search_as_roles: ['wanted'] } }),
      roleDocument('judges', { review_requests: { roles: ['wanted'] } }),
      userDocument(ENGINEER, ['access', 'both', 'asks']),
      userDocument(REVIEWER, ['judges']),
    ])
    await world.client.applyDocuments({ body: { text, mode: 'replace' } })
    const { page, complaints } = await world.open(ENGINEER, '/resources?requestable=true')
    for (const { account, set } of others)
      await page
        .getByRole('listitem')
        .filter({ hasText: account.id })
        .getByRole('checkbox', { name: `Ask for ${set.name} on ${account.name}` })
        .check()
    await page.getByRole('button', { name: 'Request access to 2' }).click()
    await page.getByLabel('Why do you need it?').fill('INC-9')
    await page.getByRole('heading', { name: 'Who has to agree' }).waitFor()
    await lookAt(page, 'several-11-cart', 'brief')
    await page.getByRole('button', { name: 'Request access', exact: true }).click()
    await page.waitForURL(/\/requests\/[0-9a-f-]{36}$/)
    const reviewer = await world.open(REVIEWER, new URL(page.url()).pathname)
    await reviewer.page.getByRole('heading', { name: 'What it allows, as AWS says now' }).waitFor()
    for (const { account } of others) await reviewer.page.getByText(account.id).first().waitFor()
    for (const name of [FIRST, SECOND]) {
      await reviewer.page.getByRole('region', { name: 'Where the accounts stand' }).getByText(name).waitFor()
      await reviewer.page.getByRole('region', { name: 'Permission sets' }).getByText(`in ${name}`).waitFor()
    }
    await lookAt(reviewer.page, 'several-12-review', 'brief')
    await reviewer.page.getByRole('button', { name: 'Approve request' }).click()
    await page.getByText('confirmed by AWS', { exact: true }).nth(1).waitFor({ timeout: 40_000 })
    await lookAt(page, 'several-13-confirmed', 'brief')
    for (const { sandbox, account } of others) {
      const { assignments } = await sandbox.control.user(ENGINEER)
      expect(assignments.map(({ accountId }) => accountId)).toContain(account.id)
    }
    await page.getByRole('button', { name: 'End access now' }).click()
    await page.getByRole('button', { name: 'End the access' }).click()
    await page.getByText('ended', { exact: true }).nth(1).waitFor({ timeout: 40_000 })
    expect([...complaints, ...reviewer.complaints]).toEqual([])
  })
})

/** A member account of an organization, and a permission set. */
async function givenIn(sandbox: Sandbox) {
  const { accounts, permissionSets } = await sandbox.control.world()
  const account = accounts.find(({ id }) => id !== sandbox.managementAccountId)
  const [set] = permissionSets
  if (!account || !set) throw new Error('the seed has too little')
  return { sandbox, account, set }
}
