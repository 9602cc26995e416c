import { describe, expect, it } from 'vitest'
import { aUser, startScimScene, UNREADABLE } from '../testing/scim-scene.ts'

const DAY = 86_400_000

describe('the SCIM endpoint', () => {
  it('refuses with a body of its own kind', async () => {
    await using scene = await startScimScene()
    const { status, headers, body } = await scene.scim('POST', 'Users', 'no JSON')
    expect(status).toBe(400)
    expect(body).toEqual({
      schema: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      detail: UNREADABLE,
      status: '400',
      exceptionRequestId: headers.get('x-amzn-requestid'),
      timeStamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,3}$/),
    })
  })

  it('refuses a bad token and a wrong tenant alike (D3-out-17)', async () => {
    await using scene = await startScimScene()
    const { scimUrl, scimToken } = scene.sandbox
    for (const authorization of ['', 'Bearer', 'Bearer wrong', `Basic ${scimToken}`]) {
      const refused = await scene.scim('GET', 'ServiceProviderConfig', undefined, { authorization })
      expect([refused.status, refused.body.status]).toEqual([401, '401'])
    }
    const elsewhere = scimUrl.replace(/\/[^/]+\/scim\/v2$/, '/other-tenant/scim/v2')
    const refused = await fetch(`${elsewhere}/Users`, { headers: { authorization: `Bearer ${scimToken}` } })
    expect(refused.status).toBe(401)
  })

  it('takes two tokens at most, each for a year', async () => {
    await using scene = await startScimScene()
    const second = await scene.control('POST', '/scim-tokens')
    expect(await scene.control('POST', '/scim-tokens')).toMatchObject({ code: 'LimitExceeded' })
    const { scimTokens } = await scene.control('GET', '/world')
    expect(scimTokens.map(({ id }: { id: string }) => id)).toContain(second.id)
    const status = async () =>
      (await scene.scim('GET', 'Users', undefined, { authorization: `Bearer ${second.secret}` })).status
    expect(await status()).toBe(200)
    scene.sandbox.setClockOffset(366 * DAY)
    expect(await status()).toBe(401)
    scene.sandbox.setClockOffset(0)
    await scene.control('DELETE', `/scim-tokens/${second.id}`)
    expect(await status()).toBe(401)
  })

  it('reads both kinds of JSON and no other content', async () => {
    await using scene = await startScimScene()
    const post = async (name: string, type: string) =>
      (await scene.scim('POST', 'Users', aUser(name), { 'content-type': type })).status
    expect(await post('one', 'application/scim+json; charset=utf-8')).toBe(201)
    expect(await post('two', 'application/json')).toBe(201)
    expect(await post('three', 'text/plain')).toBe(400)
  })

  it('has no bulk, no search and no PUT of groups (D3-out-2)', async () => {
    await using scene = await startScimScene()
    const id = await scene.makeGroup('team')
    for (const [method, path] of [
      ['POST', 'Bulk'],
      ['GET', 'Me'],
      ['POST', 'Users/.search'],
      ['PUT', `Groups/${id}`],
    ] as const) {
      const refused = await scene.scim(method, path, method === 'GET' ? undefined : {})
      expect([path, refused.status, refused.body.status]).toEqual([path, 404, '404'])
    }
  })

  it('does not fold slashes: an endpoint that was pasted with one at its end finds nothing', async () => {
    await using scene = await startScimScene()
    expect((await scene.scim('GET', 'Users')).status).toBe(200)
    for (const path of ['/Users', '//Users', 'Users//'])
      expect([path, (await scene.scim('GET', path)).status]).toEqual([path, 404])
  })

  it('takes the burst and 25 calls a second, and answers the rest with 429 (D3-out-16)', async () => {
    await using scene = await startScimScene({ knobs: { scimTps: 25, scimBurst: 25 } })
    const replies = await Promise.all(Array.from({ length: 60 }, () => scene.scim('GET', 'ServiceProviderConfig')))
    const refused = replies.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]?.body).toMatchObject({ status: '429', detail: expect.any(String) })
    const { actions } = await scene.control('GET', '/calls')
    expect(actions['scim.ServiceProviderConfig'].outcomes.ThrottlingException).toBe(refused.length)
  })

  it('says what it can', async () => {
    await using scene = await startScimScene()
    const { body: config } = await scene.scim('GET', 'ServiceProviderConfig')
    expect(config).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 0 },
      filter: { supported: true, maxResults: 50 },
      authenticationSchemes: [{ type: 'oauthbearertoken' }],
    })
    for (const path of ['Schemas', 'ResourceTypes']) {
      const { body } = await scene.scim('GET', path)
      expect(body.totalResults).toBe(body.Resources.length)
      for (const resource of body.Resources) {
        expect((await scene.scim('GET', `${path}/${resource.id}`)).body).toEqual(resource)
      }
      expect((await scene.scim('GET', `${path}/other`)).status).toBe(404)
    }
  })

  it('is closed while Active Directory is the source of users', async () => {
    await using scene = await startScimScene({ identitySource: 'active-directory' })
    expect((await scene.scim('POST', 'Users', aUser('ana'))).status).toBe(403)
  })

  it('loses answers as faults say, with everything done', async () => {
    await using scene = await startScimScene()
    await scene.control('POST', '/faults', { kind: 'reset-mid-body', operation: 'CreateUser', times: 1 })
    await expect(scene.scim('POST', 'Users', aUser('ana'))).rejects.toBeInstanceOf(Error)
    expect((await scene.scim('POST', 'Users', aUser('ana'))).status).toBe(409)
  })
})

