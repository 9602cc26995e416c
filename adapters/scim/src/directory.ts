import { type CallOptions, type Directory, type Gate, IdentityCenterError, sleep } from '@gatehouse/application'
import type { AwsGroupId, AwsUserId, UserProfile } from '@gatehouse/domain'
import { createFreshIds } from './fresh-ids.ts'
import { parseBaseUrl } from './parse-base-url.ts'
import {
  halves,
  type MemberPatch,
  toEmails,
  toMemberOperations,
  toMemberPatches,
  toUserPatches,
} from './patch-operations.ts'
import { fetchFor, type ScimFetch } from './public-fetch.ts'
import { createSendScim, type Pause } from './scim-client.ts'
import {
  parseGroup,
  parsePage,
  parseServiceProviderConfig,
  parseUser,
  SCHEMAS,
  type ScimGroup,
  type ScimUser,
} from './scim-resources.ts'

export interface DirectoryOptions {
  /** As the console shows it, with or without a slash at the end. */
  readonly baseUrl: string
  /** Asked for each attempt, so that a new token is used at once. */
  readonly token: () => Promise<string>
  readonly gate: Gate
  /** Accept http, on loopback only. */
  readonly allowHttp?: boolean
  /** Go into private networks for an address that is not AWS's, too. */
  readonly allowPrivate?: boolean
  readonly fetch?: ScimFetch
  /** How to wait between attempts; in real time unless a test says otherwise. */
  readonly pause?: Pause
}

/**
 * Users and groups of Identity Center by SCIM 2.0, in AWS's dialect.
 * @throws DomainError `invalid-value` for an address that is not https
 */
