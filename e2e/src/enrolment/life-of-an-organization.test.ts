import { ApiProblem } from '@gatehouse/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectSaml } from '../harness/connect-saml.ts'
import { enrol, ORGANIZATION, untilAdopted } from '../harness/enrol.ts'
import { ADMIN, type EnrolmentWorld, startEnrolmentWorld } from './enrolment-world.ts'

const params = { name: ORGANIZATION }

let world: EnrolmentWorld
beforeAll(async () => {
  world = await startEnrolmentWorld('generated:6x3x8x3x4')
  const { client, server, sandbox } = world
  await enrol({ client, server, sandbox, owner: ADMIN })
  await untilAdopted(client)
  await connectSaml(client, sandbox)
})
afterAll(() => world?.[Symbol.asyncDispose]())

const problemOf = async (call: Promise<unknown>): Promise<ApiProblem> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ApiProblem) return error
  throw new Error(`no problem, but ${String(error)}`)
}

describe('the SCIM token of an organization', () => {
  it('is replaced by one that AWS takes, and stays while the new one is not taken', async () => {
    const { client, sandbox } = world
    const wrong = await problemOf(client.rotateScimToken({ params, body: { scimToken: 'not-a-token' } }))
    expect(wrong).toMatchObject({ status: 400, field: 'scimToken' })
    expect(wrong.message).not.toContain('not-a-token')
    await sandbox.control.addFault({ kind: 'error', service: 'scim', code: 'InternalServerException', status: 500 })
    const trouble = client.rotateScimToken({ params, body: { scimToken: sandbox.scimToken } })
    expect(await problemOf(trouble)).toMatchObject({ status: 502 })
    await sandbox.control.clearFaults()
    await client.rotateScimToken({ params, body: { scimToken: sandbox.scimToken } })
    const { items } = await client.listAuditEvents({ query: { event: 'plugin.update' } })
    expect(items[0]?.fields).toMatchObject({ rotated: 'scim_token' })
    expect(JSON.stringify(items)).not.toContain(sandbox.scimToken)
  })
})

describe('the settings of an organization', () => {
  it('are shown with their effect before they are saved', async () => {
    const { client } = world
    const [account] = (await world.sandbox.control.world()).accounts
    const accountFilter = [{ match: 'exclude', field: 'id', pattern: account?.id ?? '' }] as const
    const preview = await client.previewSettings({ params, body: { accountFilter: [...accountFilter] } })
    expect(preview.effects.join('\n')).toContain(`1 accounts leave the filter`)
    expect(preview.effects.join('\n')).toContain(account?.name)
    expect(preview.plan.operations.filter(({ removes }) => removes)).toEqual([])
    expect((await client.getOrganization({ params })).accountFilter).toEqual([])
    const users = await client.previewSettings({ params, body: { userFilter: [{ team: 'nobody' }] } })
    expect(users.effects.join('\n')).toContain('users leave the filter')
    const saved = await client.editOrganization({
      params,
      body: { userFilter: [{ team: 'cloud' }], driftPolicy: { 'member-added': 'report' }, defaultOwners: [ADMIN] },
    })
    expect(saved).toMatchObject({ userFilter: [{ team: 'cloud' }], driftPolicy: { 'member-added': 'report' } })
    expect(saved.driftPolicy['member-removed']).toBe('revert')
    await client.editOrganization({ params, body: { userFilter: [] } })
  })
})
