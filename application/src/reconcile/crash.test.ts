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
import { IdentityCenterError } from '../ports/identity-center.ts'
import type { RecordChange } from '../ports/store.ts'
import { type EngineScene, startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws, type InMemoryAws, type SeenCall, type Wire } from '../testing/in-memory-identity-center.ts'

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
async function uncut(decided: readonly RecordChange[] = []) {
  const aws = createInMemoryAws(CATALOGUE)
  const world = await scene()
  await world.save(...decided)
  await using running = await world.start(aws)
  await running.untilQuiet()
  const granted = holdings(aws)
  const grantWrites = aws.writes.length
  world.clock.advance(hours(3))
  await running.untilQuiet()
  return { granted, ended: holdings(aws), grantWrites, allWrites: aws.writes.length }
}

/** Decided while nobody is looking: a user and a list go, a role and its end are taken back, somebody gains. */
const OTHER_DECISIONS: readonly RecordChange[] = [
  { delete: 'list', id: aList('platform').id },
  { delete: 'user', id: aUser('ana').id },
  { put: 'user', user: aUser('bruno', { roles: ['operator'] }) },
  { put: 'user', user: aUser('eva') },
]

type Trouble = 'crash' | 'answer lost'

/** At the n-th boundary, before a write or after it has had its effect, AWS stops answering or one answer is lost. */
function cutAt(boundary: number, trouble: Trouble): Wire & { readonly reached: Promise<void> } {
  let count = 0
  let tell = (): void => {}
  const reached = new Promise<void>((resolve) => (tell = resolve))
  const pass = async ({ operation }: SeenCall): Promise<void> => {
    const at = count++
    if (at >= boundary) tell()
    if (at >= boundary && trouble === 'crash') await new Promise(() => {}) // never answers again
    if (at === boundary) throw new IdentityCenterError('unavailable', operation, 'the line broke')
  }
  return { before: pass, after: pass, reached }
}

interface Trial {
  readonly boundary: number
  readonly looks: number
  readonly from: 'grant' | 'end'
  readonly trouble: Trouble
  readonly decided: readonly RecordChange[]
}

async function cutAndGoOn({ boundary, looks, from, trouble, decided }: Trial) {
  const aws = createInMemoryAws(CATALOGUE)
  aws.looksNeeded = looks
  const world = await scene()
  if (from === 'end') {
    await using whole = await world.start(aws)
    await whole.untilQuiet()
    world.clock.advance(hours(3))
  }
  const wire = cutAt(boundary, trouble)
  await using first = await world.start(aws, wire)
  await Promise.race([wire.reached, first.untilQuiet().catch(() => undefined)])
  if (trouble === 'crash') await first.kill()
  await world.save(...decided)
  await using last = trouble === 'crash' ? await world.start(aws) : first
  await last.untilQuiet()
  const held = holdings(aws)
  const writes = aws.writes.length
  world.clock.advance(minutes(1))
  await last.engine.sweepNow(AbortSignal.timeout(5_000))
  await last.untilQuiet()
  return { held, quiet: aws.writes.length === writes, unfinished: last.engine.status().waiting }
}

/** Most of a trial is waiting for the poller. */
const CONCURRENT = 64

/** Every boundary of the writes that a run makes, cut with requests that end at once and after two looks. */
async function tryAll(
  writes: { from: Trial['from']; count: number; expected: unknown },
  trouble: Trouble,
  decided: readonly RecordChange[] = [],
): Promise<void> {
  const boundaries = Array.from({ length: writes.count * 2 }, (_, boundary) => boundary)
  const trials = boundaries.flatMap((boundary) =>
    [0, 2].map((looks): Trial => ({ boundary, looks, from: writes.from, trouble, decided })),
  )
  for (let index = 0; index < trials.length; index += CONCURRENT) {
    await Promise.all(
      trials.slice(index, index + CONCURRENT).map(async (trial) => {
        const where = `boundary ${trial.boundary} of ${trial.from}, ${trial.looks} looks, ${trouble}`
        const result = await cutAndGoOn(trial)
        expect({ where, ...result }).toEqual({ where, held: writes.expected, quiet: true, unfinished: [] })
      }),
    )
  }
}

describe.each<Trouble>(['crash', 'answer lost'])('%s', (trouble) => {
  it('at any write boundary, before or after the effect, loses and doubles nothing (D5-41, D5-42)', async () => {
    const { granted, ended, grantWrites, allWrites } = await uncut()
    expect(granted.assignments).not.toEqual({})
    expect(ended.assignments).not.toEqual(granted.assignments)
    await tryAll({ from: 'grant', count: grantWrites, expected: granted }, trouble)
    await tryAll({ from: 'end', count: allWrites - grantWrites, expected: ended }, trouble)
  }, 120_000)

  it('leaves nothing of what was begun when something else is decided meanwhile', async () => {
    const { grantWrites } = await uncut()
    const { granted } = await uncut(OTHER_DECISIONS)
    expect(granted.users).toEqual(['bruno@acme.example true', 'eva@acme.example true'])
    await tryAll({ from: 'grant', count: grantWrites, expected: granted }, trouble, OTHER_DECISIONS)
  }, 120_000)
})
