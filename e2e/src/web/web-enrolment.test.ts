import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findBrowser } from '../harness/browser.ts'
import { ORGANIZATION } from '../harness/enrol.ts'
import { setUpAws } from '../harness/set-up-aws.ts'
import { carryMetadata } from './carry-metadata.ts'
import { placeOfFocus } from './keyboard.ts'
import { lookAt } from './look-at.ts'
import { ADMINISTRATOR, startWebWorld, type WebWorld } from './web-world.ts'

const browserName = findBrowser()
const params = { name: ORGANIZATION }
const PATH = `/organizations/${ORGANIZATION}/enrolment`
/** What the server refuses is answered by a status that the browser complains of by itself. */
const NOT_OURS = /Failed to load resource: .* (?:400|403|404|409|412|502)/

// One enrolment in one window, from the first step to the removal: each test goes on where the one before has ended.
describe('the enrolment on the web', { timeout: 60_000 }, () => {
  let world: WebWorld
  let page: Page
  let complaints: string[]
  beforeEach((test) => {
    if (browserName === undefined) test.skip('there is no Chromium here')
  })
  beforeAll(async () => {
    if (browserName === undefined) return
    world = await startWebWorld(browserName, { isEnrolled: false, seed: 'acme', sandboxArgs: ['--iam-lag', '0,0'] })
    ;({ page, complaints } = await world.open(ADMINISTRATOR, '/organizations'))
    page.setDefaultTimeout(10_000)
  }, 120_000)
  afterAll(() => world?.[Symbol.asyncDispose]())

  const given = async () => (await world.client.getEnrolment({ params })).given

  it('begins at "Add new integration", and keeps what is typed when the field is left (GD-21, GD-23)', async () => {
    await page.getByText('No organization is enrolled yet').waitFor()
    await page.getByRole('button', { name: 'Add new integration' }).click()
    await page.getByRole('dialog').getByText('AWS Identity Center', { exact: true }).waitFor()
    await lookAt(page, '0-begin', 'brief')
    await page.getByRole('button', { name: 'Enrol AWS Identity Center' }).click()
    await page.waitForURL(`**${PATH}/aws`)
    await page.getByText(/AWS would not take http:.* as the issuer; a sandbox does/).waitFor()
    await page.getByText('An OIDC provider and a role in AWS').waitFor()
    // What is missing says so when it is left, and when something is asked for that needs it.
    const marked = (label: string) => page.getByLabel(label).and(page.locator('[aria-invalid="true"]'))
    await page.getByLabel('Region').focus()
    await page.keyboard.press('Tab')
    await marked('Region').waitFor()
    await page.getByRole('button', { name: 'Check the role' }).press('Enter')
    await marked('Role ARN').and(page.locator(':focus')).waitFor()
    await page.getByLabel('Region').fill(world.sandbox.region)
    await page.getByLabel('Instance ARN').fill(world.sandbox.instanceArn)
    await page.getByLabel('Role ARN').fill('arn:aws:iam::1')
    const script = page.getByRole('group', { name: 'The set-up as bash' })
    await script.getByText('create-open-id-connect-provider').first().waitFor()
    await page.getByRole('checkbox', { name: /^Names of organizational units/ }).check()
    await script.getByText('organizations:ListTagsForResource').first().waitFor()
    await page.getByText('CloudFormation', { exact: true }).click()
    await page
      .getByRole('group', { name: 'The set-up as CloudFormation' })
      .getByText('AWS::IAM::Role')
      .first()
      .waitFor()
    await page.getByText('Terraform', { exact: true }).click()
    await page.getByRole('group', { name: 'The set-up as Terraform' }).getByText('aws_iam_role').first().waitFor()
    await page.getByRole('button', { name: 'Copy The set-up as Terraform' }).waitFor()
    expect(await given()).toMatchObject({ region: world.sandbox.region, extras: ['organization-details'] })
    expect(complaints.splice(0)).toEqual([])
  })

  it('is found again by whoever comes later, with what was typed and not saved', async () => {
    await page.getByLabel('IAM role name').focus()
    await page.keyboard.type('Half')
    await page.goto(`${world.server.url}/organizations`)
    await page.getByRole('link', { name: `Go on with ${ORGANIZATION}` }).waitFor()
    await lookAt(page, '0-begun', 'brief')
    await page.getByRole('link', { name: `Go on with ${ORGANIZATION}` }).click()
    await page.waitForURL(`**${PATH}/aws`)
    expect(await page.getByLabel('IAM role name').inputValue()).toBe('Half')
    expect(await page.getByLabel('Instance ARN').inputValue()).toBe(world.sandbox.instanceArn)
    expect((await given()).roleName).toBeUndefined()
  })

  it('asks only when two people change the same field', async () => {
    await world.client.editEnrolment({ params, body: { integration: 'theirs', roleName: 'Theirs' } })
    await page.getByLabel('IAM role name').fill('Mine')
    await page.keyboard.press('Tab')
    await page.getByText(`${ADMINISTRATOR} has saved: Theirs`).waitFor()
    await page.getByRole('button', { name: 'Save mine: IAM role name' }).click()
    await expect.poll(async () => await given()).toMatchObject({ roleName: 'Mine', integration: 'theirs' })
    await page.getByLabel('IAM role name').fill('')
    await page.getByLabel('Integration name').fill('aws-oidc')
    await page.getByLabel('Region').focus()
    await expect.poll(async () => (await given()).integration).toBe('aws-oidc')
    expect(complaints.splice(0).filter((text) => !NOT_OURS.test(text))).toEqual([])
  })

  it('names the permissions that the role lacks, and those that only using them would prove (GD-22)', async () => {
    await page.getByRole('checkbox', { name: /^One status call/ }).check()
    await page.getByLabel('Role ARN').fill(await runScript(world))
    await page.keyboard.press('Enter')
    const table = page.getByRole('table', { name: 'Permissions of the role' })
    await table.waitFor({ timeout: 20_000 })
    const row = (action: string) => table.getByRole('row', { name: new RegExp(`^${action} `) })
    await row('sso:ListAccountAssignmentCreationStatus').getByText('missing, optional').waitFor()
    await row('sso:CreateAccountAssignment').getByText('unproven').waitFor()
    await row('sso:ListPermissionSets').getByText('allowed').waitFor()
    await page.getByText(/^The role lacks sso:ListAccountAssignment/).waitFor()
    await page.getByRole('checkbox', { name: /^One status call/ }).uncheck()
    await page.getByText('The role has not been checked with what is given now.').waitFor()
    await page.getByRole('button', { name: 'Check the role' }).click()
    await page.getByText(/^The role may do what was tried/).waitFor({ timeout: 20_000 })
    await lookAt(page, '1-aws')
    expect(complaints.splice(0)).toEqual([])
  })

  it('shows what is there, inside the filters and outside, and proposes the installer as the owner (GD-24, GD-25)', async () => {
    await filterByTag()
    await page.getByText('24 of 24 accounts are inside the filters.').waitFor({ timeout: 20_000 })
    await page.getByRole('button', { name: `Make ${ADMINISTRATOR} the owner` }).click()
    await page.getByText('Groups', { exact: true }).last().click()
    await page.getByText('20 of 20 groups are inside the filters.').waitFor({ timeout: 20_000 })
    const [group] = (await world.sandbox.control.world()).groups
    if (!group) throw new Error('the seed has no group')
    await page.getByRole('button', { name: 'Add to “Groups”' }).click()
    await page.getByLabel('Groups, part 1: include or exclude').selectOption('exclude')
    await page.getByLabel('Groups, part 1: pattern').fill('^[$')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: '^[$' }).waitFor()
    await page.getByLabel('Groups, part 1: pattern').fill(group.displayName)
    await page.keyboard.press('Enter')
    await page.getByText('19 of 20 groups are inside the filters.').waitFor()
    await page.getByText('Outside', { exact: true }).click()
    await page.waitForURL(/show=outside/)
    await page.getByRole('row', { name: new RegExp(`^${group.displayName} outside`) }).waitFor()
    await page.getByText('1 group', { exact: true }).waitFor()
    await lookAt(page, '2-preview')
    await page.getByRole('button', { name: 'Groups: leave out part 1' }).click()
    await expect.poll(async () => (await given()).groupFilter).toBeUndefined()
    expect((await given()).defaultOwners).toEqual([ADMINISTRATOR])
    await page.getByText('Permission sets', { exact: true }).click()
    await page.getByLabel('Search by name or id').fill('readonly')
    await page.getByRole('row', { name: /^ReadOnlyAccess/ }).waitFor()
    expect(complaints.splice(0).filter((text) => !NOT_OURS.test(text))).toEqual([])
  })

  /** A filter by tag, which is not offered while the role may not read tags. */
  async function filterByTag(): Promise<void> {
    const { control } = world.sandbox
    const refused = page.getByText('The role may not read tags, so there is no filter by them.')
    await control.addFault({ kind: 'access-denied', service: 'organizations', operation: 'ListTagsForResource' })
    await page.getByRole('link', { name: 'Next: What is there' }).click()
    await refused.waitFor({ timeout: 20_000 })
    await page.getByRole('button', { name: 'Add to “Accounts”' }).click()
    const field = page.getByLabel('Accounts, part 1: by name, id, unit or tag')
    expect(await field.getByRole('option', { name: 'tag', includeHidden: true }).isDisabled()).toBe(true)
    await lookAt(page, '2-no-tags', 'brief')
    await control.clearFaults()
    await world.client.previewAccounts({ params, query: { refresh: true } })
    await page.reload()
    await page.getByText('24 of 24 accounts are inside the filters.').waitFor()
    expect(await refused.count()).toBe(0)

    await page.getByRole('button', { name: 'Add to “Accounts”' }).click()
    await field.selectOption('tag')
    await page.getByLabel('Accounts, part 1: key of the tag').fill('environment')
    await page.getByLabel('Accounts, part 1: value of the tag').fill('prod')
    await page.keyboard.press('Enter')
    const { accounts } = await control.world()
    const prod = accounts.filter(({ tags }) => tags['environment'] === 'prod')
    await page.getByText(`${prod.length} of 24 accounts are inside the filters.`).waitFor()
    const table = page.getByRole('table', { name: 'Accounts' })
    await table
      .getByRole('row', { name: /^Web Prod \d+ .*inside .*Root\/Workloads\/Production .*environment=prod/ })
      .waitFor()
    await table
      .getByRole('row', { name: /outside: no part lets it in/ })
      .first()
      .waitFor()
    await lookAt(page, '2-tags', 'brief')
    await page.getByRole('button', { name: 'Accounts: leave out part 1' }).click()
    await expect.poll(async () => (await given()).accountFilter).toBeUndefined()
  }

  it('carries metadata both ways, warns of Active Directory, and lets in who would be locked out (GD-26)', async () => {
    await page.goto(`${world.server.url}${PATH}/identity-source`)
    await page.getByRole('radio', { name: 'Active Directory' }).check()
    await page.getByText(/AWS deletes all users, groups and assignments of Identity Center/).waitFor()
    await page.getByText(/^78 of 80 people of Identity Center could not sign in here today/).waitFor()
    await page.getByLabel('Search people by name').fill('boris@')
    await page.getByText('1 person', { exact: true }).waitFor()
    await page.getByLabel('Service provider metadata').fill('<not-metadata/>')
    await page.getByLabel('Name of the service provider').focus()
    await page.getByRole('alert').getByText('Download the metadata file again').waitFor()
    await page.getByRole('link', { name: /^3. Identity source failed: / }).waitFor()
    await lookAt(page, '3-identity-source-wrong', 'brief')
    await page.getByRole('radio', { name: 'Identity Center directory' }).check()
    await carryMetadata(page, world.sandbox)

    await page.getByRole('button', { name: 'Make link for boris@acme.example' }).click()
    await page
      .getByRole('dialog')
      .getByText(/\/set-password\//)
      .waitFor()
    await lookAt(page, '3-links', 'brief')
    await page.keyboard.press('Escape')
    await page.getByRole('row', { name: /^boris@acme.example The user has not set a password/ }).waitFor()
    await lookAt(page, '3-identity-source')
    await page.getByLabel('Search people by name').fill('')
    await page.getByText('78 people', { exact: true }).waitFor()
    expect(complaints.splice(0)).toEqual([])
  })

  it('asks before it makes links for many, makes them for those who are shown, and loses none that it made', async () => {
    const dialog = page.getByRole('dialog')
    await page.getByLabel('Search people by name').fill('mar')
    await page.getByText(/^\d people$/).waitFor()
    const found = await page.getByRole('table', { name: 'People who could not sign in' }).getByRole('row').count()
    await page.getByRole('button', { name: `Make links for the ${found - 1} found` }).click()
    await dialog.getByText(`Make links for the ${found - 1} people found by “mar”?`).waitFor()
    await lookAt(page, '3-links-question', 'brief')
    await dialog.getByRole('button', { name: 'Leave it' }).click()
    expect(await world.client.listUsers({ query: { search: 'mar' } })).toMatchObject({ items: [] })
    await page.getByRole('button', { name: `Make links for the ${found - 1} found` }).click()
    await dialog.getByRole('button', { name: `Make ${found - 1} links` }).click()
    await dialog.getByRole('row').nth(found).waitFor({ timeout: 20_000 })
    await dialog.getByRole('row', { name: /^boris@/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByLabel('Search people by name').fill('')
    await page.getByRole('button', { name: `Show ${found} links` }).waitFor()

    await page.getByRole('button', { name: 'Make links for everybody' }).click()
    await dialog.getByText(/keep theirs/).waitFor()
    await page.route('**/locked-out/links', (route) => route.abort())
    await dialog.getByRole('button', { name: /^Make \d+ links$/ }).click()
    await dialog.getByRole('alert').waitFor()
    await page.unroute('**/locked-out/links')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: `Show ${found} links` }).click()
    await dialog.getByRole('row', { name: /^boris@/ }).waitFor()
    await dialog.getByRole('button', { name: 'They are given' }).click()
    expect(await page.getByRole('button', { name: /^Show \d+ links$/ }).count()).toBe(0)
    expect(complaints.splice(0).filter((text) => !/ERR_FAILED/.test(text))).toEqual([])
  })

  it('tells apart what is wrong with SCIM, and keeps the token to itself (GD-27)', async () => {
    const { sandbox } = world
    await page.getByRole('link', { name: 'Next: SCIM' }).click()
    await page.getByRole('textbox', { name: 'SCIM endpoint' }).fill('https://scim.example.com/tenant/scim/v2')
    await page.getByLabel('Access token').fill('wrong')
    const test = page.getByRole('button', { name: 'Test the connection' })
    await test.click()
    await page.getByText('Not a SCIM endpoint of AWS').waitFor()
    await page.getByRole('textbox', { name: 'SCIM endpoint' }).fill(sandbox.scimUrl)
    await page.keyboard.press('Tab')
    const held = Promise.withResolvers<undefined>()
    await page.route(`**/v1/enrolments/${ORGANIZATION}`, async (route) => {
      if (route.request().method() !== 'GET') await held.promise
      await route.continue()
    })
    await page.getByLabel('Access token').fill('the-first')
    await page.keyboard.press('Enter')
    await page.getByLabel('Access token').fill('wrong')
    const saved = page.waitForResponse((response) => response.request().method() === 'POST')
    held.resolve(undefined)
    await saved
    await page.unroute(`**/v1/enrolments/${ORGANIZATION}`)
    expect(await page.getByLabel('Access token').inputValue(), 'what came after the first').toBe('wrong')
    await expect.poll(() => test.isEnabled()).toBe(true)
    const tested = page.waitForResponse((response) => response.url().endsWith('/scim'))
    await test.click()
    await tested
    await page.getByText('AWS does not take the token').waitFor()
    await lookAt(page, '4-scim-wrong', 'brief')
    await page.getByLabel('Access token').fill(sandbox.scimToken)
    await page.keyboard.press('Enter')
    await page.getByText('AWS takes the address and the token').waitFor()
    expect(await page.getByLabel('Access token').inputValue()).toBe('')
    expect(await page.content()).not.toContain(sandbox.scimToken)
    await lookAt(page, '4-scim')
    expect(complaints.splice(0)).toEqual([])
  })

  it('says why an import has failed, and how far it has come when it is tried again', async () => {
    const { control } = world.sandbox
    await page.getByRole('link', { name: 'Next: Verify' }).press('Enter')
    await page.getByText('Nothing is written until you start.').waitFor()
    await expect.poll(() => placeOfFocus(page)).toBe('section Verify')
    await page.getByText(/\/platform\/saml\/acs/).waitFor()
    const colleague = { accountFilter: [{ match: 'exclude', field: 'name', pattern: 'nothing-of-that-name' }] } as const
    await world.client.editEnrolment({ params, body: { accountFilter: [...colleague.accountFilter] } })
    const install = page.getByRole('button', { name: 'Install in shadow mode' })
    await install.click()
    await page.getByText(`${ADMINISTRATOR} has changed the enrolment since you opened this page`).waitFor()
    await page.getByText('exclude name nothing-of-that-name').waitFor()
    expect(await install.isDisabled()).toBe(true)
    expect((await world.client.listOrganizations()).items).toEqual([])
    await lookAt(page, '5-changed', 'brief')
    await page.getByRole('button', { name: 'I have looked at it' }).press('Enter')
    await expect.poll(() => placeOfFocus(page)).toBe('section What happens now')
    await lookAt(page, '5-install', 'brief')
    await control.addFault({ kind: 'access-denied', service: 'sso-admin', operation: 'DescribePermissionSet' })
    await install.press('Enter')
    const failure = page.getByRole('alert').filter({ hasText: `The import of ${ORGANIZATION} has failed` })
    await failure.waitFor({ timeout: 20_000 })
    await expect.poll(() => placeOfFocus(page)).toMatch(/^(section|h1) (?!$)/)
    await lookAt(page, '5-failed', 'brief')
    await page.goto(`${world.server.url}/access-lists`)
    await failure.getByText(/DescribePermissionSet|not authorized/i).waitFor()
    await control.clearFaults()
    await control.addFault({ kind: 'latency', service: 'identitystore', operation: 'ListGroupMemberships', ms: 1_000 })
    await page.getByRole('button', { name: 'Try again now' }).click()
    await page.getByText(`Importing ${ORGANIZATION}: Reading members`).waitFor({ timeout: 20_000 })
    await page.getByText(/of 20 groups\./).waitFor()
    await page.getByText('Lists are being made from the groups of AWS.').waitFor()
    await lookAt(page, '5-importing', 'brief')
    await control.clearFaults()
    await page.getByText('20 lists', { exact: true }).waitFor({ timeout: 30_000 })
    await page
      .getByText(/^Importing/)
      .first()
      .waitFor({ state: 'detached' })
    expect(complaints.splice(0).filter((text) => !NOT_OURS.test(text))).toEqual([])
  })

  it('shows the plan in shadow mode beside the lists that were made, and starts (GD-28)', async () => {
    await world.client.createUser({ body: { name: 'newcomer@acme.example', roles: ['access'] } })
    await page.goto(`${world.server.url}${PATH}/verify`)
    const lists = page.getByRole('table', { name: 'Groups and their lists' })
    await lists.getByRole('row').nth(1).waitFor({ timeout: 20_000 })
    const cells = await lists.getByRole('row').nth(1).getByRole('cell').allInnerTexts()
    expect(cells[0]).toBe(cells[2])
    expect(cells[1]).toBe(cells[3])
    await page.getByRole('button', { name: `Compare members of ${cells[0]}` }).click()
    const compared = page.getByRole('dialog', { name: `Members of ${cells[0]}` })
    await compared.getByText(`In AWS: ${cells[1]}`).waitFor()
    const names = (side: string) => compared.getByRole('region', { name: side }).getByRole('listitem').allInnerTexts()
    expect(await names('In AWS')).toEqual(await names('Here'))
    expect(await names('Here')).toHaveLength(Number(cells[3]))
    await lookAt(page, '5-compared', 'brief')
    await page.keyboard.press('Escape')
    await page
      .getByRole('region', { name: 'Operations' })
      .getByText(/^Create user .*newcomer@acme.example/)
      .waitFor()
    await page.getByText(/^Nothing until you start; then the plan: \d+ changes? in AWS/).waitFor()
    await lookAt(page, '5-verify')
    await page.getByRole('button', { name: 'Start writing to AWS' }).click()
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByText('AWS equals the decisions.', { exact: true }).waitFor({ timeout: 40_000 })
    expect((await world.client.getEnrolment({ params })).steps.find((one) => one.step === 'verify')?.state).toBe('done')
    expect(complaints.splice(0)).toEqual([])
  })

  it('makes the role that people need, and leads to the portal of AWS (GD-29)', async () => {
    await page.getByRole('link', { name: 'Next: Roles people need' }).click()
    await page.getByRole('button', { name: 'Add a permission set' }).click()
    await page.getByRole('combobox', { name: 'Permission set 1' }).fill('ReadOnly')
    await page.getByRole('option', { name: 'ReadOnlyAccess' }).click()
    const [account] = (await world.sandbox.control.world()).accounts.slice(-1)
    await page.getByRole('combobox', { name: 'Account 1' }).fill(account?.name ?? '')
    await page.getByRole('option', { name: `(${account?.id})` }).click()
    const yaml = page.getByRole('group', { name: 'The role as YAML' })
    await yaml.filter({ hasText: `account: "${account?.id}"` }).waitFor()
    await yaml.filter({ hasText: 'permission_set: "arn:aws:sso' }).waitFor()
    await page.getByRole('button', { name: 'Add a permission set' }).click()
    await page.getByRole('combobox', { name: 'Account 2' }).fill('prod')
    await page.getByText('Row 2 is not in it: it has no permission set.').waitFor()
    await page.getByRole('button', { name: 'Make the role' }).click()
    await page.getByText('Choose a permission set, or leave row 2 out.').waitFor()
    const query = { search: 'identity-center-access' }
    expect(await world.client.listDocuments({ params: { kind: 'role' }, query })).toMatchObject({ items: [] })
    await page.getByRole('button', { name: 'Leave out row 2' }).click()
    await page.getByRole('button', { name: 'Make the role' }).click()
    await page.getByText('The role "identity-center-access" is made.').waitFor()
    await page.getByLabel('Name of the role').fill('another')
    expect(await page.getByText('The role "another" is made.').count()).toBe(0)
    await page.getByText('The role "identity-center-access" is made.').waitFor()
    expect(await page.getByText('matches nothing').count()).toBe(0)
    await lookAt(page, '6-access')
    await page.getByRole('link', { name: 'Next: Connect' }).click()
    await page.getByText(`tsh login --proxy=${world.server.url} --user=${ADMINISTRATOR}`).waitFor()
    await lookAt(page, '7-connect')
    const portal = page.context().waitForEvent('page')
    await page.getByRole('link', { name: 'Log In' }).click()
    const opened = await portal
    await opened.waitForURL(`${world.sandbox.portalUrl}**`)
    await expect.poll(() => opened.title()).toContain('AWS accounts')
    await opened.close()
    await page.getByRole('button', { name: 'Close the enrolment' }).click()
    await lookAt(page, '7-close', 'brief')
    await page.getByRole('dialog').getByRole('button', { name: 'Close the enrolment' }).click()
    await page.waitForURL(new RegExp(`/organizations/${ORGANIZATION}$`))
    expect(complaints.splice(0)).toEqual([])
  })

  it('changes settings after showing who and what leaves, and rotates the token', async () => {
    await page.goto(`${world.server.url}/organizations/${ORGANIZATION}?tab=settings`)
    await page.getByText('24 of 24 accounts are inside the filter.').waitFor()
    await page.getByRole('link', { name: 'Edit settings' }).click()
    await page.getByRole('button', { name: 'Show the effect' }).click()
    await page.getByText('Nothing is different from what is saved.').waitFor()
    await page.getByRole('button', { name: 'Add to “Accounts”' }).click()
    await page.getByLabel('Accounts, part 1: include or exclude').selectOption('exclude')
    const [account] = (await world.sandbox.control.world()).accounts.slice(-1)
    await page.getByLabel('Accounts, part 1: pattern').fill(account?.name ?? '')
    await page.reload()
    await page.getByText('What you typed is kept in this browser until you save it.').waitFor()
    await lookAt(page, '8-settings', 'brief')
    await page.getByRole('button', { name: 'Show the effect' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/accounts? leaves? the filter/).waitFor()
    await lookAt(page, '8-effect', 'brief')
    await dialog.getByRole('button', { name: 'Save settings' }).click()
    await page.waitForURL(/tab=settings$/)
    const { accountFilter } = await world.client.getOrganization({ params })
    expect(accountFilter).toEqual([{ match: 'exclude', field: 'name', pattern: account?.name }])
    await page.getByText(`leaves at the next look at AWS: left out by name ${account?.name}`).waitFor()

    await page.getByRole('button', { name: 'Rotate the SCIM token' }).click()
    await dialog.getByLabel('New access token').fill('not-a-token')
    await dialog.getByRole('button', { name: 'Use the new token' }).click()
    await expect.poll(() => dialog.getByLabel('New access token').getAttribute('aria-invalid')).toBe('true')
    await lookAt(page, '8-rotate', 'brief')
    await dialog.getByLabel('New access token').fill(world.sandbox.scimToken)
    await dialog.getByRole('button', { name: 'Use the new token' }).click()
    await page.getByText(/^The new token of .* is in use/).waitFor()
    expect(complaints.splice(0).filter((text) => !NOT_OURS.test(text))).toEqual([])
  })

  it('removes the organization after one report, and shows the other (GD-52, GD-53, GD-55, GD-56)', async () => {
    const { client } = world
    const [list] = (await client.listAccessLists({})).items
    const expires = new Date(Date.now() + 3_600_000).toISOString()
    await client.addMember({ params: { id: list?.id ?? '' }, body: { name: ADMINISTRATOR, expires } })
    await expect
      .poll(async () => (await client.previewRemoval({ params })).counts.withEnd, { timeout: 20_000 })
      .toBeGreaterThan(0)
    await page.getByRole('link', { name: 'Remove organization' }).click()
    await page.getByRole('heading', { name: `Remove ${ORGANIZATION}?` }).waitFor()
    const remove = page.getByRole('button', { name: 'Remove the organization' })
    await page.getByText('Nobody can sign in to AWS any more if Gatehouse still is the identity source.').waitFor()
    expect(await remove.isDisabled()).toBe(true)
    await lookAt(page, '9-before', 'brief')
    await page.getByRole('checkbox', { name: 'Identity Center has another identity source by now' }).check()
    for (const box of await page.getByRole('checkbox', { name: /^Leave it in AWS without an end/ }).all())
      await box.check()
    await expect.poll(() => remove.isEnabled(), { timeout: 20_000 }).toBe(true)
    await remove.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the organization' }).click()
    await page.getByRole('heading', { name: `${ORGANIZATION} is removed` }).waitFor()
    await page.getByText('delete-open-id-connect-provider').waitFor()
    await lookAt(page, '9-after', 'brief')
    expect((await client.listOrganizations()).items).toEqual([])
    await page.getByRole('link', { name: 'Show the organizations' }).click()
    await page.getByText('No organization is enrolled yet').waitFor()
    expect(complaints.splice(0).filter((text) => !NOT_OURS.test(text))).toEqual([])
  })

  it('is not offered to whoever may not install', async () => {
    const { page: other } = await world.open('ana@acme.example', '/')
    await other.goto(`${world.server.url}${PATH}/aws`)
    await other
      .getByRole('alert')
      .getByText(/"create" on "plugin"/)
      .waitFor()
  })
})

/** What the script of the first step does when it is run in AWS's shell. */
async function runScript({ client, server, sandbox }: WebWorld): Promise<string> {
  const [role, integration, { region }] = ['GatehouseIdentityCenter', 'aws-oidc', sandbox]
  const { audience } = await client.makeSetupScript({ body: { integration, role, region } })
  return setUpAws(sandbox, {
    issuer: server.url,
    audience,
    roleName: role,
    region,
    organizationId: ORGANIZATION,
    integrationName: integration,
    extras: { organizationDetails: true },
  })
}
