import { aList, aRole, aUser } from '@gatehouse/domain/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GovernanceScene, startGovernance } from '../testing/index.ts'
import { applyDocuments } from './apply-documents.ts'
import { getDocument } from './read-documents.ts'
import { problemOf } from '../testing/problem-of.ts'

const eva = aUser('eva', { roles: ['editor'] })
const bruno = aUser('bruno')
const start = () =>
  startGovernance({ users: [eva, bruno], roles: [aRole('on-call')], lists: [aList('crew', { members: ['bruno'] })] })

type Mode = 'create' | 'replace' | 'update'
const write = (scene: GovernanceScene, source: string, mode: Mode = 'update', managedBy?: string) => {
  const files = managedBy === undefined ? {} : { managedBy }
  return applyDocuments(scene, { actor: scene.as('eva'), source, mode, ...files }, scene.signal)
}
const role = (description: string, revision?: string): string =>
  `kind: role\nmetadata: {name: on-call, description: ${description}${revision === undefined ? '' : `, revision: ${revision}`}}\nspec: {}\n`
const revisionOf = async (
  scene: GovernanceScene,
  kind: 'role' | 'access_list' | 'access_list_member',
  name: string,
) => {
  const query = { actor: scene.as('eva'), kind, name, clusterName: 'acme' }
  const { metadata } = await getDocument(scene, query, scene.signal)
  return String(metadata['revision'])
}

describe('updating documents', () => {
  it('is done with the present revision, quoted or not, and refused with any other', async () => {
    const scene = await start()
    const first = await revisionOf(scene, 'role', 'on-call')
    expect((await write(scene, role('one', first))).outcomes).toMatchObject([{ action: 'updated' }])
    const stale = { code: 'stale', kind: 'role', name: 'on-call' }
    expect(await problemOf(write(scene, role('two', first)))).toEqual(stale)
    expect(await problemOf(write(scene, role('two', "''")))).toEqual(stale)
    expect(await problemOf(write(scene, role('two', '5e0a6c3e-0000-4000-8000-000000000000')))).toEqual(stale)
    const next = await revisionOf(scene, 'role', 'on-call')
    expect((await write(scene, role('two', `'${next}'`))).outcomes).toMatchObject([{ action: 'updated' }])
  })
  it('says what the next update of each document names, also of one that was created or stays as it is', async () => {
    const scene = await start()
    const fresh = 'kind: role\nmetadata: {name: fresh}\nspec: {}\n'
    const member = `kind: access_list_member\nmetadata: {name: ${eva.name}}\nspec: {access_list: crew}\n`
    const source = [fresh, member, role('one')].join('---\n')
    const { outcomes } = await write(scene, source, 'replace')
    expect(outcomes.map(({ revision }) => revision)).toEqual([
      String((await write(scene, fresh, 'replace')).outcomes[0]?.revision),
      await revisionOf(scene, 'access_list', 'crew'),
      await revisionOf(scene, 'role', 'on-call'),
    ])
    expect((await write(scene, role('two', outcomes[2]?.revision))).outcomes).toMatchObject([{ action: 'updated' }])
  })
  it('changes whatever there is when the document has no revision, and nothing that is not there', async () => {
    const scene = await start()
    expect((await write(scene, role('one'))).outcomes).toMatchObject([{ action: 'updated' }])
    const gone = 'kind: role\nmetadata: {name: nobody}\nspec: {}\n'
    expect(await problemOf(write(scene, gone))).toMatchObject({ code: 'not-found', kind: 'role', name: 'nobody' })
    const member = 'kind: access_list_member\nmetadata: {name: eva@acme.example}\nspec: {access_list: crew}\n'
    expect(await problemOf(write(scene, member))).toMatchObject({ code: 'not-found', kind: 'access list member' })
  })
  it('asks for no revision of who forces it, nor of files that are applied', async () => {
    const scene = await start()
    expect((await write(scene, role('one', 'old'), 'replace')).outcomes).toMatchObject([{ action: 'updated' }])
    expect((await write(scene, role('two', 'old'), 'replace', 'infra')).outcomes).toMatchObject([{ action: 'updated' }])
    const fresh = 'kind: role\nmetadata: {name: fresh, revision: old}\nspec: {}\n'
    expect((await write(scene, fresh, 'create')).outcomes).toMatchObject([{ action: 'created' }])
  })
  it('compares every document with what there was before the first of them', async () => {
    const scene = await start()
    const revision = await revisionOf(scene, 'access_list', 'crew')
    expect(await revisionOf(scene, 'access_list_member', `crew/${bruno.name}`)).toBe(revision)
    const list = `kind: access_list\nmetadata: {name: crew, revision: '${revision}'}\nspec: {title: Crew, owners: [{name: ${eva.name}}]}\n`
    const member = `kind: access_list_member\nmetadata: {name: ${bruno.name}, revision: '${revision}'}\nspec: {access_list: crew, reason: on call}\n`
    expect((await write(scene, `${list}---\n${member}`)).outcomes).toMatchObject([
      { action: 'updated' },
      { action: 'updated' },
    ])
    expect(await problemOf(write(scene, member))).toMatchObject({ code: 'stale', kind: 'access list member' })
  })
  it('saves nothing of several documents when one is stale', async () => {
    const scene = await start()
    const user = `kind: user\nmetadata: {name: ${bruno.name}}\nspec: {roles: [on-call]}\n`
    expect(await problemOf(write(scene, `${user}---\n${role('one', 'old')}`))).toMatchObject({ code: 'stale' })
    const { metadata, spec } = await getDocument(
      scene,
      { actor: scene.as('eva'), kind: 'user', name: bruno.name, clusterName: 'acme' },
      scene.signal,
    )
    expect({ revision: metadata['revision'], roles: spec['roles'] }).toEqual({ revision: '1', roles: [] })
  })
  it('lets one of two people through who read the same, whatever they write', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 2, maxLength: 2 }),
        async (texts) => {
          const scene = await start()
          const revision = await revisionOf(scene, 'role', 'on-call')
          const problems = []
          for (const text of texts) problems.push(await problemOf(write(scene, role(`'${text}'`, revision))))
          expect(problems).toEqual([undefined, { code: 'stale', kind: 'role', name: 'on-call' }])
        },
      ),
      { numRuns: 20 },
    )
  })
})
