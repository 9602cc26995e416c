import {
  type Account,
  type AccountAssignment,
  type AwsGroupId,
  type AwsPrincipalKey,
  awsPrincipalKey,
  type AwsUserId,
  type GrantKey,
  grantKey,
  type PermissionSet,
  type PermissionSetArn,
  type PermissionSetPolicies,
  type UserProfile,
} from '@gatehouse/domain'
import type { Directory } from '../ports/directory.ts'
import {
  type AssignmentStatus,
  type IdentityCenter,
  IdentityCenterError,
  type UnitPath,
} from '../ports/identity-center.ts'

/** One call that reached AWS, in order. */
export interface SeenCall {
  readonly operation: string
  readonly about: string
}

/** What AWS holds, in memory: one world that several engines may look at, one after another. */
export interface InMemoryAws {
  readonly accounts: Map<string, Account>
  readonly permissionSets: Map<string, PermissionSet>
  readonly users: Map<AwsUserId, { profile: UserProfile; externalId?: string }>
  readonly groups: Map<AwsGroupId, { displayName: string; externalId?: string; members: Set<AwsUserId> }>
  readonly assignments: Map<AwsPrincipalKey, Set<GrantKey>>
  /** All organizational units; without them, the permission to read them is missing. */
  units?: readonly UnitPath[]
  /** What the sets allow; without it, the permission to read that is missing. */
  policies?: Map<PermissionSetArn, PermissionSetPolicies>
  /** Asynchronous requests that AWS has taken; `looks` counts down to its effect. */
  readonly requests: Map<string, { about: string; apply: () => void; looks: number }>
  readonly writes: SeenCall[]
  /** How often a request is looked at, or AWS is written to, before it has succeeded; 0 answers at once. */
  looksNeeded: number
}

export const createInMemoryAws = (catalogue: {
  accounts: readonly Account[]
  permissionSets: readonly PermissionSet[]
}): InMemoryAws => ({
  accounts: new Map(catalogue.accounts.map((account) => [account.id, account])),
  permissionSets: new Map(catalogue.permissionSets.map((set) => [set.arn, set])),
  users: new Map(),
  groups: new Map(),
  assignments: new Map(),
  requests: new Map(),
  writes: [],
  looksNeeded: 0,
})

function asListed(account: Account): Account {
  const { tags: _, parents, ...listed } = account
  return parents ? { ...listed, parents: parents.map(({ id }) => ({ id })) } : listed
}

const NO_POLICIES: PermissionSetPolicies = { managedPolicies: [], customerManagedPolicies: [] }

/** Called around every write: before it, it may fail; after it, the answer may be lost. */
export interface Wire {
  before(call: SeenCall): Promise<void>
  after(call: SeenCall): Promise<void>
  /** Called before a read of what an optional permission takes; it may fail. */
  beforeRead?(call: SeenCall): Promise<void>
  /** Why AWS, having taken a request, fails it in the end. */
  refuses?(call: SeenCall): string | undefined
}

const WHOLE: Wire = { before: async () => {}, after: async () => {} }

