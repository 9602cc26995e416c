import { readdir, readFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeUserCommand, GetUserIdCommand } from '@aws-sdk/client-identitystore'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aUser, ENTERPRISE, startScimScene, UNREADABLE, USER } from '../testing/scim-scene.ts'

const email = (value: string) => [{ value, type: 'work', primary: true }]

describe('a SCIM user', () => {
  it('is answered as it was made, with when, and without what is empty', async () => {
    await using scene = await startScimScene()
    const sent = {
      ...aUser('ana@acme.example'),
      externalId: 'ext-1',
      title: 'Engineer',
      emails: email('ana@acme.example'),
      [ENTERPRISE]: { department: 'R&D', manager: { value: 'boss' } },
    }
    const made = await scene.scim('POST', 'Users', sent)
    expect(made.status).toBe(201)
    expect(made.headers.get('content-type')).toMatch(/^application\/json/)
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(made.body).toEqual({
      ...sent,
      id: expect.any(String),
      active: true,
      schemas: [USER, ENTERPRISE],
      meta: { resourceType: 'User', created: time, lastModified: time },
    })
    expect((await scene.scim('GET', `Users/${made.body.id}`)).body).toEqual(made.body)
  })

  it('shows its external id and whether it is active to the Identity Store', async () => {
    await using scene = await startScimScene()
    const { identityStore } = scene
    const { identityStoreId: IdentityStoreId } = scene.sandbox
    const UserId = await scene.makeUser('ana@acme.example', { externalId: 'ext-1', active: false })
    const described = await identityStore.send(new DescribeUserCommand({ IdentityStoreId, UserId }))
    expect(described).toMatchObject({ UserStatus: 'DISABLED', CreatedBy: 'scim', ExternalIds: [{ Id: 'ext-1' }] })
    const ExternalId = { Issuer: described.ExternalIds?.[0]?.Issuer, Id: 'ext-1' }
    const found = await identityStore.send(
      new GetUserIdCommand({ IdentityStoreId, AlternateIdentifier: { ExternalId } }),
    )
    expect(found.UserId).toBe(UserId)
    const { users } = await scene.control('GET', '/world')
    expect(users).toMatchObject([{ id: UserId, externalId: 'ext-1', active: false }])
  })

  it('is on disk when its creation is answered', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'aws-sandbox-'))
    await using scene = await startScimScene({ dataDir })
    const id = await scene.makeUser('ana@acme.example')
    const files = await readdir(dataDir)
    const texts = await Promise.all(files.map((file) => readFile(join(dataDir, file), 'utf8')))
    expect(texts.join('\n')).toContain(id)
    await rm(dataDir, { recursive: true })
  })

  it.each([
    ['no user name', { userName: undefined }],
    ['an empty display name', { displayName: '' }],
    ['no given name', { name: { familyName: 'F' } }],
    ['an empty family name', { name: { givenName: 'G', familyName: '' } }],
    ['a zero-width character', { displayName: 'A\u200Bna' }],
    ['a blank in the user name', { userName: 'ana maría' }],
    ['schemas of something else', { schemas: ['urn:x'] }],
  ])('is refused with %s (D3-out-8)', async (_what, change) => {
    await using scene = await startScimScene()
    const { status, body } = await scene.scim('POST', 'Users', aUser('ana@acme.example', change))
    expect([status, body.detail]).toEqual([400, UNREADABLE])
  })

  it.each([
    ['two e-mail addresses', { emails: [...email('a@x.example'), ...email('b@x.example')] }],
    ['an e-mail address that is not primary', { emails: [{ value: 'a@x.example', type: 'work' }] }],
    ['an e-mail address with a display name', { emails: [{ ...email('a@x.example')[0], display: 'A' }] }],
    ['two phone numbers', { phoneNumbers: [{ value: '1' }, { value: '2' }] }],
    ['two addresses', { addresses: [{ country: 'A' }, { country: 'B' }] }],
    ['two roles', { roles: [{ value: '1' }, { value: '2' }] }],
  ])('is refused with %s (D3-out-7)', async (_what, change) => {
    await using scene = await startScimScene()
    expect((await scene.scim('POST', 'Users', aUser('ana@acme.example', change))).status).toBe(400)
  })

  it.each(['password', 'groups', 'entitlements', 'photos', 'ims', 'x509Certificates', 'nonsense'])(
    'is refused with the attribute %s (D3-out-14)',
    async (name) => {
      await using scene = await startScimScene()
      const refused = await scene.scim('POST', 'Users', aUser('ana@acme.example', { [name]: [{ value: 'x' }] }))
      expect(refused.status).toBe(400)
    },
  )

  it('is refused when its name, in any case, its external id or its e-mail address is taken (D3-out-10, D3-out-15)', async () => {
    await using scene = await startScimScene()
    const id = await scene.makeUser('ana@acme.example', { externalId: 'ext-1', emails: email('ana@mail.example') })
    for (const twin of [
      aUser('ANA@acme.example'),
      aUser('other', { externalId: 'ext-1' }),
      aUser('other', { emails: email('Ana@mail.example') }),
    ]) {
      const { status, body } = await scene.scim('POST', 'Users', twin)
      expect([status, body.detail]).toEqual([409, 'Refused to create a new, duplicate resource.'])
    }
    const other = await scene.makeUser('other', { externalId: 'ext-2' })
    const taken = await scene.patch(`Users/${other}`, { op: 'replace', path: 'externalId', value: 'ext-1' })
    expect(taken.status).toBe(409)
    await scene.patch(`Users/${id}`, { op: 'replace', path: 'externalId', value: 'ext-3' })
    expect((await scene.scim('GET', 'Users?filter=externalId eq "ext-3"')).body.Resources).toMatchObject([{ id }])
  })

  it('may be unknown to readers right after it was made, as Identity Store users are (D3-out-11)', async () => {
    await using scene = await startScimScene({ knobs: { identityStoreLag: [5_000, 5_000] } })
    const id = await scene.makeUser('ana@acme.example')
    expect((await scene.scim('GET', `Users/${id}`)).status).toBe(404)
    expect((await scene.scim('GET', 'Users?cursor')).body.Resources).toEqual([])
    expect((await scene.scim('POST', 'Users', aUser('ana@acme.example'))).status).toBe(409)
    scene.sandbox.setClockOffset(6_000)
    expect((await scene.scim('GET', `Users/${id}`)).status).toBe(200)
    await scene.control('POST', '/faults', { kind: 'stale-read', operation: 'GetUser', ms: 60_000, times: 1 })
    expect((await scene.scim('GET', `Users/${id}`)).status).toBe(404)
  })

  it('keeps its groups when deactivated, and leaves its account assignments behind when deleted (D3-out-18)', async () => {
    await using scene = await startScimScene({ seed: 'acme' })
    const ana = await scene.control('GET', '/users/ana@acme.example')
    expect(ana.groups.length).toBeGreaterThan(0)
    const off = await scene.patch(`Users/${ana.id}`, { op: 'replace', path: 'active', value: false })
    expect(off.body.active).toBe(false)
    expect(await scene.control('GET', '/users/ana@acme.example')).toMatchObject({ groups: ana.groups, active: false })
    const { assignments } = await scene.control('GET', '/world')
    const direct = assignments.find((row: { principalType: string }) => row.principalType === 'USER')
    expect((await scene.scim('DELETE', `Users/${direct.principalId}`)).status).toBe(204)
    expect((await scene.scim('DELETE', `Users/${direct.principalId}`)).status).toBe(404)
    const { principalName: _dead, ...orphan } = direct
    expect((await scene.control('GET', '/world')).assignments).toContainEqual(orphan)
  })

  it('is overwritten as a whole by PUT, under the same id', async () => {
    await using scene = await startScimScene()
    const id = await scene.makeUser('ana@acme.example', { title: 'Engineer', externalId: 'ext-1' })
    const put = await scene.scim('PUT', `Users/${id}`, { ...aUser('ana lópez'), id })
    expect(put.body).toMatchObject({ id, userName: 'ana lópez' })
    expect(put.body).not.toHaveProperty('title')
    expect(put.body).not.toHaveProperty('externalId')
    expect((await scene.scim('PUT', 'Users/nobody', aUser('x'))).status).toBe(404)
  })
})

