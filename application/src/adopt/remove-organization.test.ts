import {
  assignmentKey,
  grantKey,
  hours,
  type Labels,
  membershipKey,
  type OrganizationId,
  ORIGIN_IDENTITY_CENTER,
  ORIGIN_LABEL,
  parsePredicate,
  plus,
  type Remembered,
  RULE_SCOPE,
} from '@gatehouse/domain'
import {
  A_CATALOGUE,
  aGroupLink,
  aList,
  aMemberList,
  anOrganization,
  aRole,
  aUser,
  aUserLink,
  awsGroupId,
  awsUserId,
  NOW,
  on,
  PROD,
  READ_ONLY,
} from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import type { Store } from '../ports/store.ts'
import { startGovernance } from '../testing/index.ts'
import { previewRemoval, type RemoveOrganizationCommand, removeOrganization } from './remove-organization.ts'

const ORGANIZATION = anOrganization()
const ANA = aUserLink(aUser('ana'))
const KEY = assignmentKey(
  { type: 'USER', id: ANA.awsUser },
  grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn }),
)
const confirmed: Remembered = { confirmed: true, subjects: [] }

/** Ana holds access in AWS for good; root may do everything. */
async function start(seed: Parameters<typeof startGovernance>[0] = {}) {
  const scene = await startGovernance({
    ...seed,
    users: [
      aUser('root', { roles: ['editor'] }),
      aUser('ana', { roles: [on(READ_ONLY, PROD)] }),
      ...(seed.users ?? []),
    ],
    userLinks: [ANA],
  })
  const ports = {
    ...scene,
  }
  const commandOf = (partial: Partial<RemoveOrganizationCommand>): RemoveOrganizationCommand => ({
    actor: scene.as('root'),
    organization: ORGANIZATION.id,
    identitySourceChanged: false,
    strip: false,
    removeMade: false,
    release: [],
    ...partial,
  })
  return {
    ...scene,
    /** The list was made from a group of AWS. */
    adopt: async (...lists: readonly Parameters<typeof aGroupLink>[0][]) => {
      const records = lists.map((list) => {
        const link = { ...aGroupLink(list, 'members', { origin: 'adopted' }), organization: ORGANIZATION.id }
        return { put: 'group-link', link } as const
      })
      await scene.store.commit({ records }, scene.signal)
    },
    remember: (remembered: Remembered) =>
      scene.store.commit(
        { organization: ORGANIZATION.id, memory: [{ put: 'assignment', key: KEY, remembered }] },
        scene.signal,
      ),
    preview: (partial: Partial<RemoveOrganizationCommand> = {}) =>
      previewRemoval(ports, commandOf(partial), scene.signal),
    remove: (partial: Partial<RemoveOrganizationCommand> = {}, store: Store = scene.store) =>
      removeOrganization({ ...ports, store }, commandOf(partial), scene.signal),
  }
}

describe('access that is still in AWS', () => {
  it('goes on there for good when it is wanted for good', async () => {
    const scene = await start()
    await scene.remember(confirmed)
    expect(await scene.remove()).toMatchObject({ withEnd: [], leaving: [], blockers: [] })
  })
  it('stands against the removal once it was taken away here, until it is released', async () => {
    const scene = await start()
    await scene.remember({ ...confirmed, ending: { kind: 'decided', event: 'e' } })
    expect(await scene.preview()).toMatchObject({ withEnd: [], leaving: [{ key: KEY }], blockers: [{}] })
    await expect(scene.remove()).rejects.toThrow('1 row of access was taken away here')
    expect(await scene.remove({ release: [KEY] })).toMatchObject({ leaving: [{ key: KEY }], blockers: [] })
  })
  it('does so before the engine has come to it', async () => {
    const scene = await start()
    await scene.remember(confirmed)
    await scene.store.commit({ records: [{ put: 'user', user: aUser('ana') }] }, scene.signal)
    await expect(scene.remove()).rejects.toThrow('1 row of access was taken away here')
  })
  it('does so when it came to have an end while the removal was decided', async () => {
    const scene = await start()
    const late = {
      ...scene.store,
      readMemory: async (...args: Parameters<Store['readMemory']>) => {
        const before = await scene.store.readMemory(...args)
        await scene.remember({ ...confirmed, until: plus(NOW, hours(1)) })
        return before
      },
    }
    await expect(scene.remove({}, late)).rejects.toMatchObject({ problem: { code: 'conflict' } })
    expect((await scene.store.readRecords(scene.signal)).organizations).toHaveLength(1)
  })
  it('does so when it has an end', async () => {
    const scene = await start()
    await scene.remember({ ...confirmed, until: plus(NOW, hours(1)) })
    await expect(scene.remove()).rejects.toThrow('1 row of access in AWS has an end')
    expect(await scene.remove({ release: [KEY] })).toMatchObject({ withEnd: [{ key: KEY }] })
  })
})