describe('a SCIM list', () => {
  it('is one page without a cursor, whatever startIndex and attributes say (D3-out-12)', async () => {
    await using scene = await startScimScene()
    for (let index = 0; index < 101; index += 1) await scene.makeUser(`user-${index}`)
    const { body } = await scene.scim('GET', 'Users?startIndex=90&attributes=userName')
    expect(body).toMatchObject({ totalResults: 101, itemsPerPage: 100, startIndex: 1 })
    expect(body).not.toHaveProperty('nextCursor')
    expect(body.Resources).toHaveLength(100)
    expect(body.Resources[0]).toMatchObject({ userName: 'user-0', displayName: 'Ana García' })
    expect((await scene.scim('GET', 'Users?count=2')).body.Resources).toHaveLength(2)
  })

  it('is read to its end by cursors', async () => {
    await using scene = await startScimScene({ knobs: { emptyPages: 0.5, shortPages: 0.5 } })
    const made: string[] = []
    for (let index = 0; index < 25; index += 1) made.push(await scene.makeGroup(`group-${index}`))
    const seen: string[] = []
    let cursor: string | undefined = ''
    while (cursor !== undefined) {
      const { body } = await scene.scim('GET', `Groups?cursor${cursor && `=${cursor}`}&count=7`)
      expect(body).not.toHaveProperty('totalResults')
      expect(body.itemsPerPage).toBe(body.Resources.length)
      expect(body.nextCursor ?? '').toMatch(/^[-a-zA-Z0-9+=/:_]*$/)
      seen.push(...body.Resources.map(({ id }: { id: string }) => id))
      cursor = body.nextCursor
    }
    expect(seen).toEqual(made)
  })

  it.each(['cursor=%22', 'cursor=abc', 'count=0', 'count=101', 'count=x', 'cursor=a&cursor=b'])(
    'is refused with %s',
    async (query) => {
      await using scene = await startScimScene()
      expect((await scene.scim('GET', `Users?${query}`)).status).toBe(400)
    },
  )

  it('is filtered by the listed attributes only (D3-out-1)', async () => {
    await using scene = await startScimScene()
    const id = await scene.makeUser('Ana@acme.example', {
      externalId: 'Ext-1',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { manager: { value: 'boss' } },
    })
    await scene.makeUser('boris@acme.example')
    const find = async (filter: string) => {
      const { status, body } = await scene.scim('GET', `Users?cursor&filter=${encodeURIComponent(filter)}`)
      return status === 200 ? body.Resources.map((user: { id: string }) => user.id) : status
    }
    expect(await find('userName eq "ANA@acme.example"')).toEqual([id])
    expect(await find('externalId eq "Ext-1"')).toEqual([id])
    expect(await find('externalId eq "ext-1"')).toEqual([])
    expect(await find('externalId eq ""')).toEqual([])
    expect(await find(`id eq "${id}"`)).toEqual([id])
    expect(await find(`manager eq "boss" and id eq "${id}"`)).toEqual([id])
    expect(await find(`id eq "${id}" and manager eq "other"`)).toEqual([])
    for (const filter of [
      'displayName eq "Ana García"',
      'userName co "ana"',
      'active eq true',
      'manager eq "boss"',
      '',
    ]) {
      expect(await find(filter)).toBe(400)
    }
  })
})
