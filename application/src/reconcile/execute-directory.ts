import {
  type AuditEvent,
  awsPrincipalKey,
  type AwsGroupId,
  type AwsUserId,
  type Instant,
  type Operation,
  type OrganizationId,
  parseGroupKey,
} from '@gatehouse/domain'
import type { Directory, MembershipChange } from '../ports/directory.ts'
import { type CallOptions, IdentityCenterError } from '../ports/identity-center.ts'
import type { MirrorChange, RecordChange, Records } from '../ports/store.ts'
import { groupEvent, membersEvent, userEvent } from './directory-events.ts'

/** What a finished write has changed, to be saved in one commit. */
export interface Outcome {
  readonly records: readonly RecordChange[]
  /** What it changes in a link, which somebody may have decided about while AWS was writing. */
  readonly relink?: (records: Pick<Records, 'userLinks' | 'groupLinks'>) => readonly RecordChange[]
  readonly mirror: readonly MirrorChange[]
  readonly events: readonly AuditEvent[]
}

export type DirectoryOperation = Extract<
  Operation,
  { kind: 'create-user' | 'update-user' | 'delete-user' | 'create-group' | 'rename-group' | 'delete-group' }
>
export type CreationOperation = Extract<Operation, { kind: 'create-user' | 'create-group' }>
export type MemberOperation = Extract<Operation, { kind: 'add-member' | 'remove-member' }>

export interface DirectoryContext {
  readonly directory: Directory
  readonly organization: OrganizationId
  readonly now: Instant
}

/** Carries out one change of a user or a group. @throws IdentityCenterError */
export async function executeDirectoryOperation(
  operation: DirectoryOperation,
  context: DirectoryContext,
  call: CallOptions,
): Promise<Outcome> {
  switch (operation.kind) {
    case 'create-user':
      return createUser(operation, context, call)
    case 'update-user':
      return updateUser(operation, context, call)
    case 'delete-user': {
      await ignoring('not-found', context.directory.deleteUser(operation.awsUser, call))
      return {
        records: [{ delete: 'user-link', organization: context.organization, user: operation.user }],
        mirror: [{ delete: 'user', id: operation.awsUser }],
        events: [userEvent(context, operation.user, operation.userName, 'deleted')],
      }
    }
    case 'create-group':
      return createGroup(operation, context, call)
    case 'rename-group': {
      await context.directory.renameGroup(operation.awsGroup, operation.title, call)
      const { awsGroup, group } = operation
      return {
        records: [],
        relink: ({ groupLinks }) =>
          groupLinks
            .filter(
              (link) =>
                link.organization === context.organization && link.group === group && link.awsGroup === awsGroup,
            )
            .map((link) => ({ put: 'group-link', link: called(operation.title, link) })),
        mirror: [{ put: 'group', group: { id: operation.awsGroup, displayName: operation.title } }],
        events: [groupEvent(context, operation.group, operation.title, 'renamed')],
      }
    }
    case 'delete-group': {
      await ignoring('not-found', context.directory.deleteGroup(operation.awsGroup, call))
      return {
        records: [{ delete: 'group-link', organization: context.organization, group: operation.group }],
        mirror: [{ delete: 'group', id: operation.awsGroup }],
        events: [groupEvent(context, operation.group, operation.title, 'deleted')],
      }
    }
  }
}

type Of<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>

async function createUser(
  operation: Of<'create-user'>,
  context: DirectoryContext,
  call: CallOptions,
): Promise<Outcome> {
  const { user, profile } = operation
  const create = context.directory.createUser(profile, user, call)
  return create.then((awsUser) => createdUser(operation, awsUser, context), orOwn(operation, context, call))
}

function createdUser({ user, profile }: Of<'create-user'>, awsUser: AwsUserId, context: DirectoryContext): Outcome {
  return {
    records: [
      {
        put: 'user-link',
        link: {
          organization: context.organization,
          user,
          awsUser,
          origin: 'created',
          pushed: profile,
          assignmentsAdopted: true,
          userDeleted: false,
        },
      },
    ],
    mirror: [
      {
        put: 'user',
        user: {
          id: awsUser,
          userName: profile.userName,
          displayName: profile.displayName,
          email: profile.email,
          externalId: user,
          active: profile.active,
        },
      },
      { put: 'assignments-read', principal: awsPrincipalKey({ type: 'USER', id: awsUser }), at: context.now },
    ],
    events: [userEvent(context, user, profile.userName, 'created')],
  }
}

