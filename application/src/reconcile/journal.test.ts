import { type AwsGroupId, type AwsUserId, membershipKey, type Operation, type Thing } from '@gatehouse/domain'
import { aGroupLink, aList, aUser, aUserLink, NOW } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '../ports/store.ts'
import { createEngineState } from './engine-state.ts'
import { intend, overtaken, postponed } from './journal.ts'

const link = aGroupLink(aList('platform'))
const group = { group: link.group, awsGroup: link.awsGroup, title: 'platform' }
const member = (name: string) => ({ userName: name, awsUser: aUserLink(aUser(name)).awsUser })
const add = (name: string): Operation => ({ kind: 'add-member', group, member: member(name), until: undefined })
const membership = (name: string): Thing => membershipKey(group.awsGroup, member(name).awsUser)

const unknown = (id: string, ...operations: [Operation, ...Operation[]]): JournalEntry =>
  postponed(intend(operations, undefined, id, NOW), 'unknown', 'the line broke', 0 as never, NOW)
const stateWith = (...journal: JournalEntry[]) =>
  createEngineState(
    {
      catalogue: { accounts: new Map(), permissionSets: new Map() },
      adoptedAccounts: new Set(),
      observed: { users: new Map(), groups: new Map(), assignments: new Map() },
      assignmentsReadAt: new Map(),
      sweptAt: undefined,
      accountsSeen: undefined,
      findings: [],
    },
    {
      assignments: new Map(),
      members: new Map(),
      removals: [],
      made: new Set(),
      found: new Set(),
      released: new Set(),
      roundSeq: 0,
      clockFloor: undefined,
      decidedSince: new Map(),
    },
    journal,
  )

describe('a write that AWS has answered', () => {
  it('settles what it was about and leaves other doubts', () => {
    const doubt = unknown('1', add('ana'), add('bruno'))
    const answered = intend([add('ana')], undefined, '2', NOW)
    expect(overtaken(stateWith(doubt), answered)).toEqual([
      { put: 'entry', entry: { ...doubt, things: [membership('bruno')] } },
    ])
    const both = intend([add('bruno'), add('ana')], undefined, '3', NOW)
    expect(overtaken(stateWith(doubt), both)).toEqual([{ delete: 'entry', id: '1' }])
  })

  it('settles the memberships of a group or user that it deleted', () => {
    const state = stateWith(unknown('1', add('ana')))
    const deletion = (operation: Operation) => overtaken(state, intend([operation], undefined, '2', NOW))
    const cause = { kind: 'decided', event: 'e' } as const
    const settled = [{ delete: 'entry', id: '1' }]
    expect(deletion({ kind: 'delete-group', ...group, awsGroup: link.awsGroup, cause })).toEqual(settled)
    expect(deletion({ kind: 'delete-group', ...group, awsGroup: 'other' as AwsGroupId, cause })).toEqual([])
    const user = { user: aUser('ana').id, userName: 'ana' }
    expect(deletion({ kind: 'delete-user', ...user, awsUser: member('ana').awsUser, cause })).toEqual(settled)
    expect(deletion({ kind: 'delete-user', ...user, awsUser: 'other' as AwsUserId, cause })).toEqual([])
  })
})
