// The pictures of README.md and the guides, taken of the demo as it is: npm run pictures. Needs Chromium.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'
import { fillSignIn, findBrowser, startBrowser } from '../harness/browser.ts'
import { quietPort } from '../harness/free-port.ts'
import { startProgram } from '../harness/program.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const PICTURES = `${ROOT}docs/pictures`
const SIZE = { width: 1280, height: 800 }
const READY_MS = 120_000

/** Looks of the guided enrolment that its test takes, and what they are called in the guide. */
const STEPS = {
  '1-aws': 'enrolment-1',
  '2-preview': 'enrolment-2',
  '3-identity-source': 'enrolment-3',
  '4-scim': 'enrolment-4',
  '5-verify': 'enrolment-5',
  '6-access': 'enrolment-6',
  '7-connect': 'enrolment-7',
} as const

const account = z.object({ user: z.string(), password: z.string() })
const readySchema = z.object({ url: z.string(), admin: account, users: z.array(account) })
type Ready = z.infer<typeof readySchema>

const browserName = findBrowser()
if (browserName === undefined) {
  process.stderr.write('There is no Chromium here.\n')
  process.exitCode = 1
} else {
  mkdirSync(PICTURES, { recursive: true })
  await ofDemo(browserName)
  ofEnrolment()
}

async function ofDemo(name: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-pictures-'))
  const port = await quietPort()
  await using demo = startProgram({
    name: 'The demo',
    program: 'e2e/src/demo/main.ts',
    args: ['--json', '--data-dir', join(folder, 'data')],
    environment: { PORT: String(port) },
  })
  const [line] = await demo.says('stdout', /^\{.*\}$/m, READY_MS)
  const ready = readySchema.parse(JSON.parse(line))
  const browser = await startBrowser(name)
  try {
    await takeAll(browser, ready)
  } finally {
    await browser.close()
    await demo.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function takeAll(browser: Browser, ready: Ready): Promise<void> {
  const engineer = await open(browser, ready, 'bruno@')
  await engineer.goto(`${ready.url}/resources?requestable=true&search=payments`)
  await engineer
    .getByRole('checkbox', { name: / on Payments Prod/, disabled: false })
    .first()
    .check()
  await take(engineer, 'resources')
  await engineer.getByRole('button', { name: /^Request access to/ }).click()
  await engineer.getByLabel('Why do you need it?').fill('INC-4711: the checkout is down')
  await engineer.getByRole('heading', { name: 'Who has to agree' }).waitFor()
  await take(engineer, 'request')
  await engineer.getByRole('button', { name: 'Request access', exact: true }).click()
  await engineer.waitForURL(/\/requests\/[0-9a-f-]{36}$/)

  const reviewer = await open(browser, ready, 'boris@')
  await reviewer.goto(engineer.url())
  await reviewer.getByRole('heading', { name: 'What it allows, as AWS says now' }).waitFor()
  await take(reviewer, 'approval')
  await reviewer.getByLabel('Why').fill('on call')
  await reviewer.getByRole('button', { name: 'Approve request' }).click()
  await reviewer.getByText('confirmed by AWS').first().waitFor()
  await take(engineer, 'confirmed')

  const owner = await open(browser, ready, 'lars@')
  await owner.goto(`${ready.url}/access-lists/sandbox-developers`)
  await take(owner, 'access-list')
  await owner.goto(`${ready.url}/reviews/sandbox-developers`)
  await owner.getByText(/^0 of \d+ decided$/).waitFor()
  for (const key of ['j', 'a']) await owner.keyboard.press(key)
  await owner.getByText(/^1 of \d+ decided$/).waitFor()
  await owner.getByText('Saved', { exact: true }).waitFor()
  await take(owner, 'review')
  const administrator = await open(browser, ready, ready.admin.user)
  await administrator.goto(`${ready.url}/explorer?user=bruno%40acme.example`)
  await take(administrator, 'explorer')
}

async function open(browser: Browser, { url, admin, users }: Ready, who: string): Promise<Page> {
  const person = [admin, ...users].find(({ user }) => user.startsWith(who))
  if (!person) throw new Error(`The demo has no ${who}.`)
  const context = await browser.newContext({ viewport: SIZE, colorScheme: 'light', reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(url)
  await fillSignIn(page, person)
  await page.waitForURL(({ pathname }) => pathname === '/')
  return page
}

async function take(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: `${PICTURES}/${name}.png` })
  process.stderr.write(`${name}.png\n`)
}

/** The test of the guided enrolment goes through all of it, and keeps pictures if it is told where. */
function ofEnrolment(): void {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-pictures-'))
  const { status } = spawnSync(
    process.execPath,
    [`${ROOT}node_modules/vitest/vitest.mjs`, 'run', '--config', 'e2e/vitest.config.ts', 'web-enrolment'],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, GATEHOUSE_PICTURES: folder } },
  )
  if (status !== 0) throw new Error('The test of the guided enrolment failed, so there are no pictures of it.')
  for (const [look, name] of Object.entries(STEPS)) {
    copyFileSync(join(folder, `${look}-light-1280.png`), `${PICTURES}/${name}.png`)
    process.stderr.write(`${name}.png\n`)
  }
  rmSync(folder, { recursive: true, force: true })
}
