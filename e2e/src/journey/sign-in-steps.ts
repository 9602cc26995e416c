import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'
import { createAwsShell } from '../harness/aws-shell.ts'
import { fillSignIn, findBrowser, startBrowser } from '../harness/browser.ts'
import { findAwsCli } from '../harness/find-aws-cli.ts'
import { same, systemRole, until } from './aws.ts'
import { apply, userDocument } from './documents.ts'
import { fileRequest, untilProgress } from './request-steps.ts'
import { giveRoles } from './role-steps.ts'
import { check, type Step } from './steps.ts'
import { ADMIN, ENGINEER, REVIEWER, VETERAN, type World } from './world.ts'

const SERVICE_PROVIDER = 'aws-identity-center'
const browserName = findBrowser()
const cli = findAwsCli()
const noBrowser = browserName === undefined ? 'there is no Chromium here' : undefined

const connect: Step = {
  id: 'connect',
  title: "Gatehouse becomes the organization's identity provider: each is given the other's metadata",
  shows: ['GD-26'],
  needs: ['start'],
  async run(world) {
    const { sandbox } = world
    const admin = world.person(ADMIN)
    const { serviceProvider } = await sandbox.control.identitySource()
    const file = admin.keep('aws.xml', await (await fetch(serviceProvider.metadataUrl)).text())
    await admin.tctl(['saml', 'add', SERVICE_PROVIDER, '--metadata', file, '--preset', 'aws-identity-center'])
    await sandbox.control.trustIdentityProvider((await admin.tctl(['saml', 'metadata'])).out)
    return serviceProvider.entityId
  },
}

const identitySchema = z.object({ UserId: z.string(), Account: z.string(), Arn: z.string() })

const login: Step = {
  id: 'aws-sso-login',
  title:
    'aws sso login leads through Gatehouse; a standing role, a list and an approved request are profiles of one session',
  shows: ['GD-8', 'GD-9', 'GD-10', 'GD-11', 'GD-12', 'GD-13', 'GD-29'],
  needs: ['connect', 'role-request'],
  cannotRun: () => noBrowser ?? (cli === undefined ? 'there is no AWS CLI of version 2 here' : undefined),
  async run(world) {
    const engineer = world.person(ENGINEER)
    const standing = await systemRole(world, 'ViewOnlyAccess', 'Web Dev')
    await giveRoles(world, ENGINEER, [standing, 'incident-requester'])
    const { id } = await fileRequest(engineer, ['--roles', 'incident-response', '--max-duration', '1h'])
    await world.person(REVIEWER).tsh(['request', 'review', '--approve', id])
    await untilProgress(engineer, id, 'confirmed')
    const ofList = await grantOfList(world)
    const wanted = [
      { account: 'Web Dev', permissionSet: 'ViewOnlyAccess' },
      { account: 'Web Prod', permissionSet: 'PowerUserAccess' },
      ofList,
    ]
    let opened = 0
    await using pages = await openPages()
    const shell = await createAwsShell({
      home: engineer.home,
      cli: cli ?? '',
      sandbox: world.sandbox,
      environment: { XDG_STATE_HOME: join(engineer.home, '.state') },
      async open(url) {
        opened++
        const page = await pages.anew()
        await page.goto(url)
        await fillSignIn(page, { user: ENGINEER, password: world.passwordOf(ENGINEER) })
        await page.getByRole('button', { name: /^(Confirm and continue|Allow access)$/ }).click()
        await page.waitForLoadState()
      },
    })
    await until('AWS to give what the standing role says', async () =>
      (await world.sandbox.control.user(ENGINEER)).assignments.some(
        ({ permissionSet, accountName }) => permissionSet === 'ViewOnlyAccess' && accountName === 'Web Dev',
      ),
    )
    const first = profileOf(wanted[0] ?? ofList)
    const { code, said } = await shell.run(`tsh aws-profile >/dev/null\naws sso login --profile ${first}`)
    check(code === 0, `aws sso login ended with ${code}: ${said}`)
    for (const grant of wanted) {
      const asked = await shell.run(`AWS_PROFILE=${profileOf(grant)} aws sts get-caller-identity --output json`)
      check(asked.code === 0, `${profileOf(grant)}: ${asked.said}`)
      const { UserId, Arn } = identitySchema.parse(JSON.parse(asked.said))
      const shape = new RegExp(`:assumed-role/AWSReservedSSO_${grant.permissionSet}_[0-9a-f]{16}/${ENGINEER}$`)
      check(shape.test(Arn) && UserId.endsWith(`:${ENGINEER}`), `${UserId} ${Arn}`)
    }
    check(opened === 1, `the browser was opened ${opened} times`)
    return wanted.map(profileOf).join(', ')
  },
}

