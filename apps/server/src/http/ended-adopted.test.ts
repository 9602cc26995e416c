import type { AuditQuery, EngineStatus } from '@gatehouse/application'
import {
  type AuditEvent,
  awsPrincipalKey,
  type GrantKey,
  grantKey,
  grantOfKey,
  type Instant,
  minus,
  minutes,
  type UserId,
} from '@gatehouse/domain'
import {
  anEvent,
  anOrganization,
  aUser,
  aUserLink,
  aView,
  NOW,
  PROD,
  READ_ONLY,
  userId,
} from '@gatehouse/domain/testing'
import { createInMemoryStore } from '@gatehouse/application/testing'
import { describe, expect, it } from 'vitest'
import { createEndedReader } from './ended-adopted.ts'

const GRANT = grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn })
const ORGANIZATION = anOrganization()
const { signal } = new AbortController()
const ago = (count: number): Instant => minus(NOW, minutes(count))

const fieldsOf = (grant: GrantKey) => {
  const { account, permissionSet } = grantOfKey(grant)
  return [{ account_id: account, permission_set_arn: permissionSet }]
}
const ended = (user: UserId, at: Instant, organization: string = ORGANIZATION.id): AuditEvent =>
  anEvent('adopted_assignment.end', {
    time: at,
    subjects: [`user:${user}`],
    fields: { organization, name: user, ended: fieldsOf(GRANT) },
  })
const deleted = (user: UserId, at: Instant): AuditEvent =>
  anEvent('aws_identity_center.account_assignment.deleted', {
    time: at,
    subjects: [`user:${user}`, `organization:${ORGANIZATION.id}`],
    fields: { success: true, principal_metadata: { external_id: 'x' }, principal_assignments: fieldsOf(GRANT) },
  })

const ANA = userId('ana')
const link = aUserLink(aUser('ana'))

interface Aws {
  /** What AWS was read to hold of ana; absent: she was not read. */
  readonly held?: readonly GrantKey[]
  readonly readAt?: Instant
  readonly isLinked?: boolean
}

async function startReading(events: readonly AuditEvent[]) {
  const store = createInMemoryStore()
  await store.commit({ events }, signal)
  const asked: AuditQuery[] = []
  const list: typeof store.list = (query, within) => {
    asked.push(query)
    return store.list(query, within)
  }
  const read = createEndedReader({ auditLog: { list } })
  return {
    store,
    asked,
    async rows({ held, readAt, isLinked = true }: Aws = {}) {
      const view = aView({ users: [aUser('ana')], userLinks: isLinked ? [link] : [] })
      const assignments = new Map(
        held ? [[awsPrincipalKey({ type: 'USER', id: link.awsUser }), new Set(held)] as const] : [],
      )
      const engine = {
        observed: () => ({ users: new Map(), groups: new Map(), assignments }),
        status: () =>
          ({
            running: [],
            waiting: [],
            ...(readAt === undefined ? {} : { oldestVisitAt: readAt }),
          }) as unknown as EngineStatus, // the parts that are looked at
      }
      const { rows, present } = await read({ view, engine, now: NOW }, signal)
      return rows.map(present)
    },
  }
}

describe('an adopted assignment that was ended', () => {
  const states = async (events: readonly AuditEvent[], aws: Aws) =>
    (await (await startReading(events)).rows(aws)).map(({ state }) => state)
  it('is confirmed by what AWS said of it, also when the person is not linked any more', async () => {
    const events = [ended(ANA, ago(10)), deleted(ANA, ago(9))]
    expect(await (await startReading(events)).rows({ held: [] })).toMatchObject([
      { state: 'confirmed', confirmedAt: '2027-03-01T08:51:00Z' },
    ])
    expect(await states(events, { isLinked: false })).toEqual(['confirmed'])
    expect(await states([deleted(ANA, ago(11)), ended(ANA, ago(10))], { held: [] })).toEqual(['saved'])
  })
  it('is confirmed by a reading of AWS after it', async () => {
    expect(await states([ended(ANA, ago(10))], { held: [], readAt: ago(5) })).toEqual(['confirmed'])
    expect(await states([ended(ANA, ago(10))], { held: [], readAt: ago(15) })).toEqual(['saved'])
  })
  it('is not called gone where nobody knows what AWS holds, and says why', async () => {
    const scene = await startReading([ended(ANA, ago(10))])
    for (const aws of [{ isLinked: false, readAt: ago(5) }, { readAt: ago(5) }, { held: [] }])
      expect(await scene.rows(aws)).toMatchObject([{ state: 'saved', reason: expect.any(String) as string }])
  })
  it('is listed however many there are, without those of other organizations', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => ended(userId(`p${index}`), ago(60)))
    const others = many.map((one) => ({ ...one, fields: { ...one.fields, organization: 'other' } }))
    expect(await (await startReading([...many, ...others])).rows()).toHaveLength(2_500)
  })
  it('is read once from the log, however often somebody looks', async () => {
    const scene = await startReading([ended(ANA, ago(10))])
    await scene.rows()
    scene.asked.length = 0
    await scene.rows()
    expect(scene.asked.map(({ event, after }) => [event, after])).toEqual([
      ['adopted_assignment.end', 1],
      ['aws_identity_center.account_assignment.deleted', undefined],
    ])
    await scene.store.commit({ events: [deleted(ANA, ago(1)), ended(userId('bea'), ago(0))] }, signal)
    expect((await scene.rows()).map(({ user, state }) => [user, state])).toEqual([
      [userId('bea'), 'saved'],
      ['ana@acme.example', 'confirmed'],
    ])
  })
})
