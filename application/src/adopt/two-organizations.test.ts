import {
  effectiveRoles,
  type AwsGroupId,
  type AwsUserId,
  type GrantKey,
  heldGrants,
  type Organization,
} from '@gatehouse/domain'
import {
  A_CATALOGUE,
  ADMIN,
  aList,
  anOrganization,
  aRole,
  aUser,
  GLOBEX,
  GLOBEX_CATALOGUE,
  NOW,
  PROD,
  userId,
} from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { createRecordsCache } from '../governance/records-cache.ts'
import { readView } from '../governance/read-view.ts'
import { type EngineScene, type RunningEngine, startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws, type InMemoryAws } from '../testing/in-memory-identity-center.ts'

const { signal } = new AbortController()
const ACME = anOrganization({ name: 'acme' })

interface Group {
  readonly id: string
  readonly name: string
  readonly externalId?: string
  readonly members?: readonly string[]
}

/** AWS of the organization globex. */
function globexWith(groups: readonly Group[], users: readonly string[]): InMemoryAws {
  const aws = createInMemoryAws({
    accounts: [...GLOBEX_CATALOGUE.accounts.values()],
    permissionSets: [...GLOBEX_CATALOGUE.permissionSets.values()],
  })
  for (const name of users) {
    const userName = `${name}@acme.example`
    const profile = { userName, givenName: name, familyName: name, displayName: name, email: userName, active: true }
    aws.users.set(awsUser(name), { profile })
  }
  for (const { id, name, externalId, members = [] } of groups)
    aws.groups.set(id as AwsGroupId, {
      displayName: name,
      ...(externalId === undefined ? {} : { externalId }),
      members: new Set(members.map(awsUser)),
    })
  return aws
}
const awsUser = (name: string) => `u-${name}` as AwsUserId

/** Globex, whose engine runs, beside acme, which is enrolled and read. */
async function globexBesideAcme(organization: Partial<Organization> = {}) {
  const scene = await startEngineScene(NOW, { ...GLOBEX, mode: 'shadow', ...organization })
  await scene.store.commit(
    {
      organization: ACME.id,
      records: [{ put: 'organization', organization: ACME }],
      mirror: [
        ...[...A_CATALOGUE.accounts.values()].map((account) => ({ put: 'account', account }) as const),
        ...[...A_CATALOGUE.permissionSets.values()].map(
          (permissionSet) => ({ put: 'permission-set', permissionSet }) as const,
        ),
      ],
    },
    signal,
  )
  return scene
}

async function viewOf(scene: EngineScene) {
  return readView({ records: createRecordsCache(scene.store), clock: scene.clock }, signal)
}

/** What somebody is, and what he holds in acme. */
async function powersOf(name: string, scene: EngineScene): Promise<readonly string[]> {
  const { view, now } = await viewOf(scene)
  const user = view.userById.get(userId(name))
  const acme = view.byOrganization.find(({ organization }) => organization.id === ACME.id)
  if (!user || !acme) return []
  const held: ReadonlyMap<GrantKey, unknown> = heldGrants(user, acme, now)
  return [...effectiveRoles(user, view, now).names, ...held.keys()]
}

/** Reads AWS, and adopts; in shadow mode a plan with something to do is never quiet. */
const look = ({ engine }: RunningEngine): Promise<unknown> => engine.sweepNow(AbortSignal.timeout(60_000))

describe('a group that was made of a list in a former enrolment', () => {
  const POWERFUL = aRole('powerful', {
    allow: {
      rules: [{ resources: ['*'], verbs: ['*'] }],
      assignments: [
        [PROD.id, ADMIN.arn],
        ['*', '*'],
      ],
    },
  })
  const ADMINISTRATORS = aList('administrators', { title: 'Administrators', members: ['root'], grants: ['powerful'] })
  async function enrolledAgain() {
    const scene = await globexBesideAcme()
    await scene.save(
      { put: 'role', role: POWERFUL },
      { put: 'user', user: aUser('root') },
      { put: 'user', user: aUser('mallory') },
      { put: 'list', list: ADMINISTRATORS },
    )
    const left = { id: 'g-1', name: 'Administrators', externalId: 'administrators/members' }
    const aws = globexWith([{ ...left, members: ['root', 'mallory'] }], ['root', 'mallory'])
    return { scene, aws, running: await scene.start(aws) }
  }

  it('is the list’s again, and brings nobody into the list whom somebody has put there since', async () => {
    const { scene, aws, running } = await enrolledAgain()
    await using _ = running
    await look(running)
    await look(running)
    const { lists, groupLinks } = await scene.store.readRecords(signal)
    expect(groupLinks.map(({ list, awsGroup, origin }) => [list, awsGroup, origin])).toEqual([
      [ADMINISTRATORS.id, 'g-1', 'created'],
    ])
    expect(lists.flatMap(({ members }) => members.map((one) => one.kind === 'user' && one.user))).toEqual([
      userId('root'),
    ])
    expect(await powersOf('mallory', scene)).toEqual([])
    expect(aws.writes).toEqual([])
  })

  it('shows who is there without being in the list, before anything is written', async () => {
    const { running } = await enrolledAgain()
    await using _ = running
    await look(running)
    const { allowed, held } = await running.engine.plan({ refresh: false }, signal)
    const removals = [...allowed, ...held.map(({ operation }) => operation)].filter(
      ({ kind }) => kind === 'remove-member',
    )
    expect(removals).toMatchObject([{ member: { awsUser: 'u-mallory' }, cause: { kind: 'foreign' } }])
  })
})
