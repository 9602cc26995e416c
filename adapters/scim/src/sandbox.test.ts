import { createGate } from '@gatehouse/application'
import { directoryContract, startSandboxProcess } from '@gatehouse/application/testing'
import type { AwsGroupId, AwsUserId } from '@gatehouse/domain'
import { afterAll, describe, expect, it } from 'vitest'
import { createDirectory } from './directory.ts'

interface World {
  readonly users: readonly {
    id: string
    userName: string
    externalId?: string
    active: boolean
    displayName: string
    name: { givenName: string; familyName: string }
    emails: readonly { value: string }[]
  }[]
  readonly groups: readonly {
    id: string
    displayName: string
    externalId?: string
    members: readonly string[]
  }[]
}

const sandbox = await startSandboxProcess(['--seed', 'empty', '--scim-tps', '1000', '--scim-burst', '1000'])

const silent = { info() {}, warn() {}, error() {} }
const fast = { perSecond: 1_000, burst: 100 }
const gate = createGate({
  log: silent,
  rates: { 'sso-admin': fast, identitystore: fast, organizations: fast, scim: fast },
})
const aDirectory = (token = sandbox.scimToken) =>
  createDirectory({ baseUrl: `${sandbox.scimUrl}/`, token: () => Promise.resolve(token), gate, allowHttp: true })

describe("the sandbox's SCIM endpoint", () => {
  afterAll(() => sandbox[Symbol.asyncDispose]())
  directoryContract(() =>
    Promise.resolve({
      directory: aDirectory(),
      async userOf(userName) {
        const { users } = await sandbox.control<World>('GET', '/world')
        const user = users.find((row) => row.userName === userName)
        return (
          user && {
            id: user.id as AwsUserId, // the control API's own text
            userName,
            givenName: user.name.givenName,
            familyName: user.name.familyName,
            displayName: user.displayName,
            email: user.emails[0]?.value ?? '',
            active: user.active,
            ...(user.externalId === undefined ? {} : { externalId: user.externalId }),
          }
        )
      },
      async groupOf(displayName) {
        const { users, groups } = await sandbox.control<World>('GET', '/world')
        const group = groups.find((row) => row.displayName === displayName)
        const idOf = new Map(users.map(({ id, userName }) => [userName, id as AwsUserId]))
        return (
          group && {
            id: group.id as AwsGroupId, // the control API's own text
            members: new Set(group.members.flatMap((name) => idOf.get(name) ?? [])),
            ...(group.externalId === undefined ? {} : { externalId: group.externalId }),
          }
        )
      },
    }),
  )

  it('refuses a wrong token (D3-out-17)', async () => {
    const call = { lane: 'bulk', signal: new AbortController().signal } as const
    await expect(aDirectory('wrong').check(call)).rejects.toMatchObject({ failure: 'access-denied' })
  })
})