/** Identity Center and its directory over one world, through a wire that a test may cut. */
export function connectInMemory(
  aws: InMemoryAws,
  wire: Wire = WHOLE,
): { identityCenter: IdentityCenter; directory: Directory } {
  const write = async <T>(operation: string, about: string, effect: () => T): Promise<T> => {
    const call = { operation, about }
    await wire.before(call)
    for (const request of aws.requests.values()) proceed(request)
    const result = effect()
    aws.writes.push(call)
    await wire.after(call)
    return result
  }

  const proceed = (request: { apply: () => void; looks: number }): void => {
    if (--request.looks === 0) request.apply()
  }
  const change = (principal: AwsPrincipalKey, grant: GrantKey, kind: 'create' | 'delete') => (): void => {
    const grants = aws.assignments.get(principal) ?? new Set<GrantKey>()
    aws.assignments.set(principal, grants)
    if (kind === 'create') grants.add(grant)
    else grants.delete(grant)
  }
  const request = (assignment: AccountAssignment, kind: 'create' | 'delete'): AssignmentStatus => {
    const { principal } = assignment
    const about = aboutAssignment(assignment)
    if (aws.requests.values().some((open) => open.about === about && open.looks > 0))
      throw new IdentityCenterError('conflict', 'AccountAssignment', about)
    const isThere = principal.type === 'USER' ? aws.users.has(principal.id) : aws.groups.has(principal.id)
    if (!isThere && kind === 'create') throw new IdentityCenterError('not-found', 'CreateAccountAssignment', about)
    const operation = kind === 'create' ? 'CreateAccountAssignment' : 'DeleteAccountAssignment'
    const reason = wire.refuses?.({ operation, about })
    if (reason !== undefined) return { status: 'failed', reason }
    const apply = change(awsPrincipalKey(principal), grantKey(assignment), kind)
    if (aws.looksNeeded === 0) {
      apply()
      return { status: 'succeeded' }
    }
    const requestId = `request-${aws.requests.size + 1}`
    aws.requests.set(requestId, { about, apply, looks: aws.looksNeeded })
    return { status: 'in-progress', requestId }
  }
  const aboutAssignment = (assignment: AccountAssignment): string =>
    `${awsPrincipalKey(assignment.principal)} ${grantKey(assignment)}`
  const group = (id: AwsGroupId) => {
    const found = aws.groups.get(id)
    if (!found) throw new IdentityCenterError('not-found', 'group', `no group ${id}`)
    return found
  }

  const identityCenter: IdentityCenter = {
    describeInstance: async () => ({
      instanceArn: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
      identityStoreId: 'd-0123456789',
    }),
    // What AWS lists with an account is where it lies, and no names and tags.
    listAccounts: async () => [...aws.accounts.values()].map(asListed),
    async listOrganizationalUnits() {
      await wire.beforeRead?.({ operation: 'ListOrganizationalUnitsForParent', about: '' })
      return aws.units
    },
    listAccountsInUnit: async (unit) =>
      [...aws.accounts.values()].filter(({ parents }) => parents?.[0]?.id === unit).map(({ id }) => id),
    async listAccountTags(id) {
      await wire.beforeRead?.({ operation: 'ListTagsForResource', about: id })
      const found = aws.accounts.get(id)
      if (!found) throw new IdentityCenterError('not-found', 'ListTagsForResource', id)
      return found.tags
    },
    listPermissionSets: async () => [...aws.permissionSets.values()].map(({ arn }) => arn),
    async describePermissionSet(arn) {
      const found = aws.permissionSets.get(arn)
      if (!found) throw new IdentityCenterError('not-found', 'DescribePermissionSet', arn)
      return found
    },
    async readPermissionSet(arn) {
      const found = aws.permissionSets.get(arn)
      if (!found) throw new IdentityCenterError('not-found', 'DescribePermissionSet', arn)
      const policies = aws.policies?.get(arn) ?? NO_POLICIES
      return { ...found, ...(aws.policies ? { policies } : {}) }
    },
    listUsers: async () =>
      [...aws.users].map(([id, { profile, externalId }]) => ({
        id,
        userName: profile.userName,
        displayName: profile.displayName,
        email: profile.email,
        active: profile.active,
        ...(externalId === undefined ? {} : { externalId }),
      })),
    listGroups: async () =>
      [...aws.groups].map(([id, { displayName, externalId }]) => ({
        id,
        displayName,
        ...(externalId === undefined ? {} : { externalId }),
      })),
    async listGroupMembers(id) {
      await wire.beforeRead?.({ operation: 'ListGroupMemberships', about: id })
      return [...group(id).members]
    },
    listAssignments: async (principal) => new Set(aws.assignments.get(awsPrincipalKey(principal))),
    createAssignment: (assignment) =>
      write('CreateAccountAssignment', aboutAssignment(assignment), () => request(assignment, 'create')),
    deleteAssignment: (assignment) =>
      write('DeleteAccountAssignment', aboutAssignment(assignment), () => request(assignment, 'delete')),
    async describeAssignmentRequest(_, requestId) {
      const open = aws.requests.get(requestId)
      if (!open) throw new IdentityCenterError('not-found', 'DescribeAccountAssignmentCreationStatus', requestId)
      proceed(open)
      return open.looks > 0 ? { status: 'in-progress', requestId } : { status: 'succeeded', requestId }
    },
    async listRequestsInProgress() {
      const open = [...aws.requests].filter(([, { looks }]) => looks > 0)
      for (const [, request] of open) proceed(request)
      return new Set(open.filter(([, { looks }]) => looks > 0).map(([requestId]) => requestId))
    },
  }

  const directory: Directory = {
    check: async () => {},
    async findUser(userName) {
      const found = [...aws.users].find(([, { profile }]) => profile.userName.toLowerCase() === userName.toLowerCase())
      return (
        found && { id: found[0], ...(found[1].externalId === undefined ? {} : { externalId: found[1].externalId }) }
      )
    },
    createUser: (profile, externalId) =>
      write('CreateUser', profile.userName, () => {
        if (
          [...aws.users.values()].some((user) => user.profile.userName.toLowerCase() === profile.userName.toLowerCase())
        )
          throw new IdentityCenterError('name-taken', 'CreateUser', profile.userName)
        const id = `aws-user-${externalId}-${aws.writes.length}` as AwsUserId // made up here, as AWS makes up its own
        aws.users.set(id, { profile, externalId })
        return id
      }),
    changeUser: (id, changes) =>
      write('PatchUser', id, () => {
        const user = aws.users.get(id)
        if (!user) throw new IdentityCenterError('not-found', 'PatchUser', id)
        aws.users.set(id, { ...user, profile: { ...user.profile, ...changes } })
      }),
    deleteUser: (id) =>
      write('DeleteUser', id, () => {
        aws.users.delete(id)
        for (const { members } of aws.groups.values()) members.delete(id)
      }),
    async findGroup(displayName) {
      const found = [...aws.groups].find(([, one]) => one.displayName.toLowerCase() === displayName.toLowerCase())
      return (
        found && { id: found[0], ...(found[1].externalId === undefined ? {} : { externalId: found[1].externalId }) }
      )
    },
    createGroup: (displayName, externalId) =>
      write('CreateGroup', displayName, () => {
        if ([...aws.groups.values()].some((one) => one.displayName.toLowerCase() === displayName.toLowerCase()))
          throw new IdentityCenterError('name-taken', 'CreateGroup', displayName)
        const id = `aws-group-${displayName}-${aws.writes.length}` as AwsGroupId // made up here, as AWS makes up its own
        aws.groups.set(id, { displayName, externalId, members: new Set() })
        return id
      }),
    renameGroup: (id, displayName) =>
      write('PatchGroup', id, () => void aws.groups.set(id, { ...group(id), displayName })),
    deleteGroup: (id) => write('DeleteGroup', id, () => void aws.groups.delete(id)),
    changeMembers: (id, { add, remove }) =>
      write('PatchGroup', `${id} +${add.join(',')} -${remove.join(',')}`, () => {
        const { members } = group(id)
        for (const user of add) members.add(user)
        for (const user of remove) members.delete(user)
      }),
  }
  return { identityCenter, directory }
}