it('takes the integration only while no other organization is reached by one of the same name', async () => {
  const { credentials } = ORGANIZATION
  if (credentials.source !== 'oidc') throw new Error('the builder has an integration')
  const other = {
    id: 'other' as OrganizationId, // as builders make ids
    name: 'other',
    instanceArn: 'arn:aws:sso:::instance/ssoins-other',
  }
  for (const [integration, goes] of [
    [credentials.integration, undefined],
    ['of-its-own', credentials.integration],
  ] as const) {
    const second = anOrganization({ ...other, credentials: { ...credentials, integration } })
    const scene = await start({ others: [{ organization: second, catalogue: A_CATALOGUE }] })
    expect((await scene.preview()).integration).toBe(goes)
    await scene.remove()
    expect(scene.store.events.filter(({ event }) => event === 'integration.delete')).toHaveLength(
      goes === undefined ? 0 : 1,
    )
  }
})

describe('who may remove an organization', () => {
  const SECURITY = { team: 'security' }
  const others = parsePredicate('!(resource.metadata.labels["team"] == "security")', RULE_SCOPE)
  const kinds = ['plugin', 'aws_identity_center', 'saml_idp_service_provider', 'integration', 'role']
  const remover = aRole('remover', {
    allow: {
      rules: [
        { resources: kinds, verbs: ['delete'] },
        { resources: ['access_list'], verbs: ['delete', 'update', 'read'], where: others },
      ],
    },
  })
  const imported = (name: string, labels: Labels = {}) =>
    aList(name, { labels: { ...labels, [ORIGIN_LABEL]: ORIGIN_IDENTITY_CENTER } })
  const startWith = async (...lists: readonly ReturnType<typeof aList>[]) => {
    const scene = await start({ roles: [remover], lists, users: [aUser('rita', { roles: ['remover'] })] })
    await scene.adopt(...lists.filter(({ labels }) => labels[ORIGIN_LABEL] !== undefined))
    const rita = { actor: scene.as('rita') }
    return { ...scene, rita }
  }

  it('is asked about each list that goes', async () => {
    const scene = await startWith(imported('web'), imported('safe', SECURITY))
    await expect(scene.preview(scene.rita)).rejects.toMatchObject({ problem: { code: 'refused' } })
    await expect(scene.remove(scene.rita)).rejects.toThrow('"delete" on "access_list"')
    expect((await scene.store.readRecords(scene.signal)).lists).toHaveLength(2)
  })
  it('needs no more than the lists that there are', async () => {
    const scene = await startWith(imported('web'))
    expect((await scene.remove(scene.rita)).lists).toHaveLength(1)
  })
  it('takes "update" on each list that loses one that goes', async () => {
    const scene = await startWith(imported('web'), aList('outer', { members: [aMemberList('web')], labels: SECURITY }))
    expect((await scene.preview(scene.rita)).blockers).toMatchObject([
      { message: expect.stringContaining('"update" on "access_list"') as string },
    ])
    await expect(scene.remove(scene.rita)).rejects.toMatchObject({ problem: { code: 'refused' } })
    await expect(scene.remove(scene.rita)).rejects.not.toThrow('outer')
  })
  it('takes "update" on each user out of whose roles a name is taken', async () => {
    const scene = await startWith()
    const strip = { ...scene.rita, strip: true }
    expect((await scene.preview(scene.rita)).blockers).toEqual([])
    expect((await scene.preview(strip)).blockers).toMatchObject([
      { message: expect.stringContaining('"update" on "user"') as string },
    ])
    await expect(scene.remove(strip)).rejects.toMatchObject({ problem: { code: 'refused' } })
    expect(await scene.remove(scene.rita)).toMatchObject({ blockers: [] })
  })
})

describe('what is recorded of a removal', () => {
  const recorded = async (scene: Awaited<ReturnType<typeof start>>) =>
    scene.store.events.find(({ event }) => event === 'plugin.delete')?.fields

  it('is what was said, and which access was left in AWS', async () => {
    const scene = await start()
    await scene.remember({ ...confirmed, until: plus(NOW, hours(1)) })
    await scene.remove({ release: [KEY, 'no such key'], strip: true, identitySourceChanged: true })
    expect(await recorded(scene)).toMatchObject({
      name: ORGANIZATION.name,
      released: [KEY],
      released_count: 1,
      strip: true,
      identity_source_changed: true,
      lists: 0,
      dangling: 1,
    })
  })
  it('names a hundred rows at most, and says how many there were', async () => {
    const scene = await start()
    const keys = Array.from({ length: 120 }, (_, i) => membershipKey(awsGroupId('g'), awsUserId(`u${i}`)))
    const memory = keys.map((key) => ({ put: 'member', key, remembered: confirmed }) as const)
    await scene.store.commit({ organization: ORGANIZATION.id, memory }, scene.signal)
    await scene.remove({ release: keys })
    expect(await recorded(scene)).toMatchObject({ released: keys.slice(0, 100), released_count: 120 })
  })
})
