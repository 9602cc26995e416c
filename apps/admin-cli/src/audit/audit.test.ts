import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEventView } from '@gatehouse/api'
import { chainedText, START_OF_CHAIN } from '@gatehouse/domain'
import { afterAll, describe, expect, it } from 'vitest'
import { cell, EXPORT_FORMATS } from './formats.ts'
import { verifyFile } from './verify-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'audit-'))
afterAll(() => rmSync(folder, { recursive: true }))
const { signal } = new AbortController()

function aChain(length: number): AuditEventView[] {
  const events: AuditEventView[] = []
  for (let seq = 1; seq <= length; seq++) {
    const event = {
      seq,
      uid: `uid-${seq}`,
      event: 'role.created',
      code: 'T9000I',
      time: '2027-03-01T09:00:00Z',
      ...(seq % 2 === 0 ? { user: 'ana@acme.example' } : {}),
      subjects: ['role:helper'],
      fields: { name: 'helper', z: 1, a: ['=1+1'] },
      previousHash: events.at(-1)?.hash ?? START_OF_CHAIN,
    }
    events.push({ ...event, hash: createHash('sha256').update(chainedText(event)).digest('hex') })
  }
  return events
}
const lines = (events: readonly AuditEventView[]): string =>
  events.map((event) => EXPORT_FORMATS.jsonl.line(event, 'acme.example')).join('')
function verify(content: string) {
  const file = join(folder, 'events.jsonl')
  writeFileSync(file, content)
  return verifyFile(file, signal)
}

it('an event as the guides show one is flat, with the cluster and without what only we have', () => {
  const fields = { success: false, error: 'access denied. ', sid: '', time: 'planted', cluster_name: 'planted' }
  const written = aChain(2).map((event) =>
    EXPORT_FORMATS.flat.line({ ...event, event: 'saml.idp.auth', fields }, 'acme.example'),
  )
  expect(JSON.parse(written[1] ?? '')).toEqual({
    cluster_name: 'acme.example',
    code: 'T9000I',
    ei: 0,
    error: 'access denied. ',
    event: 'saml.idp.auth',
    sid: '',
    success: false,
    time: '2027-03-01T09:00:00Z',
    uid: 'uid-2',
    user: 'ana@acme.example',
  })
})

describe('an exported file', () => {
  const chain = aChain(5)
  it('is intact as it was written, also a later part of the log', async () => {
    expect(await verify(lines(chain))).toEqual({ events: 5, first: 1, last: 5, lastHash: chain[4]?.hash })
    expect(await verify(lines(chain.slice(2)))).toMatchObject({ events: 3, first: 3, last: 5 })
    expect(await verify('')).toEqual({ events: 0 })
  })
  it('names the first link that is broken: changed, left out, put in, or no event', async () => {
    const changed = lines(chain).replace('"uid":"uid-3"', '"uid":"uid-x"')
    expect(await verify(changed)).toMatchObject({ events: 2, broken: { line: 3, seq: 3 } })
    const leftOut = await verify(lines(chain.filter(({ seq }) => seq !== 3)))
    expect(leftOut.broken).toMatchObject({ line: 3, seq: 4, reason: expect.stringContaining('missing') as string })
    const cutOff = await verify(lines([...chain.slice(0, 2), { ...chain[2], ...chain[0], seq: 3 } as AuditEventView]))
    expect(cutOff.broken).toMatchObject({ line: 3, seq: 3 })
    expect((await verify(lines(chain).replace('{"seq":4', 'seq 4'))).broken).toEqual({
      line: 4,
      reason: 'It is no event.',
    })
  })
  it('does not begin with anything but the start of the chain', async () => {
    const [first] = aChain(1)
    if (!first) throw new Error('unreachable')
    const moved = { ...first, previousHash: '1'.repeat(64) }
    const forged = { ...moved, hash: createHash('sha256').update(chainedText(moved)).digest('hex') }
    expect((await verify(lines([forged]))).broken).toMatchObject({ line: 1, seq: 1 })
  })
})

describe('a spreadsheet', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('never runs %j', (text) => {
    expect(cell(text).replace(/^"/, '')).toMatch(/^'/)
  })
  it('gets quoted what would break its rows', () => {
    expect(cell('a "b", c\nd')).toBe('"a ""b"", c\nd"')
    expect(cell(undefined)).toBe('')
    expect(cell({ a: 1 })).toBe('"{""a"":1}"')
  })
})

describe('a SIEM', () => {
  it('gets classes and activities of OCSF, and everything else under unmapped', () => {
    const [event] = aChain(1)
    if (!event) throw new Error('unreachable')
    const login = { ...event, event: 'user.login', code: 'T1000W', user: 'eva', fields: { success: false } }
    expect(JSON.parse(EXPORT_FORMATS.ocsf.line(login, 'acme.example'))).toMatchObject({
      class_uid: 3002,
      category_uid: 3,
      activity_id: 1,
      type_uid: 300201,
      status_id: 2,
      time: Date.parse('2027-03-01T09:00:00Z'),
      user: { name: 'eva' },
      metadata: { version: '1.3.0', event_code: 'T1000W', sequence: 1 },
      unmapped: { hash: event.hash },
    })
    expect(
      JSON.parse(EXPORT_FORMATS.ocsf.line({ ...event, event: 'of.a.later.server' }, 'acme.example')),
    ).toMatchObject({
      class_uid: 3004,
      activity_id: 99,
    })
  })
})
