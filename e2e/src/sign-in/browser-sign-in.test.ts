import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startBrowserLogin } from '../harness/browser-login.ts'
import { startServer } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'

const ADMINISTRATOR = 'eva@acme.example'
const PASSWORD = 'correct horse battery staple'

it('goes on waiting for the browser while the server is started again', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-browser-'))
  try {
    const first = await startServer({ folder, bootstrapAdmin: ADMINISTRATOR })
    const { url, port } = first
    await setPassword(url + (first.bootstrapLink() ?? ''), PASSWORD)
    const login = await startBrowserLogin(url, folder)
    await first.stop()
    await using second = await startServer({ folder, port })
    const post = (path: string, fields: Readonly<Record<string, string>>, cookie = '') =>
      fetch(url + path, {
        method: 'POST',
        headers: { origin: url, cookie },
        body: new URLSearchParams(fields),
        redirect: 'manual',
      })
    const signedIn = await post('/sign-in', { user: ADMINISTRATOR, password: PASSWORD })
    const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';')
    expect((await post('/device/decision', { code: login.code, verdict: 'confirm' }, cookie)).status).toBe(200)
    expect(await login.ended, login.said()).toBe(0)
    expect(login.said()).toContain(ADMINISTRATOR)
    const client = await second.signIn(ADMINISTRATOR, PASSWORD)
    const events = (await client.listAuditEvents({ query: { event: 'user.device_code.confirm' } })).items
    expect(events.map(({ user }) => user)).toEqual([ADMINISTRATOR])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
