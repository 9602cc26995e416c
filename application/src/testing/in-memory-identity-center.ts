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
  type UserProfile,
} from '@gatehouse/domain'
import type { Directory } from '../ports/directory.ts'
import { type AssignmentStatus, type IdentityCenter, IdentityCenterError } from '../ports/identity-center.ts'

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
  /** Asynchronous requests that AWS has taken. */
  readonly requests: Map<string, { apply: () => void; looks: number }>
  readonly writes: SeenCall[]
  /** How often a request is looked at before it has succeeded; 0 answers at once. */
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

/** Called around every write: before it, it may fail; after it, the answer may be lost. */
export interface Wire {
  before(call: SeenCall): Promise<void>
  after(call: SeenCall): Promise<void>
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
    aws.writes.push(call)
    const result = effect()
    await wire.after(call)
    return result
  }

  const request = (apply: () => void): AssignmentStatus => {
    if (aws.looksNeeded === 0) {
      apply()
      return { status: 'succeeded' }
    }
    const requestId = `request-${aws.requests.size + 1}`
    aws.requests.set(requestId, { apply, looks: aws.looksNeeded })
    return { status: 'in-progress', requestId }
  }
  const held = (key: AwsPrincipalKey): Set<GrantKey> => {
    const grants = aws.assignments.get(key) ?? new Set<GrantKey>()
    aws.assignments.set(key, grants)
    return grants
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
    listAccounts: async () => [...aws.accounts.values()],
    listPermissionSets: async () => [...aws.permissionSets.values()].map(({ arn }) => arn),
    async describePermissionSet(arn) {
      const found = aws.permissionSets.get(arn)
      if (!found) throw new IdentityCenterError('not-found', 'DescribePermissionSet', arn)
      return found
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
    listGroupMembers: async (id) => [...group(id).members],
    listAssignments: async (principal) => new Set(aws.assignments.get(awsPrincipalKey(principal))),
    createAssignment: (assignment) =>
      write('CreateAccountAssignment', aboutAssignment(assignment), () =>
        request(() => held(awsPrincipalKey(assignment.principal)).add(grantKey(assignment))),
      ),
    deleteAssignment: (assignment) =>
      write('DeleteAccountAssignment', aboutAssignment(assignment), () =>
        request(() => held(awsPrincipalKey(assignment.principal)).delete(grantKey(assignment))),
      ),
    async describeAssignmentRequest(_, requestId) {
      const open = aws.requests.get(requestId)
      if (!open) throw new IdentityCenterError('not-found', 'DescribeAccountAssignmentCreationStatus', requestId)
      if (--open.looks > 0) return { status: 'in-progress', requestId }
      if (open.looks === 0) open.apply()
      return { status: 'succeeded', requestId }
    },
    listRequestsInProgress: async () => undefined,
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
