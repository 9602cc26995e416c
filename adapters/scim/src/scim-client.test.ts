import { describe, expect, it, vi } from 'vitest'
import { createDirectory } from './directory.ts'
import { aScene, call, failureOf, ANA, U, G, members } from './testing/a-directory.ts'
import { scimError, startScriptedScim } from './testing/scripted-scim.ts'

describe('a server in trouble', () => {
  it('is asked again after 429 and 5xx, by the token of that moment (D3-out-16)', async () => {
    let token = 0
    await using scene = await aScene(() => Promise.resolve(`t${(token += 1)}`))
    scene.scim.on(
      'GET ServiceProviderConfig',
      scimError(429, 'slow down'),
      { status: 503, text: '<html>' },
      { status: 200, text: '{"schemas":' },
      { status: 200, json: { schemas: ['s'] }, cutAfter: 4 },
      { status: 200, json: { schemas: ['s'] } },
    )
    await scene.directory.check(call())
    expect(scene.throttled).toEqual(['scim'])
    expect(scene.scim.requests.map(({ authorization }) => authorization)).toEqual(
      [1, 2, 3, 4, 5].map((attempt) => `Bearer t${attempt}`),
    )
  })

  it('is left alone for as long as its Retry-After says (D3-out-16)', async () => {
    await using scene = await aScene()
    scene.scim.on(
      'GET ServiceProviderConfig',
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 200, json: { schemas: ['s'] } },
    )
    await scene.directory.check(call())
    expect(scene.pauses).toEqual([7_000])
  })

  it.each([401, 403])('says access-denied for %i, once, and never shows the token (D3-out-17)', async (status) => {
    await using scene = await aScene()
    scene.scim.on('*', scimError(status, 'no\nway'))
    const error: unknown = await scene.directory.check(call()).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ failure: 'access-denied', message: `ServiceProviderConfig: ${status} no way` })
    expect(JSON.stringify(error) + String(error)).not.toContain('secret-token')
    expect(scene.scim.requests).toHaveLength(1)
  })

  it.each(['secret-token\n2', 'secret-token\u0000', 'secret-token\u200b'])(
    'never shows a token that no header can carry: %j',
    async (token) => {
      await using scene = await aScene(() => Promise.resolve(token))
      const error: unknown = await scene.directory.check(call()).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ failure: 'access-denied' })
      expect(JSON.stringify(error) + String(error)).not.toContain('secret-token')
    },
  )

  it('gets the token at its own address only: redirects are not followed', async () => {
    await using elsewhere = await startScriptedScim()
    await using scene = await aScene()
    scene.scim.on('*', { status: 307, headers: { location: `${elsewhere.url}Users` } })
    expect(await failureOf(scene.directory.check(call()))).toBe('unavailable')
    expect(elsewhere.requests).toEqual([])
  })

  it('may send no answer without end', async () => {
    await using scene = await aScene()
    scene.scim.on('*', 'endless')
    expect(await failureOf(scene.directory.check(call()))).toBe('unavailable')
  })

  it('may keep silent for twenty seconds at most, and less when the caller gives up', async () => {
    await using scene = await aScene()
    scene.scim.on('*', 'silence')
    const controller = new AbortController()
    const checking = scene.directory.check(call(controller.signal))
    await scene.scim.requested(1)
    controller.abort(new Error('shutting down'))
    await expect(checking).rejects.toThrow('shutting down')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const failure = failureOf(scene.directory.check(call()))
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        await scene.scim.requested(1 + attempt)
        await vi.advanceTimersByTimeAsync(20_001)
      }
      expect(await failure).toBe('unavailable')
    } finally {
      vi.useRealTimers()
    }
  })

  it('can answer anything: calls end with a result or an IdentityCenterError', async () => {
    await using scene = await aScene()
    const junk = [
      null,
      [],
      {},
      'x',
      1,
      { Resources: 'x' },
      { Resources: [null] },
      { Resources: [{ id: 5 }] },
      { id: 'a\nb' },
      { id: '' },
      { Resources: [], nextCursor: 5 },
      { Resources: [{ id: 'x', emails: 'y', name: 3, active: 'no' }] },
    ]
    for (const json of junk) {
      for (const status of [200, 201, 204, 301, 400, 404, 409, 500]) {
        scene.scim.on('*', { status, json }, { status, json, cutAfter: 1 }, { status, json })
        const failures = await Promise.all(
          [
            scene.directory.check(call()),
            scene.directory.findUser('ana@example.com', call()),
            scene.directory.createUser(ANA, 'ours', call()),
            scene.directory.createGroup('Ops', 'ours', call()),
            scene.directory.changeMembers(G, { add: members(3), remove: [] }, call()),
            scene.directory.deleteUser(U, call()),
          ].map(failureOf),
        )
        expect(failures).not.toContain('a bug')
      }
    }
  })
})

describe('the address', () => {
  const options = { token: () => Promise.resolve('t'), gate: { take: () => Promise.resolve(), report() {} } }
  it.each([
    'http://scim.example.com/t/scim/v2',
    'http://127.0.0.1.example.com/',
    'ftp://localhost/',
    'https://user:secret@scim.example.com/',
    'https://scim.example.com/?x=1',
    'scim.example.com',
    '',
  ])('%j is refused', (baseUrl) => {
    expect(() => createDirectory({ ...options, baseUrl, allowHttp: true })).toThrow('is not valid')
  })
  it('may be http on loopback, and only with the development setting', () => {
    expect(() => createDirectory({ ...options, baseUrl: 'http://127.0.0.1:1/' })).toThrow('is not valid')
    expect(createDirectory({ ...options, baseUrl: 'http://[::1]:1/', allowHttp: true })).toBeDefined()
  })
})
