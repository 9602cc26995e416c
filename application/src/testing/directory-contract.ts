import type { AwsGroupId, AwsUserId, UserProfile } from '@gatehouse/domain'
import { expect, it } from 'vitest'
import type { Directory } from '../ports/directory.ts'
import { type CallOptions, IdentityCenterError } from '../ports/identity-center.ts'

/** A directory, and what somebody other than the port under test sees in it. */
export interface DirectoryUnderTest {
  readonly directory: Directory
  readonly userOf: (userName: string) => Promise<SeenUser | undefined>
  readonly groupOf: (displayName: string) => Promise<SeenGroup | undefined>
}

export interface SeenUser extends UserProfile {
  readonly id: AwsUserId
  readonly externalId?: string
}

export interface SeenGroup {
  readonly id: AwsGroupId
  readonly externalId?: string
  readonly members: ReadonlySet<AwsUserId>
}

const call: CallOptions = { lane: 'bulk', signal: new AbortController().signal }

/** What every directory has to do. Names are drawn, so that the tests can share one. */
export function directoryContract(open: () => Promise<DirectoryUnderTest>): void {
  let drawn = 0
  const draw = (): string => `contract-${(drawn += 1)}-${Date.now().toString(36)}`
  const aProfile = (changes: Partial<UserProfile> = {}): UserProfile => {
    const name = `${draw()}@example.com`
    const names = { userName: name, givenName: 'Ana María', familyName: 'Łopez', displayName: `Ana ${name}` }
    return { ...names, email: name, active: true, ...changes }
  }

  it('answers when its address and token are good', async () => {
    const { directory } = await open()
    await expect(directory.check(call)).resolves.toBeUndefined()
  })

  it('makes a user as told, finds it in any case of its name, and deletes it', async () => {
    const { directory, userOf } = await open()
    const profile = aProfile()
    const externalId = draw()
    const id = await directory.createUser(profile, externalId, call)
    expect(await userOf(profile.userName)).toEqual({ ...profile, id, externalId })
    expect(await directory.findUser(profile.userName.toUpperCase(), call)).toEqual({ id, externalId })
    await directory.deleteUser(id, call)
    expect(await userOf(profile.userName)).toBeUndefined()
    expect(await directory.findUser(profile.userName, call)).toBeUndefined()
  })

  it('makes the same user once, however often it is told', async () => {
    const { directory, userOf } = await open()
    const [profile, externalId] = [aProfile(), draw()]
    const id = await directory.createUser(profile, externalId, call)
    expect(await directory.createUser({ ...profile, displayName: 'Another name' }, externalId, call)).toBe(id)
    expect((await userOf(profile.userName))?.displayName).toBe('Another name')
  })

  it('never takes over a user of that name', async () => {
    const { directory, userOf } = await open()
    const profile = aProfile()
    const id = await directory.createUser(profile, draw(), call)
    expect(await failureOf(directory.createUser({ ...profile, displayName: 'X' }, draw(), call))).toBe('name-taken')
    expect(await userOf(profile.userName)).toMatchObject({ id, displayName: profile.displayName })
  })

  it('changes what is told, all of it at once too, and nothing else', async () => {
    const { directory, userOf } = await open()
    const profile = aProfile()
    const id = await directory.createUser(profile, draw(), call)
    await directory.changeUser(id, { familyName: 'Ruiz' }, call)
    expect(await userOf(profile.userName)).toMatchObject({ ...profile, familyName: 'Ruiz' })
    const other = aProfile({ givenName: 'Eva', active: false })
    await directory.changeUser(id, other, call)
    expect(await userOf(other.userName)).toMatchObject({ ...other, id })
    await directory.changeUser(id, { active: true }, call)
    expect((await userOf(other.userName))?.active).toBe(true)
  })

  it('finds names with quotes, backslashes and letters of any script', async () => {
    const { directory } = await open()
    const displayName = `"O\\'Neil" & Söhne 株式会社 ${draw()}`
    const id = await directory.createGroup(displayName, draw(), call)
    expect(await directory.findGroup(displayName, call)).toMatchObject({ id })
  })

  it('makes a group once, renames it under the same id, and never takes one over', async () => {
    const { directory, groupOf } = await open()
    const [name, other, externalId] = [draw(), draw(), draw()]
    const id = await directory.createGroup(name, externalId, call)
    expect(await directory.createGroup(name, externalId, call)).toBe(id)
    await directory.renameGroup(id, other, call)
    expect(await groupOf(other)).toMatchObject({ id, externalId })
    expect(await groupOf(name)).toBeUndefined()
    expect(await failureOf(directory.createGroup(other, draw(), call))).toBe('name-taken')
    const third = await directory.createGroup(name, draw(), call)
    expect(await failureOf(directory.renameGroup(third, other, call))).toBe('name-taken')
  })

  it('adds and removes more members than fit in one request, and may be told twice', async () => {
    const { directory, groupOf } = await open()
    const name = draw()
    const group = await directory.createGroup(name, draw(), call)
    const users: AwsUserId[] = []
    for (let i = 0; i < 105; i += 1) users.push(await directory.createUser(aProfile(), draw(), call))
    await directory.changeMembers(group, { add: users, remove: [] }, call)
    expect((await groupOf(name))?.members).toEqual(new Set(users))
    const change = { add: users.slice(100), remove: users.slice(0, 100) }
    await directory.changeMembers(group, change, call)
    await directory.changeMembers(group, change, call)
    expect((await groupOf(name))?.members).toEqual(new Set(users.slice(100)))
  })

  it('adds the members that AWS knows, and says which it does not', async () => {
    const { directory, groupOf } = await open()
    const name = draw()
    const group = await directory.createGroup(name, draw(), call)
    const known = await directory.createUser(aProfile(), draw(), call)
    const gone = await directory.createUser(aProfile(), draw(), call)
    await directory.deleteUser(gone, call)
    expect(await failureOf(directory.changeMembers(group, { add: [gone, known], remove: [] }, call))).toBe('invalid')
    expect((await groupOf(name))?.members).toEqual(new Set([known]))
    await directory.changeMembers(group, { add: [], remove: [gone, known] }, call)
    expect((await groupOf(name))?.members).toEqual(new Set())
  })

  it('says not-found for a user or group that is gone, and has deleted what is gone already', async () => {
    const { directory } = await open()
    const user = await directory.createUser(aProfile(), draw(), call)
    const group = await directory.createGroup(draw(), draw(), call)
    for (let twice = 0; twice < 2; twice += 1) {
      await directory.deleteUser(user, call)
      await directory.deleteGroup(group, call)
    }
    expect(await failureOf(directory.changeUser(user, { active: false }, call))).toBe('not-found')
    expect(await failureOf(directory.renameGroup(group, draw(), call))).toBe('not-found')
    expect(await failureOf(directory.changeMembers(group, { add: [user], remove: [] }, call))).toBe('not-found')
  })
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'did not fail',
    (error: unknown) => (error instanceof IdentityCenterError ? error.failure : 'a bug'),
  )
}
