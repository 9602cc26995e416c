import { aRole, aUser } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { type GovernanceScene, startGovernance } from '../testing/index.ts'
import { applyDocuments } from './apply-documents.ts'
import { getDocument } from './read-documents.ts'
import { removeDocument } from './remove-document.ts'
import { problemOf } from '../testing/problem-of.ts'

const eva = aUser('eva', { roles: ['editor', 'access'] })
const start = (roles = ['editor', 'access']) =>
  startGovernance({
    users: [{ ...eva, roles: roles.map((name) => ({ name: name as never })) }],
    roles: [aRole('plain')],
  })
const apply = (scene: GovernanceScene, source: string) =>
  applyDocuments(scene, { actor: scene.as('eva'), source, mode: 'replace' }, scene.signal)
const provider = (spec: string, name = 'portal', metadata = ''): string =>
  `kind: saml_idp_service_provider\nversion: v1\nmetadata: {name: ${name}${metadata}}\nspec: {${spec}}`
const PLAIN = 'entity_id: "urn:portal", acs_url: "https://portal.example/acs"'

describe('a service provider', () => {
  it('is created, read back as it was written, changed and removed, each with its event', async () => {
    const scene = await start()
    const full = `${PLAIN}, relay_state: x, launch_urls: ["https://portal.example/"], attribute_mapping: [{name: mail, name_format: basic, value: external.mail}]`
    await apply(scene, provider(full, 'portal', ', labels: {env: prod}'))
    const query = {
      actor: scene.as('eva'),
      kind: 'saml_idp_service_provider',
      name: 'portal',
      clusterName: 'a',
    } as const
    const document = await getDocument(scene, query, scene.signal)
    expect(document).toMatchObject({
      version: 'v1',
      metadata: { name: 'portal', labels: { env: 'prod' }, revision: '1' },
      spec: {
        entity_id: 'urn:portal',
        acs_url: 'https://portal.example/acs',
        attribute_mapping: [{ name: 'mail', value: 'external.mail' }],
      },
    })
    expect((await apply(scene, JSON.stringify(document))).outcomes[0]?.action).toBe('unchanged')
    await apply(scene, provider(`${PLAIN}, relay_state: y`))
    await removeDocument(scene, { ...query, kind: 'saml_idp_service_provider' }, scene.signal)
    expect(scene.store.events.map(({ event, code }) => `${event} ${code}`)).toEqual([
      'saml.idp.service.provider.create TSI001I',
      'saml.idp.service.provider.update TSI002I',
      'saml.idp.service.provider.delete TSI003I',
    ])
    for (const { subjects } of scene.store.events) expect(subjects).toEqual(['service-provider:portal'])
    expect(scene.store.events[0]?.fields).toEqual({
      name: 'portal',
      service_provider_entity_id: 'urn:portal',
      attribute_mapping: { mail: 'external.mail' },
      updated_by: eva.name,
    })
  })
  it('with the preset of Identity Center carries the label of its origin', async () => {
    const scene = await start()
    await apply(scene, provider(`${PLAIN}, preset: aws-identity-center`))
    const [stored] = (await scene.store.readRecords(scene.signal)).serviceProviders
    expect(stored).toMatchObject({ labels: { 'teleport.dev/origin': 'aws-identity-center' }, relayState: '' })
    await apply(scene, provider('entity_id: "urn:gcp", acs_url: "https://g.example/", preset: gcp-workforce', 'gcp'))
    const gcp = (await scene.store.readRecords(scene.signal)).serviceProviders.find(({ name }) => name === 'gcp')
    expect(gcp?.relayState).not.toBe('')
  })
  it('is one of its entity id, whatever it is called', async () => {
    const scene = await start()
    await apply(scene, provider(PLAIN))
    expect(await problemOf(apply(scene, provider(PLAIN, 'other')))).toMatchObject({ code: 'conflict' })
    expect(await problemOf(apply(scene, provider(PLAIN, 'PORTAL')))).toMatchObject({ code: 'already-exists' })
  })
  it.each([
    ['nothing to go by', 'preset: ""', 'spec'],
    ['an entity id alone', 'entity_id: x', 'spec'],
    ['an unknown preset', `${PLAIN}, preset: okta`, 'spec.preset'],
    ['an unknown key', `${PLAIN}, acs_urls: []`, 'spec.acs_urls'],
    [
      'metadata that can not be read',
      'entity_descriptor: "<x/>"',
      'line 1 (saml_idp_service_provider), spec.entity_descriptor',
    ],
    ['an attribute without value', `${PLAIN}, attribute_mapping: [{name: a}]`, 'spec.attribute_mapping[0].value'],
    [
      'an attribute with an expression',
      `${PLAIN}, attribute_mapping: [{name: a, value: "x(1)"}]`,
      'spec.attribute_mapping[0].value',
    ],
    [
      'one attribute twice',
      `${PLAIN}, attribute_mapping: [{name: a, value: uid}, {name: a, value: uid}]`,
      'spec.attribute_mapping[1]',
    ],
    ['a launch address without https', `${PLAIN}, launch_urls: ["javascript:alert(1)"]`, 'spec'],
  ])('with %s is refused, naming the field', async (_, spec, field) => {
    expect(await problemOf(apply(await start(), provider(spec)))).toMatchObject({ field })
  })
  it('needs an administrator whose roles of version 8 reach it by labels (GD-19)', async () => {
    const scene = await start(['editor'])
    const labelled = provider(`${PLAIN}, preset: aws-identity-center`)
    const refusal = await problemOf(apply(scene, labelled))
    expect(refusal).toMatchObject({ code: 'refused' })
    expect(JSON.stringify(refusal)).toMatch(
      /create.*saml_idp_service_provider.*teleport\.dev\/origin: aws-identity-center/,
    )
    const other = await start(['plain'])
    expect(await problemOf(apply(other, labelled))).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('"create" on "saml_idp_service_provider"'),
    })
  })
})