interface NamedGrant {
  readonly account: string
  readonly permissionSet: string
}

/** As the guide names profiles. */
const profileOf = ({ account, permissionSet }: NamedGrant): string =>
  `teleport-awsic-${account}-${permissionSet}`.toLowerCase().replaceAll(' ', '-')

/** Something that the engineer has through one of his lists and in no other way. */
async function grantOfList({ sandbox }: World): Promise<NamedGrant> {
  const { groups } = await sandbox.control.user(ENGINEER)
  for (const group of groups)
    for (const { accountName, permissionSet } of (await sandbox.control.group(group)).assignments)
      if (accountName !== undefined && permissionSet !== undefined && !accountName.startsWith('Web'))
        return { account: accountName, permissionSet }
  throw new Error(`${ENGINEER} has nothing through a list`)
}

/** The guide's example of a refused sign-in, key by key; `denial` is ours and says what was missing. */
const GUIDE_KEYS = [
  'cluster_name',
  'code',
  'ei',
  'error',
  'event',
  'service_provider_entity_id',
  'sid',
  'success',
  'time',
  'uid',
  'user',
]

const denied: Step = {
  id: 'sign-in-denied',
  title: 'a user whom no role lets sign in to AWS is told so, and the audit log has it as the guide shows it',
  shows: ['GD-57', 'GD-58'],
  needs: ['connect'],
  cannotRun: () => noBrowser,
  async run(world) {
    const admin = world.person(ADMIN)
    await apply(admin, [userDocument(VETERAN, ['requester'])])
    await using pages = await openPages()
    const page = await pages.anew()
    await page.goto(world.sandbox.portalUrl)
    await fillSignIn(page, { user: VETERAN, password: world.passwordOf(VETERAN) })
    const told = await page.getByRole('alert').innerText()
    check(told.includes('app_labels'), told)
    await apply(admin, [userDocument(VETERAN, ['access'])])
    const { out } = await admin.tctl(['audit', 'export', '--as', 'flat', '--event', 'saml.idp.auth'])
    const flat = z.record(z.string(), z.unknown()).parse(JSON.parse(out.trim().split('\n').at(-1) ?? ''))
    const keys = Object.keys(flat).filter((key) => key !== 'denial')
    check(same(keys, GUIDE_KEYS), `the event has the keys ${keys.toSorted().join(', ')}`)
    const { entityId } = (await world.sandbox.control.identitySource()).serviceProvider
    const expected = {
      code: 'TSI000I',
      ei: 0,
      event: 'saml.idp.auth',
      user: VETERAN,
      success: false,
      sid: '',
      service_provider_entity_id: entityId,
    }
    for (const [key, value] of Object.entries(expected))
      check(flat[key] === value, `${key} is ${JSON.stringify(flat[key])}`)
    check(flat['error'] === 'access to saml_idp_service_provider denied. User does not have permissions. ', told)
    return told.replaceAll('\n', ' ')
  },
}

interface Pages extends AsyncDisposable {
  /** Of somebody who is signed in nowhere. */
  anew(): Promise<Page>
}

async function openPages(): Promise<Pages> {
  const browser: Browser = await startBrowser(browserName ?? '')
  return {
    anew: async () => (await browser.newContext()).newPage(),
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

export const signInSteps: readonly Step[] = [connect, login, denied]
