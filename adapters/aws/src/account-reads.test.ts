import { type AccountId, instant, minutes, plus } from '@gatehouse/domain'
import { describe, expect, it } from 'vitest'
import { aScene, failureOf, sweep } from './testing/an-identity-center.ts'
import { fault } from './testing/scripted-aws.ts'

const PROD = '111111111111' as AccountId
const ROOT = { id: 'r-ab12', name: 'Root' }
const WORK = { id: 'ou-ab12-11111111', name: 'Work' }
const LIVE = { id: 'ou-ab12-22222222', name: 'Live' }
const asRow = ({ id, name }: { id: string; name: string }) => ({ Id: id, Name: name })

describe('an account', () => {
  it.each([
    ['o-example/r-ab12/ou-ab12-11111111/111111111111/', [{ id: WORK.id }, { id: ROOT.id }]],
    ['o-example/r-ab12/111111111111/', [{ id: ROOT.id }]],
  ])('lies where its path says: %s', async (path, parents) => {
    await using scene = await aScene()
    scene.aws.on('ListAccounts', { json: { Accounts: [{ Id: PROD, Name: 'prod', Paths: [path] }] } })
    expect(await scene.identityCenter.listAccounts(sweep())).toMatchObject([{ id: PROD, parents }])
  })

  it.each([
    [undefined],
    [[]],
    ['o-example/r-ab12/111111111111/'],
    [['o-example/r-ab12/222222222222/']],
    [['o-example/111111111111/']],
    [['o-example/r-ab12/ou-1/../111111111111/']],
    [['o-a/r-ab12/111111111111/', 'o-a/r-cd34/111111111111/']],
    [[{}]],
  ])('lies nowhere that we know of when its path is %j', async (Paths) => {
    await using scene = await aScene()
    scene.aws.on('ListAccounts', { json: { Accounts: [{ Id: PROD, Name: 'prod', Paths }] } })
    expect((await scene.identityCenter.listAccounts(sweep()))[0]).not.toHaveProperty('parents')
  })
})

describe('organizational units', () => {
  it('are read from the root down, however many pages they take', async () => {
    await using scene = await aScene()
    scene.aws.on('ListRoots', { json: { Roots: [asRow(ROOT)] } })
    scene.aws.on('ListOrganizationalUnitsForParent', ({ input }) => {
      const below = new Map([
        [`${ROOT.id} `, { OrganizationalUnits: [], NextToken: 't' }],
        [`${ROOT.id} t`, { OrganizationalUnits: [asRow(WORK)] }],
        [`${WORK.id} `, { OrganizationalUnits: [asRow(LIVE)] }],
      ])
      const asked = `${String(input['ParentId'])} ${input['NextToken'] === 't' ? 't' : ''}`
      return { json: below.get(asked) ?? { OrganizationalUnits: [] } }
    })
    expect(await scene.identityCenter.listOrganizationalUnits(sweep())).toEqual([
      [ROOT],
      [WORK, ROOT],
      [LIVE, WORK, ROOT],
    ])
  })

  it('are none that may be read where one of the two permissions is missing, and are asked for again later', async () => {
    let now = instant('2026-03-01T09:00Z')
    await using scene = await aScene({ clock: { now: () => now, waitUntil: () => Promise.resolve() } })
    const { aws, identityCenter } = scene
    aws.on('ListRoots', { json: { Roots: [asRow(ROOT)] } })
    aws.on('ListOrganizationalUnitsForParent', fault('AccessDeniedException', 'not authorized'))
    expect(await identityCenter.listOrganizationalUnits(sweep())).toBeUndefined()
    aws.on('ListOrganizationalUnitsForParent', { json: { OrganizationalUnits: [] } })
    expect(await identityCenter.listOrganizationalUnits(sweep())).toBeUndefined()
    expect(aws.calls).toHaveLength(2)
    now = plus(now, minutes(16))
    expect(await identityCenter.listOrganizationalUnits(sweep())).toEqual([[ROOT]])
  })

  it('fail when one of them can not be read, and are never taken for fewer', async () => {
    await using scene = await aScene()
    scene.aws.on('ListRoots', { json: { Roots: [asRow(ROOT)] } })
    scene.aws.on('ListOrganizationalUnitsForParent', fault('ServiceException', 'no', 500))
    expect(await failureOf(scene.identityCenter.listOrganizationalUnits(sweep()))).toBe('unavailable')
  })

  it('do not go round for ever when a unit is its own parent', async () => {
    await using scene = await aScene()
    scene.aws.on('ListRoots', { json: { Roots: [asRow(ROOT)] } })
    scene.aws.on('ListOrganizationalUnitsForParent', { json: { OrganizationalUnits: [asRow(WORK)] } })
    expect(await failureOf(scene.identityCenter.listOrganizationalUnits(sweep()))).toBe('unavailable')
    expect(scene.aws.calls.length).toBeLessThan(10)
  })

  it('hold accounts directly', async () => {
    await using scene = await aScene()
    scene.aws.on('ListAccountsForParent', { json: { Accounts: [{ Id: PROD }] } })
    expect(await scene.identityCenter.listAccountsInUnit(WORK.id, sweep())).toEqual([PROD])
    scene.aws.on('ListAccountsForParent', fault('ParentNotFoundException', 'no such parent'))
    expect(await failureOf(scene.identityCenter.listAccountsInUnit(WORK.id, sweep()))).toBe('not-found')
  })
})

describe('the tags of an account', () => {
  it('are all of them', async () => {
    await using scene = await aScene()
    scene.aws.on(
      'ListTagsForResource',
      { json: { Tags: [{ Key: 'env', Value: 'prod' }], NextToken: 't' } },
      { json: { Tags: [{ Key: 'team', Value: '' }] } },
    )
    expect(await scene.identityCenter.listAccountTags(PROD, sweep())).toEqual({ env: 'prod', team: '' })
  })

  it('are not known where the permission is missing or the server has none, which is not the same as none', async () => {
    await using scene = await aScene()
    scene.aws.on('ListTagsForResource', fault('AccessDeniedException', 'not authorized'))
    expect(await scene.identityCenter.listAccountTags(PROD, sweep())).toBeUndefined()
    await using other = await aScene()
    expect(await other.identityCenter.listAccountTags(PROD, sweep())).toBeUndefined()
    await using untagged = await aScene()
    untagged.aws.on('ListTagsForResource', { json: { Tags: [] } })
    expect(await untagged.identityCenter.listAccountTags(PROD, sweep())).toEqual({})
  })

  it('are of an account that is gone: not found', async () => {
    await using scene = await aScene()
    scene.aws.on('ListTagsForResource', fault('TargetNotFoundException', 'no such target'))
    expect(await failureOf(scene.identityCenter.listAccountTags(PROD, sweep()))).toBe('not-found')
  })
})