async function updateUser(
  operation: Of<'update-user'>,
  context: DirectoryContext,
  call: CallOptions,
): Promise<Outcome> {
  await context.directory.changeUser(operation.awsUser, operation.changes, call)
  const { userName, displayName, email, active } = operation.profile
  const { awsUser, user } = operation
  return {
    records: [],
    relink: ({ userLinks }) =>
      userLinks
        .filter((link) => link.organization === context.organization && link.user === user && link.awsUser === awsUser)
        .map(({ awsUserName, ...link }) => {
          const keeps = awsUserName !== undefined && operation.changes.userName === undefined
          return {
            put: 'user-link',
            link: { ...link, pushed: operation.profile, ...(keeps ? { awsUserName } : {}) },
          }
        }),
    mirror: [
      {
        put: 'user',
        user: { id: operation.awsUser, userName, displayName, email, externalId: operation.user, active },
      },
    ],
    events: [
      userEvent(context, operation.user, userName, operation.changes.active === false ? 'deactivated' : 'changed'),
    ],
  }
}

async function createGroup(
  operation: Of<'create-group'>,
  context: DirectoryContext,
  call: CallOptions,
): Promise<Outcome> {
  const create = context.directory.createGroup(operation.title, operation.group, call)
  return create.then((awsGroup) => createdGroup(operation, awsGroup, context), orOwn(operation, context, call))
}

function createdGroup(
  { group, title, adoptedUnder, replaces }: Of<'create-group'>,
  awsGroup: AwsGroupId,
  context: DirectoryContext,
): Outcome {
  const { list, side } = parseGroupKey(group)
  return {
    records: [
      {
        put: 'group-link',
        link: {
          organization: context.organization,
          group,
          list,
          side,
          awsGroup,
          origin: replaces?.origin ?? 'created',
          pushedTitle: title,
          ...(adoptedUnder === undefined ? {} : { adoptedUnder }),
          contentsAdopted: true,
        },
      },
    ],
    mirror: [
      { put: 'group', group: { id: awsGroup, displayName: title, externalId: group } },
      { put: 'assignments-read', principal: awsPrincipalKey({ type: 'GROUP', id: awsGroup }), at: context.now },
    ],
    events: [groupEvent(context, group, title, 'created')],
  }
}

/** A name that is taken is ours all the same when it carries our id: the answer to an earlier attempt was lost. */
const orOwn =
  (operation: CreationOperation, context: DirectoryContext, call: CallOptions) =>
  async (error: unknown): Promise<Outcome> => {
    if (!(error instanceof IdentityCenterError) || error.failure !== 'name-taken') throw error
    const found = await findCreated(operation, context, call)
    if (found) return found
    const what =
      operation.kind === 'create-user' ? `user "${operation.profile.userName}"` : `group "${operation.title}"`
    const message = `A ${what} exists in Identity Center and is not ours.`
    throw new IdentityCenterError('name-taken', error.operation, message, { cause: error })
  }

/** What a creation with an unknown effect has made: AWS keeps our id with it. @throws IdentityCenterError */
export async function findCreated(
  operation: CreationOperation,
  context: DirectoryContext,
  call: CallOptions,
): Promise<Outcome | undefined> {
  if (operation.kind === 'create-user') {
    const found = await context.directory.findUser(operation.profile.userName, call)
    return found?.externalId === operation.user ? createdUser(operation, found.id, context) : undefined
  }
  const found = await context.directory.findGroup(operation.title, call)
  return found?.externalId === operation.group ? createdGroup(operation, found.id, context) : undefined
}

/** Carries out all changes of one group's members together. */
export async function executeMemberOperations(
  operations: readonly MemberOperation[],
  context: DirectoryContext,
  call: CallOptions,
): Promise<Outcome> {
  const [first] = operations
  const awsGroup = first?.group.awsGroup
  if (!first || awsGroup === undefined) return { records: [], mirror: [], events: [] }
  const idsOf = (kind: MemberOperation['kind']): AwsUserId[] =>
    operations.flatMap((operation) =>
      operation.kind === kind && operation.member.awsUser !== undefined ? [operation.member.awsUser] : [],
    )
  const change: MembershipChange = { add: idsOf('add-member'), remove: idsOf('remove-member') }
  await context.directory.changeMembers(awsGroup, change, call)
  return {
    records: [],
    mirror: [
      ...change.add.map((user): MirrorChange => ({ put: 'member', group: awsGroup, user })),
      ...change.remove.map((user): MirrorChange => ({ delete: 'member', group: awsGroup, user })),
    ],
    events: [membersEvent(context, { ...first.group, awsGroup }, operations)],
  }
}

async function ignoring(failure: IdentityCenterError['failure'], promise: Promise<void>): Promise<void> {
  try {
    await promise
  } catch (error) {
    if (!(error instanceof IdentityCenterError) || error.failure !== failure) throw error
  }
}

/** A title that was given at adoption is one like any other once the group has another name. */
function called(
  title: string,
  { adoptedUnder, ...link }: Records['groupLinks'][number],
): Records['groupLinks'][number] {
  const stays = adoptedUnder !== undefined && title === link.pushedTitle
  return { ...link, pushedTitle: title, ...(stays ? { adoptedUnder } : {}) }
}
