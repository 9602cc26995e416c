import { expect } from 'vitest'
import type { Claim, Stage } from './claim.ts'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

export function scimClaims({ sandbox, control }: Stage): readonly Claim[] {
  const documented = {
    source: 'IAM Identity Center SCIM Implementation Developer Guide',
    standing: 'documented',
  } as const
  const does = (operation: string, behaviour: string, check: Claim['check']): Claim => ({
    operation,
    behaviour,
    ...documented,
    check,
  })
  async function scim(method: string, path: string, body?: object) {
    const headers = { authorization: `Bearer ${sandbox.scimToken}`, 'content-type': 'application/scim+json' }
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
    const response = await fetch(`${sandbox.scimUrl}/${path}`, init)
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  const patch = (path: string, op: object) => scim('PATCH', path, { schemas: [PATCH], Operations: [op] })
  let [userId, groupId] = ['', '']
  const user = (more: object = {}) => {
    const name = { givenName: 'Otto', familyName: 'Orth' }
    return {
      schemas: [USER],
      userName: 'otto.orth@acme.example',
      displayName: 'Otto Orth',
      name,
      active: true,
      ...more,
    }
  }
  return [
    does('ServiceProviderConfig', 'is refused with 403 while the identity source is not external', async () => {
      expect((await scim('GET', 'ServiceProviderConfig')).status).toBe(403)
      await control('PUT', '/identity-source', { kind: 'external', accept: 'ACCEPT' })
    }),
    does('ServiceProviderConfig', 'offers patches and filters, and nothing in bulk', async () => {
      const { body } = await scim('GET', 'ServiceProviderConfig')
      expect(body).toMatchObject({ patch: { supported: true }, bulk: { supported: false } })
    }),
    does('ListResourceTypes', 'has users and groups', async () => {
      expect((await scim('GET', 'ResourceTypes')).body.totalResults).toBe(2)
    }),
    does('GetResourceType', 'shows one', async () => {
      const { body } = await scim('GET', 'ResourceTypes')
      expect((await scim('GET', `ResourceTypes/${body.Resources[0].id}`)).status).toBe(200)
    }),
    does('ListSchemas', 'has the schemas of both', async () => {
      const { body } = await scim('GET', 'Schemas')
      expect(body.Resources.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining([USER, GROUP]))
    }),
    does('GetSchema', 'shows one', async () => expect((await scim('GET', `Schemas/${USER}`)).body.id).toBe(USER)),
    does('CreateUser', 'makes a user: 201', async () => {
      const { status, body } = await scim('POST', 'Users', user())
      expect(status).toBe(201)
      userId = body.id
    }),
    does('CreateUser', 'refuses a user name that exists: 409', async () => {
      expect((await scim('POST', 'Users', user())).status).toBe(409)
    }),
    does('GetUser', 'shows a user', async () => {
      expect((await scim('GET', `Users/${userId}`)).body.userName).toBe('otto.orth@acme.example')
    }),
    does('ListUsers', 'finds a user by name', async () => {
      const filter = encodeURIComponent('userName eq "otto.orth@acme.example"')
      expect((await scim('GET', `Users?filter=${filter}`)).body.totalResults).toBe(1)
    }),
    does('PutUser', 'replaces a user', async () => {
      const { body } = await scim('PUT', `Users/${userId}`, user({ title: 'Engineer' }))
      expect(body.title).toBe('Engineer')
    }),
    does('PatchUser', 'changes single attributes', async () => {
      const { body } = await patch(`Users/${userId}`, { op: 'replace', path: 'active', value: false })
      expect(body.active).toBe(false)
    }),
    does('CreateGroup', 'makes a group: 201', async () => {
      const { status, body } = await scim('POST', 'Groups', { schemas: [GROUP], displayName: 'ottos' })
      expect(status).toBe(201)
      groupId = body.id
    }),
    does('PatchGroup', 'adds members and answers nothing: 204', async () => {
      const { status } = await patch(`Groups/${groupId}`, { op: 'add', path: 'members', value: [{ value: userId }] })
      expect(status).toBe(204)
    }),
    does('GetGroup', 'shows no members', async () => {
      expect((await scim('GET', `Groups/${groupId}`)).body.members).toEqual([])
    }),
    does('ListGroups', 'finds the groups of a member', async () => {
      const filter = encodeURIComponent(`members.value eq "${userId}"`)
      const { body } = await scim('GET', `Groups?filter=${filter}`)
      expect(body.Resources.map(({ id }: { id: string }) => id)).toEqual([groupId])
    }),
    does('DeleteGroup', 'deletes a group: 204', async () => {
      expect((await scim('DELETE', `Groups/${groupId}`)).status).toBe(204)
    }),
    does('DeleteUser', 'deletes a user: 204', async () => {
      expect((await scim('DELETE', `Users/${userId}`)).status).toBe(204)
    }),
  ]
}
