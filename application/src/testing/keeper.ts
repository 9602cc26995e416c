import { aRole, aUser } from '@gatehouse/domain/testing'
import type { Actor } from '../governance/actor.ts'
import { createRecordsCache } from '../governance/records-cache.ts'
import type { RecordChange } from '../ports/store.ts'
import type { EngineScene } from './engine-scene.ts'

const RULES = [{ resources: ['aws_identity_center', 'access_list', 'user'], verbs: ['update'] }] as const

/** Eva, who may decide about what was changed in AWS. */
export const KEEPER: readonly RecordChange[] = [
  { put: 'role', role: aRole('keeper', { allow: { rules: RULES } }) },
  { put: 'user', user: aUser('eva', { roles: ['keeper'] }) },
]
export const EVA: Actor = { kind: 'user', user: aUser('eva').id, assumed: [] }

/** What a use case reads of a scene. */
export const withRecords = ({ store, clock }: EngineScene) => ({ clock, records: createRecordsCache(store) })
