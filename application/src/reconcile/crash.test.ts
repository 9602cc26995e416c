import { type AwsPrincipalKey, type GrantKey, hours, minutes, plus } from '@gatehouse/domain'
import {
  A_CATALOGUE,
  ADMIN,
  aList,
  aMember,
  approved,
  aRequest,
  aRole,
  aUser,
  NOW,
  on,
  PROD,
  READ_ONLY,
  SANDBOX,
  STAGING,
} from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import type { RecordChange } from '../ports/store.ts'
import { type EngineScene, startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws, type InMemoryAws, type Wire } from '../testing/in-memory-identity-center.ts'

const CATALOGUE = {
  accounts: [...A_CATALOGUE.accounts.values()],
  permissionSets: [...A_CATALOGUE.permissionSets.values()],
}

/** People, a role, a list made here and a request that ends: users, groups, members and assignments are all written. */
const RECORDS: readonly RecordChange[] = [
  {
    put: 'role',
    role: aRole('operator', {
      allow: {
        assignments: [
          [PROD.id, READ_ONLY.arn],
          [STAGING.id, ADMIN.arn],
        ],
      },
    }),
  },
  { put: 'user', user: aUser('ana', { roles: ['operator'] }) },
  { put: 'user', user: aUser('bruno') },
  { put: 'user', user: aUser('eva', { roles: [on(READ_ONLY, SANDBOX)] }) },
  {
    put: 'list',
    list: aList('platform', {
      members: ['ana', aMember('bruno', { expires: plus(NOW, hours(2)) })],
      grants: [on(ADMIN, PROD), on(READ_ONLY, STAGING)],
    }),
  },
  { put: 'request', request: aRequest('r1', 'bruno', { roles: [on(ADMIN, SANDBOX)], ...approved(NOW, hours(1)) }) },
]

/** What AWS holds, by names that do not depend on the ids it made up. */
function holdings(aws: InMemoryAws) {
  const nameOf = (key: AwsPrincipalKey): string => {
    const [type, id] = key.split(':')
    if (type === 'USER') return [...aws.users].find(([user]) => user === id)?.[1].profile.userName ?? 'gone'
    return [...aws.groups].find(([group]) => group === id)?.[1].displayName ?? 'gone'
  }
  const grants = (held: ReadonlySet<GrantKey>): readonly string[] => [...held].toSorted()
  return {
    users: [...aws.users.values()].map(({ profile }) => `${profile.userName} ${profile.active}`).toSorted(),
    groups: [...aws.groups.values()].map(({ displayName, members }) => ({
      displayName,
      members: [...members].map((id) => nameOf(`USER:${id}` as AwsPrincipalKey)).toSorted(),
    })),
    assignments: Object.fromEntries(
      [...aws.assignments]
        .filter(([, held]) => held.size > 0)
        .map(([key, held]) => [nameOf(key), grants(held)])
        .toSorted(([a = ''], [b = '']) => (String(a) < String(b) ? -1 : 1)),
    ),
  }
}

async function scene(): Promise<EngineScene> {
  const made = await startEngineScene(NOW)
  await made.save(...RECORDS)
  return made
}

/** What a run without any cut leaves behind, now and after everything with an end has ended. */
async function uncut() {
  const aws = createInMemoryAws(CATALOGUE)
  const world = await scene()
  await using running = await world.start(aws)
  await running.untilQuiet()
  const granted = holdings(aws)
  const grantWrites = aws.writes.length
  world.clock.advance(hours(3))
  await running.untilQuiet()
  return { granted, ended: holdings(aws), grantWrites, allWrites: aws.writes.length }
}

/** Stops answering at the n-th boundary: before the write, or after it has had its effect. */
function cutAt(boundary: number): Wire & { readonly reached: Promise<void> } {
  let count = 0
  let tell = (): void => {}
  const reached = new Promise<void>((resolve) => (tell = resolve))
  const pass = async (): Promise<void> => {
    if (count++ < boundary) return
    tell()
    await new Promise(() => {}) // never answers again
  }
  return { before: pass, after: pass, reached }
}

async function cutAndGoOn(boundary: number, looksNeeded: number, from: 'grant' | 'end') {
  const aws = createInMemoryAws(CATALOGUE)
  aws.looksNeeded = looksNeeded
  const world = await scene()
  if (from === 'end') {
    await using whole = await world.start(aws)
    await whole.untilQuiet()
    world.clock.advance(hours(3))
  }
  const wire = cutAt(boundary)
  const first = await world.start(aws, wire)
  await Promise.race([wire.reached, first.untilQuiet().catch(() => undefined)])
  await first.kill()
  await using second = await world.start(aws)
  await second.untilQuiet()
  const held = holdings(aws)
  const writes = aws.writes.length
  world.clock.advance(minutes(1))
  await second.engine.sweepNow(AbortSignal.timeout(5_000))
  await second.untilQuiet()
  return { held, quiet: aws.writes.length === writes, world }
}

describe('a crash', () => {
  it('at any write boundary, before or after the effect, loses and doubles nothing (D5-41, D5-42)', async () => {
    const expected = await uncut()
    expect(expected.granted.assignments).not.toEqual({})
    expect(expected.ended.assignments).not.toEqual(expected.granted.assignments)
    const trials = [
      ...Array.from({ length: expected.grantWrites * 2 }, (_, boundary) => ({ boundary, from: 'grant' as const })),
      ...Array.from({ length: (expected.allWrites - expected.grantWrites) * 2 }, (_, boundary) => ({
        boundary,
        from: 'end' as const,
      })),
    ].flatMap((trial) => [0, 1].map((looks) => ({ ...trial, looks })))
    for (let index = 0; index < trials.length; index += 16) {
      await Promise.all(
        trials.slice(index, index + 16).map(async ({ boundary, from, looks }) => {
          const { held, quiet } = await cutAndGoOn(boundary, looks, from)
          const where = `boundary ${boundary} of ${from}, ${looks} looks`
          expect({ where, ...held }).toEqual({ where, ...(from === 'grant' ? expected.granted : expected.ended) })
          expect({ where, quiet }).toEqual({ where, quiet: true })
        }),
      )
    }
  }, 120_000)
})
