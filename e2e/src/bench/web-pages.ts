import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { findBrowser } from '../harness/browser.ts'
import { ADMINISTRATOR, ENGINEER, startWebWorld, type WebWorld } from '../web/web-world.ts'
import { fillList, LIST, MEMBERS } from './list-open.ts'
import { type Bench, NotRun, rounded } from './measurement.ts'
import { untilDrawn } from './until-drawn.ts'

const OPENINGS = 5
const JS_LIMIT_KB = 280
const LCP_LIMIT_MS = 1_500
const LIST_LIMIT_MS = 1_000
/** How much slower than this machine's processor. */
const SLOW_DOWN = 4
const AFTER_MS = 1_000

function browserName(): string {
  const found = findBrowser()
  if (found === undefined) throw new NotRun('there is no Chromium here')
  return found
}

/** All scripts that opening the first page loads, until nothing more is loaded, compressed as gzip does. */
export const webInitialJs: Bench = async () => {
  await using world = await startWebWorld(browserName(), { isStarted: false })
  const { page: before } = await world.open(ENGINEER, '/requests')
  // Another window of the same person: in the one before, a link under the pointer may still load its page.
  const page = await before.context().newPage()
  const scripts = new Set<string>()
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.add(request.url())
  })
  await page.goto(`${world.server.url}/`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForLoadState('networkidle')
  const bodies = await Promise.all([...scripts].map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer())))
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0)
  return [
    {
      name: 'web-initial-js',
      value: rounded(bytes / 1000),
      unit: 'kB',
      better: 'lower',
      limit: JS_LIMIT_KB,
      note: `${bodies.length} scripts of the first page, each compressed by gzip`,
    },
  ]
}

/** Until the largest part of the first pages is drawn, on a processor a quarter as fast. */
export const webLcp: Bench = async () => {
  await using world = await startWebWorld(browserName(), { seed: 'acme' })
  const { page } = await world.open(ENGINEER, '/requests')
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW_DOWN })
  const times: { readonly path: string; readonly ms: number }[] = []
  for (let index = 0; index < OPENINGS; index++)
    for (const path of ['/', '/resources?requestable=true'])
      times.push({ path, ms: await largestPaint(page, world, path) })
  const longest = Math.max(...times.map(({ ms }) => ms))
  const kinds = [...Map.groupBy(times, ({ path }) => path)]
    .map(([path, of]) => `${path} ${of.map(({ ms }) => Math.round(ms)).join(', ')}`)
    .join('; ')
  return [
    {
      name: 'web-lcp',
      value: rounded(longest),
      unit: 'ms',
      better: 'lower',
      limit: LCP_LIMIT_MS,
      note: `the demo's organization, processor slowed ${SLOW_DOWN} times, files in the browser's cache; longest of ${times.length}: ${kinds}`,
    },
  ]
}

/** What is read late counts as well: the page is looked at only once nothing is awaited and nothing was loaded for a while. */
async function largestPaint(page: Page, { server }: WebWorld, path: string): Promise<number> {
  await page.goto(server.url + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' })
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(AFTER_MS)
  return Number(
    await page.evaluate(`new Promise((resolve) => {
      new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true })
    })`),
  )
}

/** From the address to the first members of a list of thousands. */
export const listPage: Bench = async ({ say }) => {
  await using world = await startWebWorld(browserName(), { isEnrolled: false })
  await fillList(world.client, ADMINISTRATOR)
  say('filled')
  const { page } = await world.open(ADMINISTRATOR, '/requests')
  const open = await untilDrawn(
    page,
    "document.querySelector('main')?.textContent.includes('user-00000@bench.example')",
  )
  const times: number[] = []
  for (let index = 0; index < OPENINGS; index++) times.push(await open(`${world.server.url}/access-lists/${LIST}`))
  return [
    {
      name: 'list-12000-page',
      value: rounded(Math.max(...times)),
      unit: 'ms',
      better: 'lower',
      limit: LIST_LIMIT_MS,
      note: `${MEMBERS} members, Chromium, server and embedded database on the same machine; from the address to the first members, longest of ${times.length}: ${times.map(Math.round).join(', ')}`,
    },
  ]
}
