import type { GatehouseClient } from '@gatehouse/api'
import type { AccessListId } from '@gatehouse/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ANA, startTestServer, type TestServer } from '../testing/start-test-server.ts'

const EVA = 'eva@acme.example'
const BOB = 'bob@acme.example'
const CREW = Array.from({ length: 6 }, (_, index) => `crew-${index}@acme.example`)
const DUE = '2027-03-10T00:00:00Z'
const id = 'crew' as AccessListId
const evas = { id, reviewer: EVA }

let server: TestServer
let ana: GatehouseClient
let eva: GatehouseClient
let bob: GatehouseClient
let revision: number
let dueAt: string | undefined

beforeAll(async () => {
  server = await startTestServer()
  ana = await server.signIn()
  const users = [EVA, BOB, ...CREW].map((name) => ({ kind: 'user', version: 'v2', metadata: { name }, spec: {} }))
  await apply(users)
  await server.givePassword(EVA)
  await server.givePassword(BOB)
  eva = await server.signIn(EVA)
  bob = await server.signIn(BOB)
})
beforeEach(async () => {
  if (await ana.getAccessList({ params: { id } }).catch(() => undefined))
    await ana.deleteDocument({ params: { kind: 'access_list', name: id } })
  await putList()
})
afterAll(async () => {
  expect(server.faults).toEqual([])
  await server[Symbol.asyncDispose]()
})

const apply = (documents: readonly object[]) =>
  ana.applyDocuments({
    body: { mode: 'replace', text: documents.map((document) => JSON.stringify(document)).join('\n---\n') },
  })

async function putList(
  more: { members?: readonly object[]; owners?: readonly string[]; audit?: Readonly<Record<string, unknown>> } = {},
): Promise<void> {
  const { owners = [EVA, BOB], members = CREW.map((name) => ({ name })), audit = {} } = more
  const spec = {
    title: 'Crew',
    owners: owners.map((name) => ({ name })),
    members,
    audit: { next_audit_date: DUE, ...audit },
  }
  await apply([{ kind: 'access_list', version: 'v1', metadata: { name: id }, spec }])
  ;({ revision, nextAuditDate: dueAt } = await ana.getAccessList({ params: { id } }))
}

type Body = NonNullable<Parameters<GatehouseClient['saveReviewDraft']>[0]['body']>
const save = (body: Partial<Body>, by = eva, reviewer = EVA) =>
  by.saveReviewDraft({ params: { id, reviewer }, body: { revision, dueAt, ...body } })
const keep = (...names: readonly (string | undefined)[]) =>
  names.map((name = '') => ({ kind: 'user', name, verdict: 'keep' }) as const)
const remove = (...names: readonly (string | undefined)[]) =>
  keep(...names).map((one) => ({ ...one, verdict: 'remove' }) as const)
