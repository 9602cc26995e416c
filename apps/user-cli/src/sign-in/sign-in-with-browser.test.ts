import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { ADMIN, type CliWorld, type Home, launcher, PASSWORD, startServer } from '@gatehouse/cli-kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let world: CliWorld
let cookie: string | undefined
beforeAll(async () => {
  world = await startServer()
  const answer = await post('/sign-in', { user: ADMIN, password: PASSWORD })
  cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
})
afterAll(() => world[Symbol.asyncDispose]())

const post = (path: string, fields: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(world.url + path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: world.url, ...(cookie === undefined ? {} : { cookie }) },
    redirect: 'manual',
  })

/** Runs tsh, and does something with the code that it prints while it waits. */
async function login(home: Home, args: readonly string[], answer: (code: string) => Promise<unknown>) {
  const child = spawn(launcher('tsh'), ['login', '--proxy', world.url, '--browser', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...home.environment },
  })
  let [out, err] = ['', '']
  let answered: Promise<unknown> | undefined
  child.stdout.on('data', (data: Buffer) => (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString()
    const code = /code {2}(\S+)/.exec(err)?.[1]
    if (code !== undefined) answered ??= answer(code)
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  await answered
  return { code, out, err }
}

const decide = (verdict: string) => (code: string) => post('/device/decision', { code, verdict })

describe.concurrent('tsh login --browser', { timeout: 60_000 }, () => {
  it('prints address and code, waits for the browser, and is signed in for tsh and tctl', async () => {
    const home = world.home('confirmed')
    const { code, out, err } = await login(home, ['--ttl', '90m'], decide('confirm'))
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringContaining(`Open  ${world.url}/device`) as string,
    })
    expect(out).toContain(ADMIN)
    expect((await home.tsh('status')).out).toContain(ADMIN)
    expect((await home.tctl('users', 'ls')).out).toContain(ADMIN)
    expect((await home.tsh('login', '--browser')).err).toBe('')
  })
  it('ends with 4 when it is refused, and keeps nothing', async () => {
    const home = world.home('refused')
    const { code, out, err } = await login(home, [], decide('refuse'))
    expect({ code, out }).toEqual({ code: 4, out: '' })
    expect(err).toContain('was refused in the browser')
    expect((await home.tsh('status')).code).toBe(3)
  })
  it('opens a browser only when it is told to, and says so where there is none', async () => {
    const folder = world.home('opened').folder
    const opened = `${folder}.opened`
    const home = world.home('opened').with({ OPENED: opened })
    await login(home, [], decide('refuse'))
    expect(existsSync(opened)).toBe(false)
    const { err } = await login(home.with({ PATH: folderWithBrowser(folder) }), ['--open'], decide('refuse'))
    expect(err).not.toContain('No browser opens here')
    expect(readFileSync(opened, 'utf8').trim()).toBe(`${world.url}/device`)
  })
  it.each([
    [['--browser', '--password-file', 'x'], 'needs no password'],
    [['--open'], '--browser'],
  ])('refuses %j', async (args, words) => {
    const { code, err } = await world.home('wrong').tsh('login', '--proxy', world.url, ...args)
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(words) as string })
  })
})

/** A path whose first folder has a browser that writes down what it is to open. */
function folderWithBrowser(folder: string): string {
  const bin = `${folder}.bin`
  mkdirSync(bin)
  for (const name of ['xdg-open', 'open']) {
    writeFileSync(`${bin}/${name}`, '#!/bin/sh\nprintf %s "$1" > "$OPENED"\n')
    chmodSync(`${bin}/${name}`, 0o755)
  }
  return `${bin}:${process.env['PATH'] ?? ''}`
}

// By itself: it signs out again, and the end of any session of a person takes back what he has confirmed.
describe('tsh login --browser for one user', { timeout: 60_000 }, () => {
  it('signs in nobody but the user that it was told', async () => {
    const home = world.home('other')
    const { code, err } = await login(home, ['--user', 'boris@acme.example'], decide('confirm'))
    expect({ code, err }).toMatchObject({ code: 4, err: expect.stringContaining(`confirmed as ${ADMIN}`) as string })
    expect((await home.tsh('status')).code).toBe(3)
  })
})
