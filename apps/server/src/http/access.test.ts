import { contract, type Endpoint, type GatehouseClient } from '@gatehouse/api'
import { type AccessListId, type AccessRequestId, minutes } from '@gatehouse/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SAMPLE_CALLS } from '../testing/sample-calls.ts'
import { ANA, startTestServer, type TestServer } from '../testing/start-test-server.ts'

const BORIS = 'boris@acme.example'
const CLARA = 'clara@acme.example'
const DOCUMENTS = `
kind: role
version: v7
metadata: {name: on-call}
spec: {allow: {}}
---
kind: role
version: v7
metadata: {name: engineer}
spec: {allow: {request: {roles: [on-call]}}}
---
kind: role
version: v7
metadata: {name: lead}
spec: {allow: {review_requests: {roles: [on-call]}}}
---
kind: access_list
version: v1
metadata: {name: platform}
spec:
  title: Platform engineers
  owners: [{name: ${CLARA}}]
  grants: {roles: [on-call]}
`

let server: TestServer
let ana: GatehouseClient
let boris: GatehouseClient
let clara: GatehouseClient
beforeAll(async () => {
  server = await startTestServer()
  ana = await server.signIn()
  const people = `
kind: user
version: v2
metadata: {name: ${BORIS}}
spec: {roles: [engineer]}
---
kind: user
version: v2
metadata: {name: ${CLARA}}
spec: {roles: [lead]}
---${DOCUMENTS}`
  const applied = await ana.applyDocuments({ body: { text: people, mode: 'create' } })
  expect(applied.results.every(({ outcome }) => outcome === 'created')).toBe(true)
  for (const user of [BORIS, CLARA]) await server.givePassword(user)
  boris = await server.signIn(BORIS)
  clara = await server.signIn(CLARA)
})
afterAll(async () => {
  expect(server.faults).toEqual([])
  await server[Symbol.asyncDispose]()
})

const endpoints = Object.entries(contract) as [keyof typeof contract, Endpoint][]
const call = (client: GatehouseClient, name: keyof typeof contract) =>
  // Every sample fits its own endpoint; the loop over all of them forgets which.
  (client[name] as (args: unknown) => Promise<unknown>)(SAMPLE_CALLS[name]).then(
    () => undefined,
    (error: unknown) => error as { code: string; status: number },
  )

describe('who may call what (D4-36, D7: broken function-level authorization)', () => {
  it.each(endpoints.filter(([, { auth }]) => auth !== 'public'))('%s asks strangers to sign in', async (name) => {
    expect(await call(server.client(), name)).toMatchObject({ status: 401, code: 'not-signed-in' })
  })
  it.each(endpoints.filter(([, { auth }]) => auth === 'rule'))(
    '%s is refused to people without a rule for it, naming verb and kind',
    async (name, { needs }) => {
      expect(await call(boris, name)).toMatchObject({ status: 403, code: 'refused' })
      expect(await call(boris, name)).toMatchObject({
        message: expect.stringContaining(`"${needs?.verb}" on "${needs?.kind}"`),
      })
    },
  )
})

describe('a rule that denies just one thing (D4-36)', () => {
  const PIA = 'pia@acme.example'
  const ruled = endpoints.flatMap(([name, { needs }]) => (needs ? [{ name, ...needs }] : []))
  let pia: GatehouseClient
  beforeAll(async () => {
    const text = `
kind: role
version: v8
metadata: {name: probe}
spec: {}
---
kind: user
version: v2
metadata: {name: ${PIA}}
spec: {roles: [editor, probe]}
`
    await ana.applyDocuments({ body: { text, mode: 'create' } })
    await server.givePassword(PIA)
    pia = await server.signIn(PIA)
  })
  it.each(ruled)('$verb on $kind takes $name even from an editor', async ({ name, verb, kind }) => {
    const deny = `{rules: [{resources: [${kind}], verbs: [${verb}]}]}`
    const text = `kind: role\nversion: v8\nmetadata: {name: probe}\nspec: {deny: ${deny}}\n`
    await ana.applyDocuments({ body: { text, mode: 'replace' } })
    expect(await call(pia, name)).toMatchObject({
      status: 403,
      message: expect.stringContaining(`"${verb}" on "${kind}": role "probe" has a rule that denies it`),
    })
  })
})