const evasDraft = async () => {
  const { verdicts, ...rest } = await eva.getReviewDraft({ params: evas })
  return { ...rest, verdicts: verdicts.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
}

describe('the draft of a review', () => {
  it('is empty until something is kept, and then holds what was decided so far, change by change', async () => {
    expect(await evasDraft()).toEqual({ dueAt, revision, verdicts: [], keepsRest: false, notes: '' })
    const first = await save({ verdicts: keep(CREW[0], CREW[1]?.toUpperCase()), notes: 'half-way' })
    expect(first).toEqual({ version: expect.any(String), savedAt: expect.any(String), revision, leftOut: [] })
    const second = await save({ version: first.version, verdicts: remove(CREW[1], CREW[2]), keepsRest: true })
    expect(second.version).not.toBe(first.version)
    expect(await evasDraft()).toEqual({
      version: second.version,
      savedAt: second.savedAt,
      dueAt,
      revision,
      verdicts: [...keep(CREW[0]), ...remove(CREW[1], CREW[2])],
      keepsRest: true,
      notes: 'half-way',
    })
    expect((await eva.listReviewDrafts()).items).toEqual([{ list: id, decided: 6, savedAt: second.savedAt }])
    await save({ version: second.version, keepsRest: false })
    expect((await eva.listReviewDrafts()).items).toMatchObject([{ decided: 3 }])
    expect(await ana.listAuditEvents({ query: { text: 'half-way' } })).toMatchObject({ items: [] })
  })

  it('is read, changed and begun anew by its reviewer alone, who has to be one still', async () => {
    const { version } = await save({ verdicts: keep(CREW[0]) })
    for (const other of [ana, bob]) {
      await expect(other.getReviewDraft({ params: evas })).rejects.toMatchObject({ status: 403 })
      await expect(save({ version }, other)).rejects.toMatchObject({ status: 403 })
      await expect(other.deleteReviewDraft({ params: evas, query: { version } })).rejects.toMatchObject({ status: 403 })
      expect((await other.listReviewDrafts()).items).toEqual([])
    }
    // An administrator reviews when the owners have let the date pass.
    await expect(ana.getReviewDraft({ params: { id, reviewer: ANA } })).rejects.toMatchObject({ status: 403 })
    expect(await bob.getReviewDraft({ params: { id, reviewer: BOB } })).toMatchObject({ verdicts: [] })
    await putList({ owners: [BOB], members: [{ name: EVA }, ...CREW.map((name) => ({ name }))] })
    await expect(evasDraft()).rejects.toMatchObject({ status: 403, code: 'refused' })
    await expect(save({ version })).rejects.toMatchObject({ status: 403, code: 'refused' })
    expect((await eva.listReviewDrafts()).items).toEqual([])
    await putList({ owners: [BOB] })
    await expect(evasDraft()).rejects.toMatchObject({ status: 404, code: 'not-found' })
    await expect(server.client().getReviewDraft({ params: evas })).rejects.toMatchObject({ status: 401 })
  })

  it('refuses a change that was made on another version of it, and keeps what it had', async () => {
    const { version } = await save({ verdicts: keep(CREW[0]) })
    const [won, lost] = await Promise.allSettled([
      save({ version, verdicts: keep(CREW[1]) }),
      save({ version, verdicts: keep(CREW[2]) }),
    ])
    expect([won.status, lost.status].toSorted()).toEqual(['fulfilled', 'rejected'])
    for (const stale of [undefined, version, 'another']) {
      const { verdicts } = await evasDraft()
      const change = { ...(stale === undefined ? {} : { version: stale }), verdicts: remove(CREW[0]) }
      await expect(save(change)).rejects.toMatchObject({ status: 409, code: 'conflict' })
      expect((await evasDraft()).verdicts).toEqual(verdicts)
      expect(verdicts).toHaveLength(2)
    }
    await expect(eva.deleteReviewDraft({ params: evas, query: { version } })).rejects.toMatchObject({ status: 409 })
    await eva.deleteReviewDraft({ params: evas, query: { version: (await evasDraft()).version ?? '' } })
    expect(await evasDraft()).toMatchObject({ verdicts: [] })
    expect((await evasDraft()).version).toBeUndefined()
  })

  it('is gone once its review is filed, also while others still have to, and nobody else’s is', async () => {
    await putList({ audit: { required_reviewers: 2 } })
    await save({ verdicts: keep(CREW[0]), notes: 'by eva' })
    await save({ verdicts: remove(CREW[0]), notes: 'by bob' }, bob, BOB)
    const late = (await evasDraft()).version ?? ''
    const { waitingFor } = await eva.createAccessListReview({ params: { id }, body: { revision } })
    expect(waitingFor).toBeDefined()
    expect(await evasDraft()).toMatchObject({ verdicts: [], notes: '' })
    await expect(save({ version: late, verdicts: keep(CREW[1]) })).rejects.toMatchObject({ status: 409 })
    expect(await bob.getReviewDraft({ params: { id, reviewer: BOB } })).toMatchObject({ notes: 'by bob' })
    await save({ notes: 'by eva, once more' })
    await bob.createAccessListReview({ params: { id }, body: {} })
    // The list has another date, and what was begun for the one before is neither offered nor taken.
    expect(await evasDraft()).toMatchObject({ notes: '' })
    await expect(save({ verdicts: keep(CREW[1]) })).rejects.toMatchObject({ status: 412, code: 'stale' })
    expect((await eva.listReviewDrafts()).items).toEqual([])
  })

  it('goes with its list, and is not there for another one of that name', async () => {
    const { version } = await save({ verdicts: keep(CREW[0]) })
    await ana.deleteDocument({ params: { kind: 'access_list', name: id } })
    await expect(evasDraft()).rejects.toMatchObject({ status: 404, code: 'not-found' })
    await putList()
    expect(await evasDraft()).toMatchObject({ verdicts: [] })
    await expect(save({ version })).rejects.toMatchObject({ status: 409 })
  })

  it('goes with its reviewer', async () => {
    const name = 'gone@acme.example'
    await apply([{ kind: 'user', version: 'v2', metadata: { name }, spec: {} }])
    await server.givePassword(name)
    await putList({ owners: [EVA, name] })
    const gone = await server.signIn(name)
    await save({ verdicts: keep(CREW[0]) }, gone, name)
    await ana.deleteUser({ params: { name } })
    await apply([{ kind: 'user', version: 'v2', metadata: { name }, spec: {} }])
    await server.givePassword(name)
    await putList({ owners: [EVA, name] })
    const again = await server.signIn(name)
    expect(await again.getReviewDraft({ params: { id, reviewer: name } })).toMatchObject({ verdicts: [] })
  })

  it('holds nobody who is not in the list, and says whom it leaves out', async () => {
    const [first = '', second] = CREW
    const { version, leftOut } = await save({
      verdicts: [...keep(first, 'nobody@acme.example'), { kind: 'list', name: first, verdict: 'remove' }],
      keepsRest: true,
    })
    expect(leftOut).toEqual([
      { kind: 'user', name: 'nobody@acme.example' },
      { kind: 'list', name: first },
    ])
    expect((await evasDraft()).verdicts).toEqual(keep(first))
    // Somebody comes and somebody goes: who was decided stays so, and who was not looked at is not.
    const before = revision
    await putList({ members: [{ name: first }, { name: second }, { name: BOB }] })
    expect(await evasDraft()).toMatchObject({ verdicts: keep(first), keepsRest: false })
    const answer = await save({ version, revision: before, verdicts: keep(CREW[5]), keepsRest: true })
    expect(answer).toMatchObject({ revision, leftOut: [{ kind: 'user', name: CREW[5] }] })
    expect(await evasDraft()).toMatchObject({ verdicts: keep(first), keepsRest: false })
    for (const another of [revision + 1, 2 ** 40]) {
      const latest = (await evasDraft()).version
      await save({ ...(latest === undefined ? {} : { version: latest }), revision: another, keepsRest: true })
      expect(await evasDraft()).toMatchObject({ keepsRest: false })
    }
    await putList({ members: [{ name: second }] })
    expect(await evasDraft()).toMatchObject({ keepsRest: false })
    expect(await evasDraft()).toMatchObject({ verdicts: [] })
  })

  it('takes so much at a time, and names the field that holds more', async () => {
    const many = Array.from({ length: 5_001 }, (_, index) => `${'x'.repeat(250)}${index}`)
    await expect(save({ verdicts: keep(...many) })).rejects.toMatchObject({ status: 400, field: 'body.verdicts' })
    expect((await save({ verdicts: keep(...many.slice(1)) })).leftOut).toHaveLength(5_000)
    const { version } = await evasDraft()
    await expect(
      save({ ...(version === undefined ? {} : { version }), notes: 'x'.repeat(4_097) }),
    ).rejects.toMatchObject({ status: 400, field: 'body.notes' })
    await expect(save({ notes: 'a\0b' })).rejects.toMatchObject({ status: 400, field: 'body.notes' })
    const [first = ''] = CREW
    // A client may send anything.
    const other = [{ kind: 'user', name: first, verdict: 'maybe' }] as unknown as NonNullable<Body['verdicts']>
    await expect(save({ verdicts: other })).rejects.toMatchObject({
      status: 400,
      field: 'body.verdicts[0].verdict',
    })
    expect((await evasDraft()).verdicts).toEqual([])
  })
})