describe('a PATCH of a SCIM user', () => {
  it('changes what its paths name', async () => {
    await using scene = await startScimScene()
    const id = await scene.makeUser('ana@acme.example', { title: 'Engineer', emails: email('ana@acme.example') })
    const { status, body } = await scene.patch(
      `Users/${id}`,
      { op: 'replace', path: 'name.familyName', value: 'López' },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'new@acme.example' },
      { op: 'add', path: `${ENTERPRISE}:department`, value: 'R&D' },
      { op: 'add', path: 'phoneNumbers', value: [{ value: '+34 1', type: 'work' }] },
      { op: 'remove', path: 'title' },
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({
      name: { givenName: 'Ana', familyName: 'López' },
      emails: email('new@acme.example'),
      phoneNumbers: [{ value: '+34 1', type: 'work' }],
      [ENTERPRISE]: { department: 'R&D' },
    })
    expect(body).not.toHaveProperty('title')
    const without = await scene.patch(
      `Users/${id}`,
      { op: 'remove', path: 'emails' },
      { op: 'replace', value: { id, title: 'CTO' } },
    )
    expect(without.body.title).toBe('CTO')
    expect(without.body).not.toHaveProperty('emails')
    const named = await scene.patch(`Users/${id}`, { op: 'replace', path: 'name', value: { givenName: 'Eva' } })
    expect(named.body.name).toEqual({ givenName: 'Eva', familyName: 'López' })
  })

  it('needs a path unless it adds or replaces a single attribute (D3-out-6)', async () => {
    await using scene = await startScimScene()
    const id = await scene.makeUser('ana@acme.example')
    const detail =
      'Current PATCH support allows omitting "path" attribute only for Add and Replace operations modifying a single attribute.'
    for (const operation of [{ op: 'replace', value: { title: 'A', nickName: 'B' } }, { op: 'remove' }]) {
      const refused = await scene.patch(`Users/${id}`, operation)
      expect([refused.status, refused.body.detail]).toEqual([400, detail])
    }
  })

  it.each([
    [
      'two operations on the user name',
      [
        { op: 'replace', path: 'userName', value: 'a' },
        { op: 'replace', path: 'userName', value: 'b' },
      ],
    ],
    [
      'two operations on active',
      [
        { op: 'replace', path: 'active', value: false },
        { op: 'replace', path: 'active', value: true },
      ],
    ],
    ['the removal of the user name', [{ op: 'remove', path: 'userName' }]],
    ['the removal of active', [{ op: 'remove', path: 'active' }]],
    ['the removal of what is required', [{ op: 'remove', path: 'name.givenName' }]],
    ['a second e-mail address', [{ op: 'add', path: 'emails', value: email('second@acme.example') }]],
    ['an attribute that is not known', [{ op: 'replace', path: 'password', value: 'x' }]],
    ['the id', [{ op: 'replace', path: 'id', value: 'x' }]],
    ['a value that is missing', [{ op: 'replace', path: 'title' }]],
    ['an operation that is not known', [{ op: 'move', path: 'title', value: 'x' }]],
    ['no operation', []],
  ])('is refused as a whole with %s (D3-out-13)', async (_what, operations) => {
    await using scene = await startScimScene()
    const id = await scene.makeUser('ana@acme.example', { emails: email('ana@acme.example') })
    const before = (await scene.scim('GET', `Users/${id}`)).body
    const first = operations.length === 0 ? [] : [{ op: 'replace', path: 'nickName', value: 'N' }]
    expect((await scene.patch(`Users/${id}`, ...first, ...operations)).status).toBe(400)
    expect((await scene.scim('GET', `Users/${id}`)).body).toEqual(before)
  })

  it('is answered with 200 or 400, whatever it holds', async () => {
    await using scene = await startScimScene()
    const id = await scene.makeUser('ana@acme.example')
    const path = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'name',
        'emails',
        'emails.value',
        'emails[value eq "x"].type',
        ENTERPRISE,
        '__proto__',
        'a.b.c.d',
        'name[x eq "y"]',
      ),
    )
    const operation = fc.record(
      { op: fc.constantFrom('add', 'replace', 'remove'), path, value: fc.jsonValue({ maxDepth: 2 }) },
      { requiredKeys: ['op'] },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 3 }), async (operations) => {
        expect([200, 400]).toContain((await scene.patch(`Users/${id}`, ...operations)).status)
      }),
      { numRuns: 150 },
    )
    expect((await scene.scim('GET', `Users/${id}`)).body.displayName).not.toBe('')
  })
})