describe('documents', () => {
  it('come back as they were written, and a second time change nothing', async () => {
    const again = await ana.applyDocuments({ body: { text: DOCUMENTS, mode: 'replace' } })
    expect(again.results.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged'])
    const role = await ana.getDocument({ params: { kind: 'role', name: 'engineer' } })
    expect(role).toMatchObject({ kind: 'role', metadata: { name: 'engineer' } })
  })
  it('are saved together or not at all', async () => {
    const text = 'kind: role\nversion: v7\nmetadata: {name: good}\n---\nkind: rol\nversion: v7\nmetadata: {name: bad}\n'
    await expect(ana.applyDocuments({ body: { text, mode: 'create' } })).rejects.toMatchObject({ status: 400 })
    await expect(ana.getDocument({ params: { kind: 'role', name: 'good' } })).rejects.toMatchObject({ status: 404 })
  })
  it('are paged to the end', async () => {
    const names: string[] = []
    for (let cursor: string | undefined; ;) {
      const page = await ana.listDocuments({ params: { kind: 'role' }, query: { limit: 2, cursor } })
      expect(page.items.length).toBeLessThanOrEqual(2)
      names.push(...page.items.map(({ metadata }) => metadata.name))
      cursor = page.next
      if (cursor === undefined) break
    }
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(expect.arrayContaining(['editor', 'engineer', 'lead', 'on-call']))
  })
  it('are removed, unless something needs them', async () => {
    await expect(ana.deleteDocument({ params: { kind: 'role', name: 'on-call' } })).rejects.toMatchObject({
      status: 409,
      code: 'in-use',
    })
  })
})

describe('users', () => {
  it('are added with a link that sets their password', async () => {
    const { user, link } = await ana.createUser({ body: { name: 'dora@acme.example', roles: ['engineer'] } })
    expect(user).toMatchObject({ name: 'dora@acme.example', roles: ['engineer'], locked: false })
    expect(new URL(link.url).pathname).toMatch(/^\/set-password\/[\w-]{43}$/)
    expect((await fetch(server.url + new URL(link.url).pathname)).status).toBe(200)
    await ana.deleteUser({ params: { name: 'dora@acme.example' } })
    expect((await fetch(server.url + new URL(link.url).pathname)).status).toBe(403)
  })
  it('are told which field a rule does not like, in the caller’s own words', async () => {
    const create = (name: string, roles: string[]) => ana.createUser({ body: { name, roles } })
    await expect(create('a b', [])).rejects.toMatchObject({ status: 400, field: 'body.name' })
    await expect(create('eve@acme.example', ['enginer'])).rejects.toMatchObject({ status: 404, field: 'body.roles[0]' })
  })
  it('are suggested when a name is nearly right', async () => {
    await expect(ana.getUser({ params: { name: 'borris@acme.example' } })).rejects.toMatchObject({
      remedy: `Did you mean "${BORIS}"?`,
    })
  })
})

describe('what somebody’s roles want him to ask for', () => {
  it('is in his session, until he has asked', async () => {
    const text = `
kind: role
version: v8
metadata: {name: eager}
spec: {options: {request_access: always, request_prompt: Ticket?}, allow: {request: {roles: [on-call]}}}
---
kind: user
version: v2
metadata: {name: eve@acme.example}
spec: {roles: [eager]}
`
    await ana.applyDocuments({ body: { text, mode: 'create' } })
    await server.givePassword('eve@acme.example')
    const eve = await server.signIn('eve@acme.example')
    expect((await eve.getMe()).requestOnSignIn).toEqual({ needsReason: false, prompts: ['Ticket?'] })
    const { id } = await eve.createAccessRequest({ body: { roles: ['*'] } })
    expect((await eve.getMe()).requestOnSignIn).toBeUndefined()
    await eve.deleteAccessRequest({ params: { id: id as AccessRequestId } })
    await ana.deleteUser({ params: { name: 'eve@acme.example' } })
  })
})

describe('a request for access', () => {
  it.each(['state', 'thresholds', 'startsAt', 'expiresAt', 'approvedBy', 'user', 'reviews', 'id'])(
    'with the server’s own field "%s" is refused (D4-20)',
    async (field) => {
      const body = { roles: ['on-call'], [field]: 'mine' }
      await expect(boris.createAccessRequest({ body })).rejects.toMatchObject({ status: 400, code: 'unknown-field' })
    },
  )
  it('is decided by what the roles say, not by what its review carries along (D4-20)', async () => {
    const { id } = await boris.createAccessRequest({ body: { roles: ['on-call'] } })
    const params = { id: id as AccessRequestId }
    for (const field of ['state', 'author', 'expiresAt', 'thresholds'])
      await expect(
        clara.reviewAccessRequest({ params, body: { verdict: 'approve', [field]: 'mine' } }),
      ).rejects.toMatchObject({ status: 400, code: 'unknown-field' })
    await boris.deleteAccessRequest({ params })
  })
})

describe('an access list', () => {
  const params = { id: 'platform' as AccessListId }
  it('is managed by its owner', async () => {
    const member = await clara.addMember({
      params,
      body: { name: BORIS, reason: 'rotation', expires: '2027-04-01T00:00:00Z' },
    })
    expect(member).toMatchObject({ kind: 'user', name: BORIS, addedBy: CLARA, expires: '2027-04-01T00:00:00Z' })
    expect((await clara.listMembers({ params })).items).toHaveLength(1)
    expect((await boris.getMe()).roles).toContain('on-call')
  })
  it('shows a mere member that it is there, and not who else is in it', async () => {
    const list = await boris.getAccessList({ params })
    expect(list).toMatchObject({ title: 'Platform engineers', may: { edit: false, manageMembers: false } })
    expect(list.memberCount).toBeUndefined()
    await expect(boris.listMembers({ params })).rejects.toMatchObject({ status: 403 })
    await expect(boris.removeMember({ params: { ...params, member: BORIS } })).rejects.toMatchObject({ status: 403 })
  })
  it('is found by a part of its title, and its entries and users by a part of their names', async () => {
    const found = async (search: string) => (await ana.listAccessLists({ query: { search } })).items.map(({ id }) => id)
    expect(await found(' PLATFORM eng')).toContain('platform')
    expect(await found('nothing of the kind')).toEqual([])
    await clara.addMember({ params: { id: 'platform' }, body: { name: BORIS } })
    const entries = async (query: { search?: string; kind?: 'user' | 'list' }) =>
      (await clara.listMembers({ params: { id: 'platform' }, query })).items.map(({ name }) => name)
    expect(await entries({ search: 'BORIS@' })).toEqual([BORIS])
    expect(await entries({ search: 'clara' })).toEqual([])
    expect(await entries({ kind: 'user' })).toEqual([BORIS])
    expect(await entries({ kind: 'list' })).toEqual([])
    const row = await clara.listReviewRows({ params: { id: 'platform' }, query: { member: BORIS.toUpperCase() } })
    expect(row.items.map(({ name }) => name)).toEqual([BORIS])
    const users = await ana.listUsers({ query: { search: 'Boris' } })
    expect(users.items.map(({ name }) => name)).toEqual([BORIS])
    const [lists, owned] = await Promise.all(
      [BORIS, CLARA].map(async (name) => (await ana.getUser({ params: { name } })).lists),
    )
    expect(lists).toEqual([{ id: 'platform', title: 'Platform engineers', as: 'member', direct: true }])
    expect(owned).toEqual([{ id: 'platform', title: 'Platform engineers', as: 'owner', direct: true }])
  })
  it('says where it is, and what it is in AWS', async () => {
    const text = `
kind: access_list
version: v1
metadata: {name: around}
spec:
  title: Around
  owners: [{name: platform, membership_kind: MEMBERSHIP_KIND_LIST}]
  members: [{name: platform, membership_kind: MEMBERSHIP_KIND_LIST}]
`
    await ana.applyDocuments({ body: { text, mode: 'create' } })
    const around = [{ id: 'around', title: 'Around' }]
    const list = await ana.getAccessList({ params: { id: 'platform' } })
    expect(list).toMatchObject({ memberOf: around, ownerOf: around, groups: [] })
    // Its owner owns the other by owning nothing of it: he is no member, and does not know that it is there.
    expect(await clara.getAccessList({ params: { id: 'platform' } })).toMatchObject({ memberOf: [], ownerOf: [] })
    await ana.deleteDocument({ params: { kind: 'access_list', name: 'around' } })
  })
  it('does not exist for anybody else', async () => {
    await clara.removeMember({ params: { ...params, member: BORIS } })
    await expect(boris.getAccessList({ params })).rejects.toMatchObject({ status: 404 })
  })
})

describe('an access request', () => {
  const file = () => boris.createAccessRequest({ body: { roles: ['on-call'], reason: 'INC-7', maxDuration: '2h' } })
  it('is worked out by a dry run and not saved', async () => {
    const dry = await boris.createAccessRequest({ body: { roles: ['on-call'], reason: 'INC-7', dryRun: true } })
    expect(dry).toMatchObject({ dryRun: true, state: 'pending', duration: '8h' })
    await expect(boris.getAccessRequest({ params: { id: dry.id as AccessRequestId } })).rejects.toMatchObject({
      status: 404,
    })
  })
  it.each([
    ['maxDuration', '15d'],
    ['maxDuration', '0s'],
    ['maxDuration', '99999999999h'],
    ['requestTtl', '8d'],
  ])('whose %s is %s is refused by the name of that field, in the caller’s words', async (field, length) => {
    const body = { roles: ['on-call'], reason: 'INC-7', [field]: length }
    await expect(boris.createAccessRequest({ body })).rejects.toMatchObject({
      status: 400,
      field: `body.${field}`,
      details: { detail: expect.stringContaining(`"${length}"`) as string },
    })
  })
  it('goes from filing through review to being assumed, and ends by itself', async () => {
    const { id } = await file()
    const params = { id: id as AccessRequestId }
    expect((await clara.listAccessRequests({ query: { reviewable: true } })).items.map((item) => item.id)).toEqual([id])
    await expect(boris.reviewAccessRequest({ params, body: { verdict: 'approve' } })).rejects.toMatchObject({
      status: 403,
    })
    await expect(clara.reviewAccessRequest({ params, body: { verdict: 'approve' } })).rejects.toMatchObject({
      status: 400,
      field: 'shown',
    })
    const { shown } = await clara.getAccessRequest({ params })
    expect((await boris.getAccessRequest({ params })).shown).toBeUndefined()
    const body = { verdict: 'approve', reason: 'ok', shown: shown?.hash } as const
    const approved = await clara.reviewAccessRequest({ params, body })
    expect(approved).toMatchObject({
      state: 'approved',
      startsAt: '2027-03-01T09:00:00Z',
      expiresAt: '2027-03-01T11:00:00Z',
    })
    expect(await boris.changeAssumed({ body: { assume: [params.id] } })).toMatchObject({ assumed: [{ id }] })
    expect((await boris.getMe()).roles).toContain('on-call')
    expect((await boris.changeAssumed({ body: { drop: [params.id] } })).roles).not.toContain('on-call')
    await ana.deleteAccessRequest({ params })
  })
  it('of somebody else can’t be assumed', async () => {
    const { id } = await file()
    await expect(clara.changeAssumed({ body: { assume: [id as AccessRequestId] } })).rejects.toMatchObject({
      status: 404,
    })
    await expect(boris.changeAssumed({ body: { assume: [id as AccessRequestId] } })).rejects.toMatchObject({
      status: 403,
    })
  })
  it('that nobody decided in time is shown as expired at once, whenever it is swept away', async () => {
    const body = { roles: ['on-call'], reason: 'INC-8', requestTtl: '1m' }
    const { id } = await boris.createAccessRequest({ body })
    const params = { id: id as AccessRequestId }
    expect((await clara.getAccessRequest({ params })).state).toBe('pending')
    server.clock.advance(minutes(1))
    expect(await clara.getAccessRequest({ params })).toMatchObject({
      state: 'expired',
      may: { review: false },
      assignments: [],
    })
    const inState = async (state: 'pending' | 'expired') =>
      (await boris.listAccessRequests({ query: { state, mine: true } })).items.some((item) => item.id === id)
    expect([await inState('pending'), await inState('expired')]).toEqual([false, true])
    await expect(clara.reviewAccessRequest({ params, body: { verdict: 'approve' } })).rejects.toMatchObject({
      code: 'conflict',
    })
  })
  it('can be answered with membership', async () => {
    const { id } = await file()
    const params = { id: id as AccessRequestId }
    const shown = await clara.getAccessRequest({ params })
    expect(shown.promotionCandidates).toEqual([{ id: 'platform', title: 'Platform engineers' }])
    const promoted = await clara.promoteAccessRequest({ params, body: { list: 'platform' as AccessListId } })
    expect(promoted).toMatchObject({ state: 'promoted', promotedTo: { id: 'platform' } })
  })
})

describe('a lock', () => {
  it('closes every door at once, also to sessions that were open', async () => {
    const text = `kind: lock\nversion: v2\nmetadata: {name: gone}\nspec: {target: {user: ${BORIS}}, message: left}`
    await ana.applyDocuments({ body: { text, mode: 'create' } })
    await expect(boris.getMe()).rejects.toMatchObject({ status: 401 })
    await expect(server.signIn(BORIS)).rejects.toMatchObject({ status: 403, code: 'refused' })
    await ana.deleteDocument({ params: { kind: 'lock', name: 'gone' } })
    await expect(boris.getMe()).rejects.toMatchObject({ status: 401 })
    expect(await (await server.signIn(BORIS)).getMe()).toMatchObject({ user: { name: BORIS } })
  })
})

describe('the script for the AWS side', () => {
  it('trusts this server, for this organization alone', async () => {
    const body = { integration: 'idc-role', role: 'idc', region: 'eu-west-1' }
    const { script, subject, audience } = await ana.makeSetupScript({ body })
    expect({ subject, audience }).toEqual({
      subject: 'system:gatehouse:aws-identity-center',
      audience: 'discover.teleport',
    })
    expect(script).toMatch(/^#!\/usr\/bin\/env bash\n/)
    expect(script).toContain(subject)
    expect(script).toContain(`localhost:${new URL(server.url).port}`)
  })
  it.each([
    ['eu-central-1', 'aws'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
    ['eusc-de-east-1', 'aws-eusc'],
  ])('for %s is about the partition %s (D8-28)', async (region, partition) => {
    const { script } = await ana.makeSetupScript({ body: { integration: 'idc-role', role: 'idc', region } })
    expect(script).toContain(`== '${partition}' ]]`)
    expect(script).toContain(`arn:${partition}:iam::*:saml-provider/AWSSSO_*`)
  })
  it('is refused for a name that AWS would refuse', async () => {
    const body = { integration: 'idc-role', role: 'a b"; rm -rf ~', region: 'eu-west-1' }
    await expect(ana.makeSetupScript({ body })).rejects.toMatchObject({ status: 400 })
  })
})

describe('the audit log', () => {
  it('has everything that happened, newest first, and an intact chain', async () => {
    const { items } = await ana.listAuditEvents({ query: { limit: 1000 } })
    const seqs = items.map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.toSorted((a, b) => b - a))
    for (const event of ['user.login', 'user.create', 'role.created', 'access_request.review', 'lock.created'])
      expect(items.map((item) => item.event)).toContain(event)
    expect(await ana.verifyAuditEvents()).toEqual({ intact: true, events: items.length })
    expect(items.find(({ event }) => event === 'user.create')).toBeDefined()
  })
  it('is paged without gap or repetition', async () => {
    const all = (await ana.listAuditEvents({ query: { limit: 1000 } })).items.map(({ seq }) => seq)
    const first = await ana.listAuditEvents({ query: { limit: 7 } })
    const second = await ana.listAuditEvents({ query: { limit: 7, cursor: first.next } })
    expect([...first.items, ...second.items].map(({ seq }) => seq)).toEqual(all.slice(0, 14))
  })
  it('gives one event also in the described form, on one level and with the name of the cluster', async () => {
    const { items, names } = await ana.listAuditEvents({ query: { event: 'user.create', limit: 1 } })
    const [event] = items
    if (!event) throw new Error('Nobody was created.')
    const { flat, ...rest } = await ana.getAuditEvent({ params: { uid: event.uid } })
    const { code, time, uid, user } = event
    expect(rest).toEqual({ ...event, names })
    expect(flat).toEqual({
      ...event.fields,
      cluster_name: 'acme.example',
      ei: 0,
      event: 'user.create',
      code,
      time,
      uid,
      user,
    })
    await expect(ana.getAuditEvent({ params: { uid: 'none' } })).rejects.toMatchObject({ status: 404 })
  })
  it('says what those are called now that events are about', async () => {
    const { items, names } = await ana.listAuditEvents({ query: { event: 'user.create' } })
    const about = items.map(({ subjects: [subject = ''] }) => names[subject])
    expect(about).toContain(BORIS)
    // The one who was deleted has no name any more.
    expect(about).toContain(undefined)
  })
  it('says it only of what the reader may see: an auditor who may only list events reads ids', async () => {
    const role = `
kind: role
version: v8
metadata: {name: events-only}
spec: {allow: {rules: [{resources: [event], verbs: [list, read]}]}}
---
kind: user
version: v2
metadata: {name: auditor@acme.example}
spec: {roles: [events-only]}
`
    await ana.applyDocuments({ body: { text: role, mode: 'create' } })
    await server.givePassword('auditor@acme.example')
    const auditor = await server.signIn('auditor@acme.example')
    const query = { event: 'user.create', limit: 100 }
    const { items, names } = await auditor.listAuditEvents({ query })
    const { id } = (await auditor.getMe()).user
    expect(items.flatMap(({ subjects }) => subjects)).toContain(`user:${id}`)
    expect(names).toEqual({ [`user:${id}`]: 'auditor@acme.example' })
    const other = items.find(({ subjects }) => !subjects.includes(`user:${id}`))
    expect((await auditor.getAuditEvent({ params: { uid: other?.uid ?? '' } })).names).toEqual({})
  })
  it('knows the administrator by name', async () => {
    const { items } = await ana.listAuditEvents({ query: { event: 'user.login' } })
    expect(items.map(({ user }) => user)).toContain(ANA)
  })
})
