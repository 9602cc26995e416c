import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createBrowser } from '../testing/browser.ts'
import { run } from '../testing/programs.ts'
import { startSamlScene } from '../testing/saml-scene.ts'
import { startTestSandbox } from '../testing/sandbox-clients.ts'
import { startSignInScene } from '../testing/sign-in-scene.ts'

async function withFolder(use: (dataDir: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'aws-sandbox-'))
  try {
    await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

it('survives a restart: who is signed in, with which identity provider, and what was used up', () =>
  withFolder(async (dataDir) => {
    const scene = await startSamlScene({ dataDir })
    const answer = scene.response()
    const browser = scene.newBrowser()
    expect((await scene.post(answer, { browser })).status).toBe(200)
    const port = Number(new URL(scene.sandbox.endpointUrl).port)
    await scene.sandbox.stop()

    await using again = await startTestSandbox({ dataDir, port })
    expect((await browser.open('/start')).body).toContain('AWS accounts')
    const source = await again.control('GET', '/identity-source')
    expect(source.identityProvider.entityId).toBe(scene.idp.entityId)
    expect(source.serviceProvider.acsUrl).toBe(scene.serviceProvider.acsUrl)
    expect((await scene.post(answer)).status).toBe(400)
  }))

it('starts on a folder that is older than the sign-in, as an organization whose source is external', () =>
  withFolder(async (dataDir) => {
    await (await startTestSandbox({ dataDir, seed: 'empty' })).sandbox.stop()
    const file = join(dataDir, 'snapshot.json')
    const text = await readFile(file, 'utf8')
    const older = text.replace(/"identitySource":\{[^}]*\},?/, '')
    expect(older).not.toBe(text)
    await writeFile(file, older)
    await using again = await startTestSandbox({ dataDir })
    expect(await again.control('GET', '/identity-source')).toMatchObject({ kind: 'external' })
  }))

it('gives pages and links under the address that browsers know', async () => {
  await using world = await startTestSandbox({ seed: 'empty', publicUrl: 'https://aws.acme.example/' })
  expect(world.sandbox.portalUrl).toBe('https://aws.acme.example/start')
  const { serviceProvider } = await world.control('GET', '/identity-source')
  expect(serviceProvider.acsUrl).toMatch(/^https:\/\/aws\.acme\.example\/platform\/saml\/acs\//)
})

it("opens AWS's own form of a link in a browser that runs scripts", async (context) => {
  const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find(
    (name) => spawnSync(name, ['--version']).status === 0,
  )
  if (chromium === undefined) return context.skip('there is no Chromium here')
  await using scene = await startSignInScene()
  await withFolder(async (profile) => {
    const link = `${scene.sandbox.portalUrl}#/console?account_id=123456789012&role_name=ReadOnlyAccess`
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`]
    const { stdout } = await run(chromium, [...flags, '--virtual-time-budget=5000', '--dump-dom', link], process.env)
    expect(stdout).toContain('name="password"')
    expect(stdout).toContain('/start/console?account_id=123456789012&amp;role_name=ReadOnlyAccess')
  })
})

it('lets nobody in with a cookie that is not theirs', async () => {
  await using scene = await startSignInScene()
  const browser = createBrowser(scene.sandbox.endpointUrl)
  for (const cookie of ['x-amz-sso_authn=', 'x-amz-sso_authn=guess', 'x-amz-sso_authn']) {
    expect((await browser.open('/start', { headers: { cookie } })).url).toContain('/start/signin')
  }
})

it('marks its cookie as secure where browsers come by https', async () => {
  const publicUrl = 'https://aws.acme.example'
  await using world = await startTestSandbox({
    identitySource: 'directory',
    publicUrl,
    knobs: { directoryPassword: 'secret' },
  })
  const body = new URLSearchParams({ username: 'ana@acme.example', password: 'secret' })
  const { endpointUrl } = world.sandbox
  const response = await fetch(`${endpointUrl}/start/signin`, { method: 'POST', body, redirect: 'manual' })
  expect(response.headers.get('set-cookie')).toMatch(
    /^x-amz-sso_authn=[\w-]{64}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
  )
})
