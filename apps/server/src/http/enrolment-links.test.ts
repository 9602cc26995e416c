import { inviteLockedOut } from '@gatehouse/application'
import { type AwsUserId, DomainError, explain, type ObservedUser } from '@gatehouse/domain'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'

type Previews = Parameters<typeof inviteLockedOut>[0]['previews']
type Preview = Awaited<ReturnType<Previews['of']>>

const { signal } = new AbortController()
const NAME = 'acme'
const BOB = 'bob@acme.example'

const ROLES = `kind: role
version: v8
metadata: {name: installer}
spec:
  allow:
    rules:
      - {resources: [plugin, integration], verbs: ['*']}
      - {resources: [user], verbs: [create]}
      - resources: [user]
        verbs: [update]
        where: 'resource.metadata.labels["team"] == "web"'
`
const user = (name: string, role: string, labels = ''): string =>
  `kind: user\nversion: v2\nmetadata: {name: ${name}@acme.example${labels}}\nspec: {roles: [${role}]}\n`

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  const ana = await server.signIn()
  const documents = [
    ROLES,
    user('bob', 'installer'),
    user('carl', 'editor'),
    user('webby', 'access', ', labels: {team: web}'),
  ]
  await ana.applyDocuments({ body: { text: documents.join('---\n'), mode: 'replace' } })
  await ana.startEnrolment({ body: { name: NAME } })
  const body = {
    region: 'eu-west-1',
    instanceArn: 'arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6',
    roleArn: 'arn:aws:iam::111122223333:role/gatehouse',
  }
  await ana.editEnrolment({ params: { name: NAME }, body })
})
afterAll(() => server?.[Symbol.asyncDispose]())

const invite = (names: readonly string[], after?: string) => inviteSome(names, { after })

async function inviteSome(
  names: readonly string[],
  wanted: readonly string[] | { readonly after: string | undefined },
) {
  const users = names.map((name): ObservedUser => ({
    id: name as AwsUserId, // AWS's ids are opaque
    userName: `${name}@acme.example`,
    displayName: name,
    email: `${name}@acme.example`,
    active: true,
  }))
  const preview = { users: async () => users } satisfies Partial<Preview>
  const previews = { of: async () => preview as unknown as Preview, forget: () => undefined } // only users are asked for
  const bob = (await server.ports.records.read(signal)).users.find(({ name }) => name === BOB)
  if (!bob) throw new Error('no Bob')
  const command = {
    actor: { kind: 'user', user: bob.id, assumed: [] },
    name: NAME,
    users: wanted,
    roles: ['access'],
  } as const
  return inviteLockedOut({ ...server.ports, previews }, command, signal)
}

it('gives the links that were made although one of them is refused, and says whom', async () => {
  const { invited, failed } = await invite(['new1', 'webby', 'carl', 'new2'])
  expect(invited.map((one) => [one.user, one.isNew])).toEqual([
    ['new1@acme.example', true],
    ['new2@acme.example', true],
    ['webby@acme.example', false],
  ])
  expect(failed).toEqual([{ user: 'carl@acme.example', message: expect.stringContaining('"update" on "user"') }])
})

it('is refused as a whole when nothing of it is allowed', async () => {
  await expect(invite(['carl'])).rejects.toMatchObject({ problem: { code: 'refused' } })
})

it('goes on after the last name, for whoever has a link has not used it yet', async () => {
  const names = Array.from({ length: 203 }, (_, at) => `many${String(at).padStart(3, '0')}`)
  const first = await invite(names)
  expect(first).toMatchObject({ remaining: 3, next: 'many199@acme.example', invited: { length: 200 } })
  const second = await invite(names, first.next)
  expect(second.invited.map(({ user }) => user)).toEqual(names.slice(200).map((name) => `${name}@acme.example`))
  expect(second).toMatchObject({ remaining: 0, next: undefined })
})

it('says of a name that is none of those who need a link what helps', async () => {
  const problemOf = async (name: string) =>
    inviteSome(['late'], [name]).then(
      () => undefined,
      (error: unknown) => error instanceof DomainError && explain(error.problem),
    )
  expect(await problemOf('zoe@globex.example')).toEqual({
    message: 'users: there is no person who needs a link "zoe@globex.example".',
    remedy: expect.stringContaining('Whoever can sign in here already needs none'),
  })
  expect(await problemOf('lates@acme.example')).toMatchObject({ remedy: 'Did you mean "late@acme.example"?' })
})

it('asks for names or for everybody, and says which of the two is wrong', async () => {
  const ana = await server.signIn()
  const ask = async (body: { users?: string[]; all?: boolean }): Promise<unknown> =>
    ana.inviteLockedOut({ params: { name: NAME }, body }).catch((error: unknown) => error)
  expect(await ask({ users: ['eva@acme.example'], all: true })).toMatchObject({
    status: 400,
    field: 'body.all',
    message: 'body.all: it means everybody, and names are given as well.',
    remedy: 'Leave "users" or "all" out.',
  })
  expect(await ask({})).toMatchObject({ status: 400, field: 'body.users', remedy: expect.stringContaining('"all"') })
})
