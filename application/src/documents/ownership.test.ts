import { MANAGED_BY_LABEL } from '@gatehouse/domain'
import { aList, aRole, aUser } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { type GovernanceScene, startGovernance } from '../testing/index.ts'
import { applyDocuments, type ApplyDocumentsCommand } from './apply-documents.ts'
import { removeDocument } from './remove-document.ts'
import { problemOf } from '../testing/problem-of.ts'

const eva = aUser('eva', { roles: ['editor', 'access'] })
const apply = (scene: GovernanceScene, source: string, how: Partial<ApplyDocumentsCommand> = {}) =>
  applyDocuments(scene, { actor: scene.as('eva'), source, mode: 'replace', ...how }, scene.signal)
const files = (scene: GovernanceScene, source: string, how: Partial<ApplyDocumentsCommand> = {}) =>
  apply(scene, source, { managedBy: 'infra', prune: true, ...how })
const role = (name: string, description = ''): string =>
  `kind: role\nmetadata: {name: ${name}, description: "${description}"}\nspec: {}`
const list = (name: string, inside = ''): string =>
  `kind: access_list\nmetadata: {name: ${name}}\nspec: {title: ${name}, grants: {roles: [b]}, members: [${inside}]}`
const together = (...documents: readonly string[]): string => documents.join('\n---\n')
const actions = ({ outcomes }: Awaited<ReturnType<typeof apply>>) =>
  outcomes.map(({ name, action }) => `${action} ${name}`)

describe('files that are applied', () => {
  it('own what they write; applied again they change nothing', async () => {
    const scene = await startGovernance({ users: [eva] })
    const source = together(role('a'), role('b'))
    expect(actions(await files(scene, source))).toEqual(['created a', 'created b'])
    const { roles } = await scene.store.readRecords(scene.signal)
    expect(roles.find(({ name }) => name === 'a')?.labels).toEqual({ [MANAGED_BY_LABEL]: 'infra' })
    expect(actions(await files(scene, source))).toEqual(['unchanged a', 'unchanged b'])
  })
  it('remove what they own and have no more, in whatever order it names itself, and nothing else', async () => {
    const scene = await startGovernance({ users: [eva], roles: [aRole('by-hand')] })
    const outer = list('outer', '{name: inner, membership_kind: MEMBERSHIP_KIND_LIST}')
    await files(scene, together(role('a'), role('b'), outer, list('inner')))
    await apply(scene, role('other'), { managedBy: 'other-set' })
    expect(actions(await files(scene, role('a')))).toEqual([
      'unchanged a',
      'removed b',
      'removed outer',
      'removed inner',
    ])
    const { roles, lists } = await scene.store.readRecords(scene.signal)
    expect(lists).toEqual([])
    const names = roles.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['a', 'by-hand', 'other', 'editor']))
    expect(names).not.toContain('b')
  })
  it('remove nothing unless they are told to, and save nothing when something is still named elsewhere', async () => {
    const scene = await startGovernance({ users: [eva] })
    await files(scene, together(role('a'), role('b')))
    await apply(scene, 'kind: user\nmetadata: {name: ana@acme.example}\nspec: {roles: [b]}')
    expect(actions(await files(scene, role('a'), { prune: false }))).toEqual(['unchanged a'])
    const version = await scene.store.recordsVersion(scene.signal)
    expect(await problemOf(files(scene, role('a', 'new')))).toMatchObject({ code: 'in-use', name: 'b' })
    expect(await scene.store.recordsVersion(scene.signal)).toBe(version)
  })
  it('remove no application that whoever applies them could not remove alone', async () => {
    const max = aUser('max', { roles: ['editor'] })
    const scene = await startGovernance({ users: [eva, max] })
    const spec = 'entity_id: "urn:portal", acs_url: "https://portal.example/acs"'
    const portal = `kind: saml_idp_service_provider\nmetadata: {name: portal, labels: {env: prod}}\nspec: {${spec}}`
    await files(scene, together(role('a'), portal))
    const act = files(scene, role('a'), { actor: scene.as('max') })
    expect(await problemOf(act)).toMatchObject({ code: 'refused', message: expect.stringContaining('app_labels') })
    expect(actions(await files(scene, role('a')))).toEqual(['unchanged a', 'removed portal'])
  })
  it('take over what was made by hand, and say so; never what another set owns', async () => {
    const scene = await startGovernance({ users: [eva], roles: [aRole('a')] })
    expect((await files(scene, role('a'))).warnings).toMatchObject([
      { message: expect.stringContaining('take it over') as string },
    ])
    expect(await problemOf(apply(scene, role('a'), { managedBy: 'other-set' }))).toMatchObject({ code: 'conflict' })
  })
  it('show what would change as it is and as it would be, and save nothing', async () => {
    const scene = await startGovernance({ users: [eva] })
    await files(scene, together(role('a'), role('b')))
    const { outcomes } = await files(scene, role('a', 'new'), { dryRun: true })
    expect(outcomes).toMatchObject([
      { name: 'a', action: 'updated', before: { metadata: {} }, after: { metadata: { description: 'new' } } },
      { name: 'b', action: 'removed', before: { metadata: { name: 'b' } } },
    ])
    expect(outcomes[1]).not.toHaveProperty('after')
    expect(actions(await files(scene, together(role('a'), role('b'))))).toEqual(['unchanged a', 'unchanged b'])
  })
  it('count what people lose by pruning, and ask for the number', async () => {
    const people = Array.from({ length: 20 }, (_, index) => aUser(`user-${index}`))
    const big = {
      ...aList('big', { members: people.map(({ name }) => name.split('@')[0] ?? '') }),
      labels: { [MANAGED_BY_LABEL]: 'infra' },
    }
    const scene = await startGovernance({ users: [eva, ...people], lists: [big] })
    expect(await problemOf(files(scene, role('a')))).toMatchObject({ code: 'too-many-removals', confirm: 20 })
    expect(actions(await files(scene, role('a'), { confirmRemovals: 20 }))).toEqual(['created a', 'removed big'])
  })
})

