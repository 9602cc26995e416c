import { hours, milliseconds, minus, plus } from '@gatehouse/domain'
import { NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'

import type { JournalEntry, StoredMemory } from '../ports/store.ts'

import {
  ACME,
  OTHER,
  KEY,
  OTHER_KEY,
  MEMBER_KEY,
  signal,
  created,
  makeEnrolled,
  type StoreUnderTest,
} from './store-scene.ts'
export function memoryContract(make: () => Promise<StoreUnderTest>): void {
  it('gives memory back as it was saved', async () => {
    const { store } = await makeEnrolled(make)
    const kept = {
      confirmed: true,
      subjects: ['user:id-of-ana', 'role:reader'],
      until: plus(NOW, milliseconds(3)),
    } as const
    const ending = { confirmed: false, subjects: [], ending: { kind: 'expired', at: NOW } } as const
    await store.commit(
      {
        organization: ACME.id,
        memory: [
          { put: 'assignment', key: KEY, remembered: kept },
          { put: 'assignment', key: OTHER_KEY, remembered: kept },
          { put: 'member', key: MEMBER_KEY, remembered: ending },
          { put: 'removal', kind: 'member', at: NOW },
          { put: 'removal', kind: 'member', at: NOW },
          { put: 'released', key: 'delete-user x' },
          { put: 'released', key: 'delete-user y' },
          { put: 'made', key: KEY },
          { put: 'made', key: OTHER_KEY },
          { put: 'found', key: KEY },
          { put: 'found', key: OTHER_KEY },
          { put: 'clock-floor', at: NOW },
        ],
      },
      signal,
    )
    await store.commit(
      {
        organization: ACME.id,
        memory: [
          { delete: 'assignment', key: OTHER_KEY },
          { delete: 'released', key: 'delete-user y' },
          { delete: 'made', key: OTHER_KEY },
          { delete: 'found', key: KEY },
        ],
      },
      signal,
    )
    const memory: StoredMemory = {
      assignments: new Map([[KEY, kept]]),
      members: new Map([[MEMBER_KEY, ending]]),
      decidedSince: new Map(),
      roundSeq: 0,
      removals: [
        { kind: 'member', at: NOW },
        { kind: 'member', at: NOW },
      ],
      released: new Set(['delete-user x']),
      made: new Set([KEY]),
      found: new Set([OTHER_KEY]),
      clockFloor: NOW,
    }
    expect(await store.readMemory(ACME.id, signal)).toEqual(memory)
    expect(await store.readMemory(OTHER.id, signal)).toEqual(EMPTY_MEMORY)
  })

  it('never moves the clock floor back', async () => {
    const { store } = await makeEnrolled(make)
    const floor = async (...instants: (typeof NOW)[]) => {
      const memory = instants.map((at) => ({ put: 'clock-floor', at }) as const)
      await store.commit({ organization: ACME.id, memory }, signal)
      return (await store.readMemory(ACME.id, signal)).clockFloor
    }
    expect(await floor(NOW)).toBe(NOW)
    expect(await floor(minus(NOW, hours(1)))).toBe(NOW)
    expect(await floor(plus(NOW, hours(1)), NOW)).toBe(plus(NOW, hours(1)))
  })

  it('knows the latest decision on each subject since the last round', async () => {
    const { store } = await makeEnrolled(make)
    await store.commit({ events: [created('ana'), created('eva')] }, signal)
    await store.commit({ organization: ACME.id, memory: [{ put: 'round', seq: 1 }] }, signal)
    const { auditSeq } = await store.commit({ events: [created('ana'), created('ana')] }, signal)
    const { roundSeq, decidedSince } = await store.readMemory(ACME.id, signal)
    expect(roundSeq).toBe(1)
    expect([...decidedSince.keys()].toSorted()).toEqual(['user:id-of-ana', 'user:id-of-eva'])
    await store.commit({ organization: ACME.id, memory: [{ put: 'round', seq: auditSeq }] }, signal)
    expect((await store.readMemory(ACME.id, signal)).decidedSince).toEqual(new Map())
  })

  it('keeps the journal until an entry is struck out', async () => {
    const { store } = await makeEnrolled(make)
    const first = aJournalEntry('1')
    const second = aJournalEntry('2', {
      state: 'failed',
      requestId: 'r',
      attempts: 3,
      notBefore: plus(NOW, hours(1)),
      error: 'throttled',
      createdAt: plus(NOW, milliseconds(1)),
    })
    const journal = [first, second].map((entry) => ({ put: 'entry', entry }) as const)
    await store.commit({ organization: ACME.id, journal }, signal)
    expect(await store.readJournal(ACME.id, signal)).toEqual([first, second])
    expect(await store.readJournal(OTHER.id, signal)).toEqual([])
    const sent: JournalEntry = { ...first, state: 'sent', requestId: 'q' }
    await store.commit(
      {
        organization: ACME.id,
        journal: [
          { put: 'entry', entry: sent },
          { delete: 'entry', id: '2' },
        ],
      },
      signal,
    )
    expect(await store.readJournal(ACME.id, signal)).toEqual([sent])
  })
}

const EMPTY_MEMORY: StoredMemory = {
  assignments: new Map(),
  members: new Map(),
  decidedSince: new Map(),
  roundSeq: 0,
  removals: [],
  made: new Set(),
  found: new Set(),
  released: new Set(),
  clockFloor: undefined,
}

const aJournalEntry = (id: string, partial: Partial<JournalEntry> = {}): JournalEntry => ({
  id,
  key: `create-group ${id}/members`,
  kind: 'create-group',
  state: 'intended',
  payload: { kind: 'create-group', title: 'Data', leases: [{ until: NOW }] },
  things: ['a|b'],
  attempts: 0,
  createdAt: NOW,
  updatedAt: NOW,
  ...partial,
})
