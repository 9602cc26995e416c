import { type AwsPrincipalKey, hours, minutes, plus } from '@gatehouse/domain'
import {
  A_CATALOGUE,
  ADMIN,
  aList,
  aMember,
  approved,
  aRequest,
  aUser,
  NOW,
  on,
  PROD,
  READ_ONLY,
  SANDBOX,
} from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import type { RecordChange } from '../ports/store.ts'
import { startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws, type InMemoryAws } from '../testing/in-memory-identity-center.ts'

const RECORDS: readonly RecordChange[] = [
  { put: 'user', user: aUser('ana', { roles: [on(READ_ONLY, PROD)] }) },
  { put: 'user', user: aUser('bruno') },
  {
    put: 'list',
    list: aList('platform', {
      members: ['ana', aMember('bruno', { expires: plus(NOW, hours(2)) })],
      grants: [on(ADMIN, PROD)],
    }),
  },
  { put: 'request', request: aRequest('r1', 'bruno', { roles: [on(ADMIN, SANDBOX)], ...approved(NOW, hours(1)) }) },
]
const DECIDED: readonly RecordChange[] = [
  { delete: 'list', id: aList('platform').id },
  { delete: 'user', id: aUser('ana').id },
  { delete: 'request', id: aRequest('r1', 'bruno').id },
]

function holdings(aws: InMemoryAws) {
  const nameOf = (key: AwsPrincipalKey): string => {
    const [type, id] = key.split(':')
    if (type === 'USER') return [...aws.users].find(([user]) => user === id)?.[1].profile.userName ?? 'gone'
    return [...aws.groups].find(([group]) => group === id)?.[1].displayName ?? 'gone'
  }
  return {
    users: [...aws.users.values()].map(({ profile }) => `${profile.userName} ${profile.active}`).toSorted(),
    groups: [...aws.groups.values()].map(({ displayName, members }) => [
      displayName,
      [...members].map((id) => nameOf(`USER:${id}` as AwsPrincipalKey)).toSorted(),
    ]),
    assignments: [...aws.assignments]
      .flatMap(([key, held]) => [...held].map((grant) => `${nameOf(key)} ${grant}`))
      .toSorted(),
  }
}

/** The n-th commit of the engine that touches its journal is refused once, as by a database that fails over. */
async function run(failing: number, looks: number, decided: readonly RecordChange[]) {
  const aws = createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
  aws.looksNeeded = looks
  const scene = await startEngineScene(NOW)
  await scene.save(...RECORDS)
  const { store } = scene
  const real = store.commit.bind(store)
  let count = 0
  let fired = false
  store.commit = async (commit, signal) => {
    if (commit.journal && commit.journal.length > 0 && count++ === failing) {
      fired = true
      if (decided.length > 0) await real({ records: decided }, signal)
      throw new Error('the database fails over')
    }
    return real(commit, signal)
  }
  await using running = await scene.start(aws)
  await running.untilQuiet()
  scene.clock.advance(minutes(1))
  await running.untilQuiet()
  const journal = await store.readJournal(scene.organization.id, new AbortController().signal)
  return { fired, held: holdings(aws), journal: journal.map(({ key, state }) => `${state} ${key}`), commits: count }
}

it('loses nothing when the store refuses one commit, whatever is decided meanwhile (D5-44)', async () => {
  for (const looks of [0, 2]) {
    const { held, commits } = await run(-1, looks, [])
    const left = { users: ['bruno@acme.example true'], groups: [], assignments: [] }
    await Promise.all(
      Array.from({ length: commits }, async (_, failing) => {
        const undisturbed = await run(failing, looks, [])
        expect({ failing, looks, ...undisturbed }).toMatchObject({ failing, looks, held, journal: [] })
        const decided = await run(failing, looks, DECIDED)
        expect({ failing, looks, ...decided }).toMatchObject({ failing, looks, held: left, journal: [], fired: true })
      }),
    )
  }
}, 120_000)
