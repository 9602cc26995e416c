import { awsGroupId, NOW } from '@gatehouse/domain/testing'
import type { AccessListId, GroupKey, OrganizationId } from '@gatehouse/domain'
import { expect, it } from 'vitest'
import type { JournalEntry } from '../ports/store.ts'
import { readGroupStates } from './read-group-states.ts'

const [GROUP, OTHER] = [awsGroupId('g-1'), awsGroupId('g-10')]
const signal = new AbortController().signal
const link = {
  group: 'platform/members' as GroupKey, // only carried along
  list: 'platform' as AccessListId, // only carried along
  side: 'members',
  awsGroup: GROUP,
  origin: 'created',
  pushedTitle: 'Platform',
  contentsAdopted: true,
} as const
const organizationId = 'acme' as OrganizationId // only carried along
const group = { organization: 'acme', organizationId, side: 'members', name: 'Platform', link } as const
const entry = (state: JournalEntry['state'], things: readonly string[], error?: string): JournalEntry => ({
  id: 'e',
  key: 'k',
  kind: 'add-member',
  state,
  payload: {},
  things: things as JournalEntry['things'], // as the journal has them
  attempts: 1,
  createdAt: NOW,
  updatedAt: NOW,
  ...(error === undefined ? {} : { error }),
})
const storeWith = (journal: readonly JournalEntry[], members?: number) => ({
  readGroups: async () => ({
    sweptAt: NOW,
    memberCounts: new Map(members === undefined ? [] : [[GROUP, members] as const]),
  }),
  readJournal: async () => journal,
})

it('counts what is on its way to the group and what AWS has refused, and nothing of other groups', async () => {
  const journal = [
    entry('sent', [`${GROUP}|u-1`]),
    entry('intended', [`GROUP:${GROUP}|123456789012/set`]),
    entry('failed', [`group ${GROUP}`], 'ThrottlingException: slow down'),
    entry('sent', [`${OTHER}|u-1`, `GROUP:${OTHER}|123456789012/set`, `group ${OTHER}`]),
  ]
  expect(await readGroupStates({ store: storeWith(journal, 3) }, [group], signal)).toEqual([
    { memberCount: 3, readAt: NOW, pending: 2, failed: 1, error: 'ThrottlingException: slow down' },
  ])
})

it('says nothing of members where AWS had no such group, and nothing at all where there is none yet', async () => {
  const groups = [group, { ...group, link: undefined }]
  expect(await readGroupStates({ store: storeWith([]) }, groups, signal)).toEqual([
    { readAt: NOW, pending: 0, failed: 0 },
    undefined,
  ])
})