describe('a person', () => {
  it('does not change or remove what files own, and reads where to change it', async () => {
    const scene = await startGovernance({ users: [eva] })
    await files(scene, role('a'))
    const changing = await problemOf(apply(scene, role('a', 'by hand')))
    expect(changing).toMatchObject({ code: 'conflict', message: expect.stringContaining('set "infra"') as string })
    const remove = removeDocument(scene, { actor: scene.as('eva'), kind: 'role', name: 'a' }, scene.signal)
    expect(await problemOf(remove)).toMatchObject({ code: 'conflict' })
  })
  it('who may not write it learns nothing of who does', async () => {
    const scene = await startGovernance({ users: [eva, aUser('ana')] })
    await files(scene, role('a'))
    const asAna = (name: string) =>
      problemOf(applyDocuments(scene, { actor: scene.as('ana'), source: role(name), mode: 'replace' }, scene.signal))
    expect(await asAna('a')).toEqual(await asAna('nothing'))
  })
  it('may take it over, and the files then take it back with a warning', async () => {
    const scene = await startGovernance({ users: [eva] })
    await files(scene, role('a'))
    await apply(scene, role('a', 'by hand'), { takeOver: true })
    expect((await scene.store.readRecords(scene.signal)).roles.find(({ name }) => name === 'a')?.labels).toEqual({})
    expect((await files(scene, role('a'))).warnings).toHaveLength(1)
  })
  it('can not make something look as if files owned it', async () => {
    const scene = await startGovernance({ users: [eva] })
    await apply(scene, `kind: role\nmetadata: {name: a, labels: {${MANAGED_BY_LABEL}: infra}}\nspec: {}`)
    expect((await scene.store.readRecords(scene.signal)).roles.find(({ name }) => name === 'a')?.labels).toEqual({})
  })
  it('goes on managing members of a list that files own', async () => {
    const scene = await startGovernance({ users: [eva, aUser('ana')], roles: [aRole('b')] })
    await files(scene, list('crew').replace(', members: []', ''))
    const member = 'kind: access_list_member\nmetadata: {name: ana@acme.example}\nspec: {access_list: crew}'
    expect(actions(await apply(scene, member))).toEqual(['created crew/ana@acme.example'])
    expect(actions(await files(scene, list('crew').replace(', members: []', '')))).toEqual(['unchanged crew'])
  })
})
