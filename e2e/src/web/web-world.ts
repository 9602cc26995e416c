import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GatehouseClient } from '@gatehouse/api'
import type { Browser, Page } from 'playwright-core'
import { fillSignIn, startBrowser } from '../harness/browser.ts'
import { enrol, ORGANIZATION, untilAdopted } from '../harness/enrol.ts'
import { type Sandbox, startSandbox } from '../harness/sandbox.ts'
import { type Server, startServer } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'
import type { TwoOrganizations } from '../harness/two-organizations.ts'

const PASSWORD = 'correct horse battery staple'
export const ADMINISTRATOR = 'eva@acme.example'
export const ENGINEER = 'ana@acme.example'
export const REVIEWER = 'bruno@acme.example'

/** A governed organization, and browsers of people who use it. */
export interface WebWorld extends AsyncDisposable {
  readonly server: Server
  readonly sandbox: Sandbox
  readonly client: GatehouseClient
  /** Makes a user, with the password that all have. */
  invite(name: string, roles: readonly string[]): Promise<void>
  /** What a person does elsewhere. */
  signIn(user: string): Promise<GatehouseClient>
  /** What a person fills in at a sign-in page that stands in a window. */
  signInAt(page: Page, user: string): Promise<void>
  /** A window of somebody who has signed in, and everything that the browser complained of. */
  open(user: string, path: string, look?: Look): Promise<{ readonly page: Page; readonly complaints: string[] }>
}

export interface Look {
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
}

interface WebWorldOptions {
  /** Whether the sandbox's organization is enrolled already. */
  readonly isEnrolled?: boolean
  /** Whether Gatehouse may write to AWS already. */
  readonly isStarted?: boolean
  readonly seed?: string
  readonly sandboxArgs?: readonly string[]
  /** What runs already, in place of a sandbox of its own: the world is about the first. */
  readonly aws?: TwoOrganizations
}

export async function startWebWorld(
  browserName: string,
  { isEnrolled = true, isStarted = true, seed = 'generated:6x4x1x1xall', sandboxArgs = [], aws }: WebWorldOptions = {},
): Promise<WebWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-web-'))
  const sandbox = aws?.first ?? (await startSandbox({ seed, pace: 'demo', args: sandboxArgs }))
  const { endpointUrl: awsEndpointUrl } = aws ?? sandbox
  const server = await startServer({ folder, awsEndpointUrl, bootstrapAdmin: ADMINISTRATOR })
  await setPassword(server.url + (server.bootstrapLink() ?? ''), PASSWORD)
  const client = await server.signIn(ADMINISTRATOR, PASSWORD)
  const invite = async (name: string, roles: readonly string[]): Promise<void> => {
    await client.createUser({ body: { name, roles: [...roles] } })
    const { url } = await client.createPasswordLink({ params: { name } })
    await setPassword(url, PASSWORD)
  }
  await invite(ENGINEER, ['requester', 'access'])
  await invite(REVIEWER, ['reviewer'])
  if (isEnrolled) {
    await enrol({ client, server, sandbox, owner: ADMINISTRATOR })
    await untilAdopted(client)
  }
  if (isEnrolled && isStarted) {
    const { hash: planHash } = await client.getPlan({ params: { name: ORGANIZATION } })
    await client.startOrganization({ params: { name: ORGANIZATION }, body: { planHash } })
  }
  const browser = await startBrowser(browserName)
  return {
    server,
    sandbox,
    client,
    invite,
    signIn: (user) => server.signIn(user, PASSWORD),
    signInAt: (page, user) => fillSignIn(page, { user, password: PASSWORD }),
    open: (user, path, look) => open(browser, server, { user, path, look: look ?? {} }),
    async [Symbol.asyncDispose]() {
      await browser.close()
      await Promise.all([server.stop(), ...(aws ? [] : [sandbox.stop()])])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function open(
  browser: Browser,
  server: Server,
  { user, path, look }: { readonly user: string; readonly path: string; readonly look: Look },
) {
  const { width = 1280, height = 800, scheme = 'light' } = look
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(server.url + path)
  await fillSignIn(page, { user, password: PASSWORD })
  await page.waitForURL((url) => url.href === server.url + path)
  return { page, complaints }
}

const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** What axe finds wrong with a page, a line for each; the page's own policy lets no script in, so it is run beside it. */
export async function findAxeViolations(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page)
  const { frameTree } = await session.send('Page.getFrameTree')
  const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
  })
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      contextId,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }
  await evaluate(AXE)
  const found = await evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)))',
  )
  return Array.isArray(found) ? found.map(String) : []
}