export function createDirectory(options: DirectoryOptions): Directory {
  const { allowHttp = false, allowPrivate = false } = options
  const baseUrl = parseBaseUrl(options.baseUrl, allowHttp)
  const waiting = options.pause ?? sleep
  const send = createSendScim({
    ...options,
    baseUrl,
    fetch: options.fetch ?? fetchFor(baseUrl, { allowHttp, allowPrivate }),
    pause: waiting,
  })
  const fresh = createFreshIds(waiting)

  async function patch(path: string, ids: readonly string[], operations: readonly object[], call: CallOptions) {
    const operation = path.startsWith('Users/') ? 'PatchUser' : 'PatchGroup'
    const body = { schemas: SCHEMAS.patch, Operations: operations }
    await fresh.retryNotFound(ids, call.signal, () => send({ operation, method: 'PATCH', path, body }, call))
  }

  async function remove(kind: 'User' | 'Group', id: string, call: CallOptions): Promise<void> {
    fresh.forget(id)
    try {
      const path = `${kind}s/${encodeURIComponent(id)}`
      await send({ operation: `Delete${kind}`, method: 'DELETE', path }, call)
    } catch (error) {
      // Gone is what was asked for, be it by an earlier attempt of ours.
      if (!isFailure(error, 'not-found')) throw error
    }
  }

  /** All resources that a filter finds; only `eq` is known to AWS. */
  async function find(kind: 'Users' | 'Groups', attribute: string, value: string, call: CallOptions) {
    const operation = `List${kind}`
    const filter = encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`)
    const found: unknown[] = []
    const seen = new Set<string>()
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const path = `${kind}?cursor${cursor ? `=${encodeURIComponent(cursor)}` : ''}&filter=${filter}`
      const page = parsePage(operation, await send({ operation, method: 'GET', path }, call))
      found.push(...page.resources)
      cursor = page.nextCursor
      if (cursor !== undefined && (seen.has(cursor) || seen.size >= MOST_PAGES))
        throw new IdentityCenterError('unavailable', operation, `${operation}: the server repeats a cursor`)
      if (cursor !== undefined) seen.add(cursor)
    }
    return found
  }

  async function findUserBy(attribute: 'userName' | 'externalId', value: string, call: CallOptions) {
    const users = (await find('Users', attribute, value, call)).map((user) => parseUser('ListUsers', user))
    return users.find((user) => isSame(attribute, user[attribute], value))
  }

  async function findGroupBy(attribute: 'displayName' | 'externalId', value: string, call: CallOptions) {
    const groups = (await find('Groups', attribute, value, call)).map((group) => parseGroup('ListGroups', group))
    return groups.find((group) => isSame(attribute, group[attribute], value))
  }

  async function changeUser(id: AwsUserId, changes: Partial<UserProfile>, call: CallOptions): Promise<void> {
    refuseEmpty('PatchUser', changes)
    for (const operations of toUserPatches(changes))
      await patch(`Users/${encodeURIComponent(id)}`, [id], operations, call)
  }

  async function renameGroup(id: AwsGroupId, displayName: string, call: CallOptions): Promise<void> {
    refuseEmpty('PatchGroup', { displayName })
    const operations = [{ op: 'replace', path: 'displayName', value: displayName }]
    await patch(`Groups/${encodeURIComponent(id)}`, [id], operations, call)
  }

  /** AWS answers 404 for an unknown group and for an unknown member alike. */
  async function groupExists(id: AwsGroupId, call: CallOptions): Promise<boolean> {
    try {
      await send({ operation: 'GetGroup', method: 'GET', path: `Groups/${encodeURIComponent(id)}` }, call)
      return true
    } catch (error) {
      if (isFailure(error, 'not-found')) return false
      throw error
    }
  }

  /** Sends one PATCH; if AWS does not know a member, the others still get what is theirs. Returns unknown additions. */
  async function patchMembers(
    group: AwsGroupId,
    change: MemberPatch,
    call: CallOptions,
    mayBeNew: readonly string[],
  ): Promise<readonly AwsUserId[]> {
    try {
      await patch(`Groups/${encodeURIComponent(group)}`, mayBeNew, toMemberOperations(change), call)
      return []
    } catch (error) {
      if (!isFailure(error, 'not-found') || !(await groupExists(group, call))) throw error
    }
    if (change.remove.length + change.add.length === 1) return change.add
    // The whole has waited for what is new; its parts need not wait again.
    const parts = halves(change)
    return [...(await patchMembers(group, parts[0], call, [])), ...(await patchMembers(group, parts[1], call, []))]
  }

  return {
    async check(call) {
      const operation = 'ServiceProviderConfig'
      parseServiceProviderConfig(operation, await send({ operation, method: 'GET', path: operation }, call))
    },

    async findUser(userName, call) {
      const user = await findUserBy('userName', userName, call)
      return user && { id: user.id, ...(user.externalId ? { externalId: user.externalId } : {}) }
    },

    async createUser(profile, externalId, call) {
      refuseEmpty('CreateUser', profile)
      const operation = 'CreateUser'
      try {
        const body = toUserResource(profile, externalId)
        const made = parseUser(operation, await send({ operation, method: 'POST', path: 'Users', body }, call))
        return fresh.note(made.id)
      } catch (error) {
        if (!isFailure(error, 'name-taken')) throw error
        const ours = await fresh.retryMissing(call.signal, () => findUserBy('externalId', externalId, call))
        if (!ours) throw error
        // An earlier attempt made it, perhaps with another profile.
        fresh.note(ours.id)
        await changeUser(ours.id, differences(profile, ours), call)
        return ours.id
      }
    },

    changeUser,
    deleteUser: (id, call) => remove('User', id, call),

    async findGroup(displayName, call) {
      const group = await findGroupBy('displayName', displayName, call)
      return group && { id: group.id, ...(group.externalId ? { externalId: group.externalId } : {}) }
    },

    async createGroup(displayName, externalId, call) {
      refuseEmpty('CreateGroup', { displayName })
      const operation = 'CreateGroup'
      try {
        const body = { schemas: SCHEMAS.group, displayName, externalId }
        const made = parseGroup(operation, await send({ operation, method: 'POST', path: 'Groups', body }, call))
        return fresh.note(made.id)
      } catch (error) {
        if (!isFailure(error, 'name-taken')) throw error
        const ours: ScimGroup | undefined = await fresh.retryMissing(call.signal, () =>
          findGroupBy('externalId', externalId, call),
        )
        if (!ours) throw error
        fresh.note(ours.id)
        if (ours.displayName !== displayName) await renameGroup(ours.id, displayName, call)
        return ours.id
      }
    },

    renameGroup,
    deleteGroup: (id, call) => remove('Group', id, call),

    async changeMembers(group, change, call) {
      const unknown: AwsUserId[] = []
      for (const part of toMemberPatches(change))
        unknown.push(...(await patchMembers(group, part, call, [group, ...part.remove, ...part.add])))
      if (unknown.length > 0)
        throw new IdentityCenterError(
          'invalid',
          'PatchGroup',
          `PatchGroup: AWS does not know the member${unknown.length > 1 ? 's' : ''} ${unknown.slice(0, 5).join(', ')}`,
        )
    },
  }
}

/** More than 100,000 users in pages of 100. */
const MOST_PAGES = 2_000

const isFailure = (error: unknown, failure: IdentityCenterError['failure']): boolean =>
  error instanceof IdentityCenterError && error.failure === failure

/** Names are compared ignoring case; a server that ignores the filter must not give us somebody else. */
function isSame(attribute: string, found: string | undefined, wanted: string): boolean {
  if (attribute === 'externalId') return found === wanted
  return found?.toLowerCase() === wanted.toLowerCase()
}

/** AWS refuses empty names and control characters with a text that names no field. @throws IdentityCenterError `invalid` */
function refuseEmpty(operation: string, names: Partial<UserProfile>): void {
  for (const field of ['userName', 'givenName', 'familyName', 'displayName'] as const) {
    const value = names[field]
    if (value === undefined) continue
    if (value.trim() === '') throw new IdentityCenterError('invalid', operation, `${operation}: ${field} is empty`)
    if (/\p{Cc}/u.test(value))
      throw new IdentityCenterError('invalid', operation, `${operation}: ${field} holds a control character`)
  }
}

const toUserResource = (profile: UserProfile, externalId: string) => ({
  schemas: SCHEMAS.user,
  externalId,
  userName: profile.userName,
  name: { givenName: profile.givenName, familyName: profile.familyName },
  displayName: profile.displayName,
  active: profile.active,
  ...(profile.email ? { emails: toEmails(profile.email) } : {}),
})

function differences(profile: UserProfile, found: ScimUser): Partial<UserProfile> {
  return {
    ...(profile.userName === found.userName ? {} : { userName: profile.userName }),
    ...(profile.givenName === found.name?.givenName ? {} : { givenName: profile.givenName }),
    ...(profile.familyName === found.name?.familyName ? {} : { familyName: profile.familyName }),
    ...(profile.displayName === found.displayName ? {} : { displayName: profile.displayName }),
    ...(profile.email === (found.emails?.[0]?.value ?? '') ? {} : { email: profile.email }),
    ...(profile.active === (found.active ?? true) ? {} : { active: profile.active }),
  }
}
