import { DomainError } from '@gatehouse/domain'
import { aList, aRole, aUser } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { readView } from '../governance/read-view.ts'
import { startGovernance } from '../testing/index.ts'
import { findRecord, getRecord, RECORD_KINDS, type RecordKind } from './record-kinds.ts'

const start = async () => {
  const scene = await startGovernance({ users: [aUser('eva')], roles: [aRole('on-call')], lists: [aList('crew')] })
  return (await readView(scene, scene.signal)).view
}
const codeOf = (find: () => unknown): string => {
  try {
    find()
    return 'found'
  } catch (error) {
    return error instanceof DomainError ? error.problem.code : String(error)
  }
}

describe('records by kind and name', () => {
  it('are found as documents name them, for every kind', async () => {
    const view = await start()
    for (const [kind, name] of [
      ['role', 'on-call'],
      ['user', 'eva@acme.example'],
      ['access_list', 'crew'],
    ] as const) {
      const record = findRecord(kind, name, view)
      expect(record).toBeDefined()
      expect(getRecord(kind, name, view)).toBe(record)
    }
    for (const kind of Object.keys(RECORD_KINDS) as RecordKind[])
      // its own keys
      expect([findRecord(kind, 'nobody', view), codeOf(() => getRecord(kind, 'nobody', view))]).toEqual([
        undefined,
        'not-found',
      ])
  })
  it('are found in any case where case tells no two apart: never roles, lists and locks', async () => {
    const view = await start()
    expect(getRecord('user', 'EVA@acme.example', view).name).toBe('eva@acme.example')
    expect(codeOf(() => getRecord('role', 'ON-CALL', view))).toBe('not-found')
    expect(codeOf(() => getRecord('access_list', 'CREW', view))).toBe('not-found')
  })
})
